"""What people fill in about surveys."""

from flask_wtf import FlaskForm
from wtforms import IntegerField, RadioField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from helpdesk.surveys.answers import LONGEST_COMMENT
from helpdesk.surveys.wishes import Wish


class AnswerForm(FlaskForm):
    """A score and a comment. Its signed link authorises it, no cookie does."""

    class Meta:
        csrf = False

    score = IntegerField("Your score", [InputRequired("Please choose one of the scores.")])
    comment = TextAreaField(
        "Comment",
        [
            Length(
                max=LONGEST_COMMENT,
                message=f"Your comment is too long; {LONGEST_COMMENT:,} characters are possible.",
            )
        ],
    )


class WishForm(FlaskForm):
    """When to be asked, by somebody who is signed in."""

    wish = RadioField(
        "When may we ask you how it went?",
        [InputRequired("Please choose one.")],
        choices=[SelectChoice(wish.value, wish.words) for wish in Wish],
    )


class LinkedWishForm(WishForm):
    """The same by a signed link; no cookie authorises it."""

    class Meta:
        csrf = False
