"""What people fill in to sign in, to join, and about themselves."""

from zoneinfo import available_timezones

from flask_wtf import FlaskForm
from wtforms import EmailField, Field, Form, PasswordField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, StopValidation, ValidationError

from helpdesk.accounts.actions import LONGEST_NAME, checked_email
from helpdesk.accounts.models import Role
from helpdesk.accounts.passwords import LONGEST, SHORTEST
from helpdesk.core.errors import Invalid
from helpdesk.core.text import one_line

LONGEST_EMAIL = 254


def trimmed(text: str | None) -> str:
    """A field of one line, without line breaks, control characters and outer white space."""
    return one_line(text or "")


class Filled:
    """There is something in the field besides white space. Says `message` otherwise."""

    field_flags = {"required": True}

    def __init__(self, message: str) -> None:
        self.message = message

    def __call__(self, form: Form, field: Field) -> None:
        if not field.data:
            raise StopValidation(self.message)


def is_email(_form: Form, field: Field) -> None:
    """The field holds an address in the form we keep, or says what is wrong with it."""
    if len(field.data) > LONGEST_EMAIL:
        raise ValidationError(f"An address has at most {LONGEST_EMAIL} characters.")
    try:
        field.data = checked_email(field.data)
    except Invalid as error:
        raise ValidationError(error.message) from error


def email_field(label: str = "E-mail") -> EmailField:
    """A field for an address."""
    return EmailField(
        label, filters=[trimmed], validators=[Filled("Tell us your e-mail address."), is_email]
    )


def name_field(label: str = "Name") -> StringField:
    """A field for a name."""
    too_long = f"A name has at most {LONGEST_NAME} characters here. Please shorten it."
    return StringField(
        label,
        filters=[trimmed],
        validators=[Filled("Tell us your name."), Length(max=LONGEST_NAME, message=too_long)],
    )


def new_password_field(label: str = "Password") -> PasswordField:
    """A field for a password that is being chosen; the browser may suggest one."""
    words = f"A password has {SHORTEST} to {LONGEST} characters; a few words are good."
    return PasswordField(
        label,
        validators=[InputRequired(words), Length(SHORTEST, LONGEST, words)],
    )


class SignInForm(FlaskForm):
    email = email_field()
    password = PasswordField("Password", validators=[InputRequired("Type your password.")])


class EmailForm(FlaskForm):
    email = email_field()


class ProfileForm(FlaskForm):
    name = name_field()
    time_zone = SelectField("Time zone", validate_choice=True)

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.time_zone.choices = [
            SelectChoice("", "As the company"),
            *(SelectChoice(zone, zone) for zone in ZONES),
        ]


ZONES = sorted(z for z in available_timezones() if "/" in z and not z.startswith(("Etc/", "posix")))


class PasswordForm(FlaskForm):
    current = PasswordField("Current password", validators=[InputRequired("Type it once more.")])
    password = new_password_field("New password")


class InvitationForm(FlaskForm):
    email = email_field()
    role = SelectField(
        "Role",
        choices=[
            SelectChoice(Role.AGENT.value, "Agent – works tickets"),
            SelectChoice(Role.MANAGER.value, "Manager – sees reports as well"),
            SelectChoice(Role.ADMIN.value, "Administrator – may do everything"),
        ],
        default=Role.AGENT.value,
    )


def refuse(field: Field, message: str) -> None:
    """Put what an action said against the input beside its field."""
    field.errors = [*field.errors, message]
