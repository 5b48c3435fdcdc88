"""What may be handed in about customers."""

from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import (
    BooleanField,
    DateField,
    DecimalField,
    Field,
    Form,
    HiddenField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Length, NumberRange, Optional, Regexp, ValidationError

from helpdesk.accounts.queries import staff
from helpdesk.core.errors import Invalid
from helpdesk.core.text import one_line
from helpdesk.customers.actions import LONGEST_NAME, LONGEST_NOTE
from helpdesk.customers.addresses import checked_zone
from helpdesk.customers.consent import CHANNEL_WORDS, LONGEST_PROOF
from helpdesk.customers.contactpoints import KIND_WORDS, PointKind, point
from helpdesk.customers.history import Value
from helpdesk.customers.imports import KINDS
from helpdesk.customers.models import Channel, Customer, Organization, SurveyPreference
from helpdesk.customers.versions import changed_since, mark_of, marks_in, version_of


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


class OrganizationForm(FlaskForm):
    """Name, contract and owner of an organization."""

    name = StringField(
        "Name", filters=[_trimmed], validators=[DataRequired(), Length(max=LONGEST_NAME)]
    )
    owner_id = SelectField("Looked after by", coerce=int)
    contract_value = DecimalField(
        "Worth a year", places=2, validators=[Optional(), NumberRange(0, 9_999_999_999)]
    )
    contract_amount = DecimalField(
        "Agreed a year, if in another currency",
        places=2,
        validators=[Optional(), NumberRange(0, 9_999_999_999)],
    )
    contract_currency = StringField(
        "Currency of what was agreed",
        filters=[lambda text: _trimmed(text).upper()],
        validators=[Optional(), Regexp("[A-Z]{3}$", message="Write it like USD.")],
    )
    contract_since = DateField("Contract since", validators=[Optional()])
    renews_on = DateField("Renews on", validators=[Optional()])

    def __init__(self, organization: Organization) -> None:
        super().__init__(obj=organization)
        self.owner_id.choices = [
            SelectChoice(0, "nobody"),
            *(SelectChoice(one.id, one.name) for one in staff() if one.disabled_at is None),
        ]
        if not self.is_submitted():
            self.owner_id.data = organization.owner_id or 0

    def changes(self) -> dict[str, Value]:
        """What was handed in, by field of the organization."""
        return {
            "name": self.name.data,
            "owner_id": self.owner_id.data or None,
            "contract_value": self.contract_value.data,
            "contract_amount": self.contract_amount.data,
            "contract_currency": self.contract_currency.data or None,
            "contract_since": self.contract_since.data,
            "renews_on": self.renews_on.data,
        }


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


def _is_phone(_form: Form, field: Field) -> None:
    try:
        point(PointKind.PHONE, field.data or "1")
    except Invalid as error:
        raise ValidationError(error.message) from error


def _is_zone(_form: Form, field: Field) -> None:
    try:
        field.data = checked_zone(field.data)
    except Invalid as error:
        raise ValidationError(error.message) from error


class WishesForm(FlaskForm):
    """What a customer allows and wishes; on the portal without `proof`."""

    channel = SelectField(
        "Reached by",
        choices=[
            SelectChoice("", "never said"),
            *(SelectChoice(channel.value, words) for channel, words in CHANNEL_WORDS.items()),
        ],
    )
    language = StringField(
        "Language", filters=[_trimmed], validators=[DataRequired(), Length(min=2, max=3)]
    )
    time_zone = StringField("Time zone", filters=[_trimmed], validators=[Length(max=64), _is_zone])
    marketing = SelectField(
        "Advertising",
        choices=[
            SelectChoice("", "nobody asked"),
            SelectChoice("yes", "allowed"),
            SelectChoice("no", "not allowed"),
        ],
    )
    proof = StringField(
        "How do you know?", filters=[_trimmed], validators=[Length(max=LONGEST_PROOF)]
    )

    def __init__(self, customer: Customer) -> None:
        super().__init__(obj=customer)
        if not self.is_submitted():
            self.channel.data = customer.channel or ""
            self.marketing.data = {None: "", True: "yes", False: "no"}[customer.marketing]

    def wishes(self) -> dict[str, Value]:
        """What was handed in."""
        return {
            "channel": Channel(self.channel.data) if self.channel.data else None,
            "language": self.language.data,
            "time_zone": self.time_zone.data,
            "marketing": {"yes": True, "no": False}.get(self.marketing.data),
        }


SURVEYS = {
    SurveyPreference.ALL: "May be asked",
    SurveyPreference.PROBLEMS: "Only if it went wrong",
    SurveyPreference.NONE: "Never",
}


class CustomerForm(FlaskForm):
    """The facts of a record. `seen` is the version of it that the writer had before their eyes."""

    seen = HiddenField()
    name = StringField(
        "Name", filters=[_trimmed], validators=[DataRequired(), Length(max=LONGEST_NAME)]
    )
    phone = StringField("Phone", filters=[_trimmed], validators=[Length(max=40), _is_phone])
    tier = StringField("Tier", filters=[_trimmed], validators=[Length(max=40)])
    language = StringField(
        "Language", filters=[_trimmed], validators=[DataRequired(), Length(min=2, max=3)]
    )
    time_zone = StringField("Time zone", filters=[_trimmed], validators=[Length(max=64), _is_zone])
    customer_since = DateField("Customer since", validators=[Optional()])
    survey_preference = SelectField("Surveys")
    lost_on = DateField("Left on", validators=[Optional()])

    def __init__(self, customer: Customer) -> None:
        """Filled from `customer`, whom it lets the staff ask less than at present, never more."""
        super().__init__(obj=customer)
        if not self.is_submitted():
            self.seen.data = version_of(customer)
        self.survey_preference.choices = [
            SelectChoice(wish.value, words)
            for wish, words in SURVEYS.items()
            if not wish.is_more_than(customer.survey_preference)
        ]

    def overtaken(self, customer: Customer) -> list[tuple[str, str]]:
        """Labels and values of what somebody else changed since the form was opened.

        What its writer had not touched follows them; what was touched stays. The form knows of
        the changes from now on, so that it can be sent once more.
        """
        before = marks_in(self.seen.data or "")
        found = changed_since(customer, self.seen.data or "")
        for name in found:
            if mark_of(self[name].data) == before[name]:
                self[name].data = getattr(customer, name)
                self[name].raw_data = None
        self.seen.data = version_of(customer)
        return [(str(self[name].label.text), value) for name, value in found.items()]
