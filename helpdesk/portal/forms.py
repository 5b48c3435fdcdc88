"""What customers fill in."""

from flask_wtf import FlaskForm
from wtforms import Field, Form, MultipleFileField, StringField, TextAreaField
from wtforms.validators import Length, ValidationError

from helpdesk.accounts.forms import (
    Filled,
    email_field,
    name_field,
    new_password_field,
    trimmed,
)
from helpdesk.core.text import clean
from helpdesk.tickets.texts import LONGEST_MESSAGE, LONGEST_SUBJECT


def _cleaned(text: str | None) -> str:
    return clean(text or "")


def _fits(_form: Form, field: Field) -> None:
    if len(field.data) > LONGEST_MESSAGE:
        raise ValidationError(
            f"The message has {len(field.data):,} characters; {LONGEST_MESSAGE:,} are possible."
            " Attach the long part as a file."
        )


def _is_empty(_form: Form, field: Field) -> None:
    if field.data:
        raise ValidationError("This field is a trap for robots. Please leave it empty.")


def subject_field(label: str = "Subject") -> StringField:
    """A field for what it is about."""
    too_long = f"{LONGEST_SUBJECT} characters are possible."
    return StringField(
        label,
        filters=[trimmed],
        validators=[
            Filled("Say in a few words what it is about."),
            Length(max=LONGEST_SUBJECT, message=too_long),
        ],
    )


def message_field(label: str = "Message") -> TextAreaField:
    """A field for what somebody has to say."""
    return TextAreaField(
        label, filters=[_cleaned], validators=[Filled("Write a word or two first."), _fits]
    )


class WithFiles(FlaskForm):
    """A form that carries files; a refused one keeps them."""

    files = MultipleFileField("Files")


class RequestForm(WithFiles):
    """A request of somebody who is signed in."""

    subject = subject_field()
    message = message_field()


class StrangerRequestForm(RequestForm):
    """A request of somebody who is not."""

    name = name_field("Your name")
    email = email_field("Your e-mail")
    subject = subject_field()  # once more, because errors are listed in the order of definition
    message = message_field()
    topic_again = StringField("Leave this empty", validators=[_is_empty])


class ReplyForm(WithFiles):
    message = message_field("Your reply")


class JoinForm(FlaskForm):
    name = name_field("Your name")
    password = new_password_field()


class NewPasswordForm(FlaskForm):
    password = new_password_field("New password")
