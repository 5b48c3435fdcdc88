"""What may be handed in about customers."""

from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import (
    BooleanField,
    HiddenField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Length, Optional

from helpdesk.core.text import one_line
from helpdesk.customers.actions import LONGEST_NOTE
from helpdesk.customers.consent import LONGEST_PROOF
from helpdesk.customers.contactpoints import KIND_WORDS
from helpdesk.customers.imports import KINDS


def _trimmed(text: str | None) -> str:
    return one_line(text or "")


class ImportForm(FlaskForm):
    kind = RadioField(
        "What is in the file?",
        choices=[*(SelectChoice(name, name.capitalize()) for name in KINDS)],
        default="customers",
    )
    trial = BooleanField("Only look what would happen", default=True)
    file = FileField("File", validators=[FileRequired("Choose a CSV file first.")])


class NoteForm(FlaskForm):
    body = TextAreaField("Note", validators=[DataRequired(), Length(max=LONGEST_NOTE)])
    form_key = HiddenField()
    """Given out with the empty form, so that pressing twice notes once."""


class PointForm(FlaskForm):
    """One more phone or handle."""

    kind = SelectField(
        "Kind", choices=[SelectChoice(kind.value, words) for kind, words in KIND_WORDS.items()]
    )
    value = StringField(
        "Phone or handle", filters=[_trimmed], validators=[DataRequired(), Length(max=80)]
    )
    label = StringField("What for", filters=[_trimmed], validators=[Length(max=40)])


class AddressForm(FlaskForm):
    """One more e-mail address."""

    email = StringField("Address", filters=[_trimmed], validators=[DataRequired(), Length(max=320)])
    proof = StringField(
        "How do you know?", filters=[_trimmed], validators=[Length(max=LONGEST_PROOF)]
    )


class LabelForm(FlaskForm):
    """What a phone or handle is for."""

    label = StringField("What for", filters=[_trimmed], validators=[Length(max=40)])


class MergeForm(FlaskForm):
    """Which record stays, and why somebody knows that they are one person's."""

    keep = HiddenField()
    """The number of the one that stays; drawn as a choice of two."""
    reason = StringField("How do you know?", validators=[Optional(), Length(max=300)])
    confirmed = BooleanField("I am sure that both are the same person")
