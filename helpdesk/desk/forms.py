"""What agents fill in."""

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
from helpdesk.tickets.conversation import LONGEST_MESSAGE, LONGEST_SUBJECT
from helpdesk.tickets.models import Priority


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

    @property
    def is_note(self) -> bool:
        return bool(self.kind.data == "note")


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
