"""Forms by which a record is edited: two who do so at the same time lose nothing.

Such a form carries what its writer saw. What somebody else changed since is shown to them (409),
what they typed stays, and one more press saves it.
"""

from collections.abc import Mapping, Sequence
from typing import ClassVar

from flask_wtf import FlaskForm
from wtforms import DateField, DecimalField, Field, Form, HiddenField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Length, NumberRange, Optional, Regexp, ValidationError

from helpdesk.accounts.queries import staff
from helpdesk.core.errors import Invalid
from helpdesk.core.text import one_line
from helpdesk.customers.actions import EDITABLE, LONGEST_NAME
from helpdesk.customers.addresses import checked_zone
from helpdesk.customers.consent import CHANNEL_WORDS, LONGEST_PROOF, WISHES
from helpdesk.customers.contactpoints import PointKind, point
from helpdesk.customers.history import Value
from helpdesk.customers.models import Channel, Customer, Organization, SurveyPreference
from helpdesk.customers.organizations import EDITABLE as OF_ORGANIZATIONS
from helpdesk.customers.versions import changed_since, mark_of, marks_in, version_of

Edited = Customer | Organization


def _trimmed(text: str | None) -> str:
    return one_line(text or "")


class EditForm(FlaskForm):
    """A form that knows what its writer saw (`seen`)."""

    seen = HiddenField()
    edited: ClassVar[Sequence[str]]
    """Fields of the record that it changes."""

    def __init__(self, record: Edited) -> None:
        super().__init__(obj=record)
        if not self.is_submitted():
            self.seen.data = version_of(record, self.edited)
            for name in self.edited:
                self.follow(name, getattr(record, name))

    def typed(self) -> Mapping[str, Value]:
        """What was handed in, by field of the record."""
        return {name: self[name].data for name in self.edited}

    def follow(self, name: str, value: Value) -> None:
        """Show what stands on the record."""
        self[name].data = value

    def in_words(self, name: str, value: Value) -> str:
        """A value of the record, for the notice of what changed."""
        return "" if value is None else str(value)

    def overtaken(self, record: Edited) -> list[tuple[str, str]]:
        """Labels and values of what somebody else changed since the form was opened.

        What its writer had not touched follows them; what was touched stays. The form knows of
        the changes from now on, so that it can be sent once more.
        """
        seen = self.seen.data or ""
        before, typed = marks_in(seen, self.edited), self.typed()
        found = changed_since(record, seen, self.edited)
        for name in found:
            if mark_of(typed[name]) == before[name]:
                self.follow(name, getattr(record, name))
                self[name].raw_data = None
        self.seen.data = version_of(record, self.edited)
        labels = [(str(self[name].label.text), getattr(record, name), name) for name in found]
        return [(label, self.in_words(name, value)) for label, value, name in labels]


class OrganizationForm(EditForm):
    """Name, contract and owner of an organization."""

    edited = OF_ORGANIZATIONS
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
        super().__init__(organization)
        self.owner_id.choices = [
            SelectChoice(0, "nobody"),
            *(SelectChoice(one.id, one.name) for one in staff() if one.disabled_at is None),
        ]

    def follow(self, name: str, value: Value) -> None:
        super().follow(name, (value or 0) if name == "owner_id" else value)

    def in_words(self, name: str, value: Value) -> str:
        if name != "owner_id":
            return super().in_words(name, value)
        names = {choice.value: choice.label for choice in self.owner_id.choices or ()}
        return str(names.get(value or 0, "somebody who has left"))

    def typed(self) -> Mapping[str, Value]:
        return {
            "name": self.name.data,
            "owner_id": self.owner_id.data or None,
            "contract_value": self.contract_value.data,
            "contract_amount": self.contract_amount.data,
            "contract_currency": self.contract_currency.data or None,
            "contract_since": self.contract_since.data,
            "renews_on": self.renews_on.data,
        }


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


class WishesForm(EditForm):
    """What a customer allows and wishes; on the portal without `proof`."""

    edited = WISHES
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

    def follow(self, name: str, value: Value) -> None:
        if name == "marketing":
            value = "" if value is None else "yes" if value else "no"
        super().follow(name, value or "")

    def in_words(self, name: str, value: Value) -> str:
        if name == "marketing":
            return "not known" if value is None else "allowed" if value else "not allowed"
        return CHANNEL_WORDS[value] if isinstance(value, Channel) else super().in_words(name, value)

    def typed(self) -> Mapping[str, Value]:
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


class CustomerForm(EditForm):
    """The facts of a record."""

    edited = (*EDITABLE, "survey_preference", "lost_on")
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
        super().__init__(customer)
        self.survey_preference.choices = [
            SelectChoice(wish.value, words)
            for wish, words in SURVEYS.items()
            if not wish.is_more_than(customer.survey_preference)
        ]
