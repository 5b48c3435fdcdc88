"""What people fill in about surveys."""

from collections.abc import Mapping
from typing import Any

from flask import request
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    FileField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    TimeField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

from helpdesk.surveys.answers import LONGEST_COMMENT
from helpdesk.surveys.designs import Design
from helpdesk.surveys.languages import Words, languages
from helpdesk.surveys.models import Kind, Scale, Survey
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


KINDS = {
    "csat": "CSAT: how was our help",
    "nps": "NPS: would they recommend us",
    "ces": "CES: how easy was it",
    "free": "A free question",
}
SCALES = {
    "numbers": "Numbers",
    "stars": "Stars",
    "faces": "Faces",
    "thumbs": "Thumbs",
    "words": "Words alone, no score",
}
SPANS = {"1-5": "1 to 5", "0-10": "0 to 10", "1-7": "1 to 7"}
TEXT_LABELS = {
    "question": "Question",
    "comment_label": "Beside the comment",
    "low_label": "At the low end",
    "high_label": "At the high end",
}


def _choices(words: Mapping[str, str]) -> list[SelectChoice]:
    return [SelectChoice(value, label) for value, label in words.items()]


class DesignForm(FlaskForm):
    """How a question is to be asked. The texts of each language are further fields, called
    "de-question" and so on, and reasons stand one on a line."""

    title = StringField("Name, for us", [InputRequired("It needs a name."), Length(max=60)])
    kind = SelectField("Kind", choices=_choices(KINDS))
    scale = SelectField("How the scores look", choices=_choices(SCALES))
    span = SelectField("Scores", choices=_choices(SPANS))

    @classmethod
    def of(cls, survey: Survey) -> "DesignForm":
        """Filled with a question as it is."""
        span = f"{survey.lowest}-{survey.highest}"
        form = cls(
            formdata=None,
            title=survey.title,
            kind=survey.kind.value,
            scale=(survey.scale or Scale.NUMBERS).value,
            span=span,
        )
        form.texts = {code: _texts_of(survey, code) for code in languages()}
        return form

    def texts_from_request(self) -> dict[str, dict[str, str]]:
        """What was written in each language; `reasons` on lines."""
        names = (*TEXT_LABELS, "reasons")
        return {
            code: {name: request.form.get(f"{code}-{name}", "") for name in names}
            for code in languages()
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.texts: dict[str, dict[str, str]] = self.texts_from_request()

    def design(self) -> Design:
        """The question that was asked for. Everything in it is checked by `designs.design`."""
        return Design(
            title=self.title.data or "",
            kind=Kind(self.kind.data),
            scale=Scale(self.scale.data),
            span=self.span.data,
            texts=self.texts,
            reasons={code: texts["reasons"].splitlines() for code, texts in self.texts.items()},
        )


def _texts_of(survey: Survey, code: str) -> dict[str, str]:
    if code == survey.language:
        texts: Mapping[str, Any] = {name: getattr(survey, name) for name in TEXT_LABELS}
        reasons = survey.reasons
    else:
        texts = (survey.texts or {}).get(code) or {}
        reasons = texts.get("reasons") or []
    said = {name: str(texts.get(name) or "") for name in TEXT_LABELS}
    return {**said, "reasons": "\n".join(map(str, reasons or ()))}


def number_or_none(value: object) -> int | None:
    """The number of a choice; none for the first one, which is empty."""
    return int(str(value)) if value not in (None, "", "None") else None


class PolicyForm(FlaskForm):
    """What holds for all surveys. An empty number is that of the installation."""

    person_most = IntegerField("Surveys to one person", [NumberRange(1, 20)])
    person_days = IntegerField("in so many days", [Optional(), NumberRange(0, 365)])
    organization_most = IntegerField("Surveys to one organization", [NumberRange(1, 20)])
    organization_days = IntegerField("in so many days", [Optional(), NumberRange(0, 365)])
    holdout_percent = IntegerField("Never asked, to compare (per cent)", [NumberRange(0, 50)])
    reminder_days = IntegerField("One reminder after so many days (0: none)", [NumberRange(0, 60)])
    send_from = TimeField("Mails go out from")
    send_until = TimeField("until")
    on_weekends = BooleanField("Also on weekends")
    warm_up_from = IntegerField("On the first day at most", [Optional(), NumberRange(1, 1_000_000)])
    warm_up_growth = IntegerField("and more each day, by per cent", [NumberRange(1, 1000)])
    colour = StringField("Colour of the brand", [Optional(), Length(max=7)])
    logo = FileField("Picture of the brand (PNG, JPEG, GIF or WebP)")
    drop_logo = BooleanField("No picture any more")


class RuleForm(FlaskForm):
    """Which question follows the resolution of which tickets."""

    name = StringField("Name", [InputRequired("A rule needs a name."), Length(max=80)])
    title = SelectField("Ask", validate_choice=False)
    team_id = SelectField("Team", coerce=number_or_none, validate_choice=False)
    organization = StringField("Organization (its exact name)", [Length(max=200)])
    tag = StringField("Tag", [Length(max=40)])
    first_contact = BooleanField("Only the first ticket of a customer")
    delay_hours = IntegerField("After so many hours", [Optional(), NumberRange(0, 720)])
    business_hours = BooleanField("Count only hours in which the customer works")


class ExperimentForm(FlaskForm):
    """Two ways to ask, to be compared."""

    name = StringField("Name", [InputRequired("It needs a name."), Length(max=80)])
    title = SelectField("Question", validate_choice=False)
    split = SelectField(
        "What differs",
        choices=_choices(
            {
                "delay": "The delay, in hours",
                "wording": "The wording (numbers of two versions)",
                "scale": "The scale (numbers of two versions)",
                "channel": "The channel: mail or portal",
            }
        ),
    )
    first = StringField("First way", [InputRequired("Say what the first way is.")])
    second = StringField("Second way", [InputRequired("Say what the second way is.")])
    stop_after = IntegerField(
        "Ends when each way was asked so often", [InputRequired(), NumberRange(20, 1_000_000)]
    )
