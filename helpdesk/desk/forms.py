"""What agents fill in."""

from dataclasses import dataclass

from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    EmailField,
    HiddenField,
    IntegerField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, Optional

from helpdesk.customers.actions import LONGEST_NAME
from helpdesk.tickets.models import Priority
from helpdesk.tickets.texts import LONGEST_MESSAGE, LONGEST_SUBJECT


@dataclass(frozen=True)
class Composed:
    """What stands in the composer: nothing at first; after a refusal what somebody wrote, and the
    last ids of messages and entries that they had seen."""

    form_key: str
    body: str = ""
    is_note: bool = False
    seen: tuple[int, int] | None = None
    revision: int = 0
    """Of the draft that stands here, 0 where none is kept."""


class ComposerForm(FlaskForm):
    """A reply or a note. `seen`, `last_message` and `last_entry` say what the writer had before
    their eyes; what is too long or empty is refused by the action."""

    body = TextAreaField()
    kind = StringField(default="reply")
    then = StringField(default="keep")
    seen = IntegerField(validators=[Optional()])
    last_message = IntegerField(validators=[Optional()])
    last_entry = IntegerField(validators=[Optional()])
    form_key = HiddenField()
    macro = IntegerField(validators=[Optional()])
    macro_version = IntegerField(validators=[Optional()])
    draft = IntegerField(validators=[Optional()])

    @property
    def is_note(self) -> bool:
        return bool(self.kind.data == "note")

    @property
    def composed(self) -> Composed:
        """What was handed in, to be shown again."""
        return Composed(
            self.form_key.data or "",
            self.body.data or "",
            self.is_note,
            (self.last_message.data or 0, self.last_entry.data or 0),
            self.draft.data or 0,
        )


class NewTicketForm(FlaskForm):
    """A ticket that an agent files for a customer who called or wrote elsewhere."""

    email = EmailField("Customer’s e-mail", [InputRequired("Whom is it for?"), Length(max=320)])
    name = StringField("Customer’s name", [Length(max=LONGEST_NAME)])
    subject = StringField(
        "Subject", [InputRequired("A few words will do."), Length(max=LONGEST_SUBJECT)]
    )
    body = TextAreaField(
        "What they said", [InputRequired("Write a word or two."), Length(max=LONGEST_MESSAGE)]
    )
    team = SelectField("Team", coerce=str)
    priority = SelectField("Priority", choices=[p.value for p in Priority], default="normal")
    mine = BooleanField("Assign it to me", default=True)
    form_key = HiddenField()
