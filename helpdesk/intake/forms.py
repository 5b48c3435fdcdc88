"""What an administrator enters about a mailbox."""

from flask_wtf import FlaskForm
from wtforms import (
    Field,
    Form,
    IntegerField,
    PasswordField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Length, NumberRange, ValidationError

from config import is_loopback
from helpdesk.accounts.models import Team
from helpdesk.core.errors import Invalid
from helpdesk.core.text import one_line
from helpdesk.customers.addresses import checked
from helpdesk.intake.models import Mailbox, Security, SignIn
from helpdesk.mail.outbound import letterhead_of


def _trimmed(text: str | None) -> str:
    return one_line(text or "")


def _is_address(_form: Form, field: Field) -> None:
    try:
        field.data = checked(field.data)
    except Invalid as error:
        raise ValidationError(error.message) from error


SECURITY = {
    Security.TLS: "TLS (usually port 993)",
    Security.STARTTLS: "STARTTLS (usually port 143)",
    Security.NONE: "None, to a server on this very machine",
}
SIGN_IN = {SignIn.PASSWORD: "Password", SignIn.XOAUTH2: "OAuth 2.0 (XOAUTH2)"}


_LENGTH = Length(max=200)


class MailboxForm(FlaskForm):
    """A mailbox. An empty secret keeps the one that is stored."""

    address = StringField("Address", filters=[_trimmed], validators=[DataRequired(), _is_address])
    host = StringField(
        "IMAP server", filters=[_trimmed], validators=[DataRequired(), Length(max=253)]
    )
    port = IntegerField("Port", default=993, validators=[NumberRange(1, 65535)])
    security = RadioField(
        "Security",
        choices=[SelectChoice(each.value, words) for each, words in SECURITY.items()],
        default=Security.TLS.value,
    )
    user = StringField(
        "User name", filters=[_trimmed], validators=[DataRequired(), Length(max=320)]
    )
    sign_in = RadioField(
        "Sign in by",
        choices=[SelectChoice(each.value, words) for each, words in SIGN_IN.items()],
        default=SignIn.PASSWORD.value,
    )
    secret = PasswordField("Password, or refresh token", validators=[Length(max=5000)])
    token_url = StringField("Address for tokens", filters=[_trimmed], validators=[Length(max=500)])
    client_id = StringField("Client ID", filters=[_trimmed], validators=[Length(max=500)])
    client_secret = StringField("Client secret", validators=[Length(max=5000)])
    """Not a second password: browsers would take the two for one form too many."""
    folder = StringField(
        "Folder", filters=[_trimmed], default="INBOX", validators=[DataRequired(), Length(max=200)]
    )
    move_to = StringField(
        "Move what was taken to", filters=[_trimmed], validators=[Length(max=200)]
    )
    team_id = SelectField("Team", coerce=int)
    from_name = StringField("Name on answers", filters=[_trimmed], validators=[Length(max=100)])
    signature = TextAreaField("Words below answers", validators=[Length(max=2000)])

    def __init__(self, mailbox: Mailbox | None, teams: list[Team]) -> None:
        super().__init__(obj=mailbox)
        if not self.is_submitted():
            self.client_secret.data = ""  # what is stored is never shown
        if mailbox is not None and not self.is_submitted():
            self.security.data, self.sign_in.data = mailbox.security.value, mailbox.sign_in.value
            self.team_id.data = mailbox.team_id or 0
            head = letterhead_of(mailbox.address)
            self.from_name.data, self.signature.data = head.name, head.signature
        self.is_new = mailbox is None
        choices = [SelectChoice(0, "None: whoever takes it")]
        self.team_id.choices = [*choices, *(SelectChoice(team.id, team.name) for team in teams)]

    def validate_security(self, field: Field) -> None:
        """Nothing travels in the open to another machine."""
        if field.data == Security.NONE.value and not is_loopback(self.host.data or ""):
            raise ValidationError("Without TLS only a server on this very machine can be used.")

    def validate_secret(self, field: Field) -> None:
        """A new mailbox needs one."""
        if self.is_new and not field.data:
            raise ValidationError("Enter the password, or where it stands: env:NAME or file:/path.")
