"""What people fill in about surveys."""

from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length

from helpdesk.surveys.answers import LONGEST_COMMENT
from helpdesk.surveys.languages import Words
from helpdesk.surveys.models import Scale
from helpdesk.surveys.questions import Asking
from helpdesk.surveys.wishes import Wish


class AnswerForm(FlaskForm):
    """A score, reasons and a comment. Its signed link authorises it, no cookie does."""

    class Meta:
        csrf = False

    score = IntegerField("Score")
    reasons = SelectMultipleField("Reasons", validate_choice=False)
    comment = TextAreaField("Comment")

    def check(self, ask: Asking) -> bool:
        """Whether it answers the question; what is wrong is said in the reader's language."""
        words, comment = ask.words, self.comment.data or ""
        self.score.errors, self.comment.errors = [], []
        if ask.invitation.survey.has_scores:
            if self.score.data not in ask.invitation.survey.scores:
                self.score.errors = [words("page.choose")]
        elif not comment.strip():
            self.comment.errors = [words("page.write")]
        if len(comment) > LONGEST_COMMENT:
            self.comment.errors = [words("page.too_long", most=f"{LONGEST_COMMENT:,}")]
        return not (self.score.errors or self.comment.errors)

    def chosen(self, ask: Asking) -> int:
        """The score, after `check`."""
        if ask.invitation.survey.scale is Scale.WORDS:
            return ask.invitation.survey.scores[0]
        return int(self.score.data or 0)


class WishForm(FlaskForm):
    """When to be asked, by somebody who is signed in."""

    wish = RadioField(
        "When may we ask you how it went?",
        [InputRequired("Please choose one.")],
        choices=[SelectChoice(wish.value, wish.words) for wish in Wish],
    )

    def say(self, words: Words) -> None:
        """Offer the choices in a language."""
        self.wish.choices = [SelectChoice(w.value, words(f"wishes.{w.value}")) for w in Wish]
        self.wish.label.text = words("wishes.question")


class LinkedWishForm(WishForm):
    """The same by a signed link; no cookie authorises it."""

    class Meta:
        csrf = False


CAUSES = {
    "slow": "It took too long",
    "not_solved": "It was not solved",
    "unfriendly": "We were unfriendly",
    "unclear": "We were hard to understand",
    "product": "The product itself",
    "price": "The price",
    "misunderstanding": "A misunderstanding",
    "other": "Something else",
}
OUTCOMES = {
    "solved": "Solved now",
    "explained": "Explained",
    "made_good": "Made good",
    "passed_on": "Passed on, to be changed",
    "unreached": "They could not be reached",
    "nothing": "Nothing could be done",
}


class FollowUpForm(FlaskForm):
    """What became of an unhappy answer."""

    cause = SelectField(
        "Why were they unhappy?",
        [DataRequired("Please choose a cause.")],
        choices=[SelectChoice("", "Choose …"), *(SelectChoice(*pair) for pair in CAUSES.items())],
    )
    outcome = SelectField(
        "What became of it?",
        [DataRequired("Please choose an outcome.")],
        choices=[SelectChoice("", "Choose …"), *(SelectChoice(*pair) for pair in OUTCOMES.items())],
    )
    told = TextAreaField("What the customer reads", [Length(max=2000)])
    reopen = BooleanField("Open the ticket again")
