"""What one line says, checked before the database is asked anything."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from helpdesk.core.errors import Invalid
from helpdesk.core.settings import settings
from helpdesk.customers.actions import LONGEST_NAME
from helpdesk.customers.addresses import checked, checked_domain, checked_zone, normalised
from helpdesk.customers.contactpoints import PointKind, point
from helpdesk.customers.fields import PREFIX
from helpdesk.customers.history import Value
from helpdesk.customers.models import Channel
from helpdesk.customers.spreadsheet import to_amount, to_date, to_moment

LIMITS = {"name": LONGEST_NAME, "tier": 40}
LEFT = frozenset(("left", "lost", "churned", "yes", "true", "1", "gone", "cancelled", "canceled"))
YES, NO = frozenset(("yes", "true", "1", "y")), frozenset(("no", "false", "0", "n"))
STAYED = frozenset(("stayed", "active", "no", "false", "0", "retained", "returned", "saved"))

Facts = dict[str, Value]
Values = Mapping[str, str]
Texts = Mapping[str, str]


@dataclass(frozen=True)
class CustomerLine:
    """A customer, and as far as it says so the organization."""

    email: str
    facts: Facts
    organization: str
    terms: Facts
    lost_on: date | None
    name: str
    domains: Sequence[str] = ()
    points: Sequence[tuple[PointKind, str, str]] = ()
    """Phones and handles: kind, value, label."""
    more: Texts = field(default_factory=dict)
    """What is filled in in fields of our own, by their keys."""


@dataclass(frozen=True)
class OrderLine:
    """An order of a customer who must be known."""

    email: str
    reference: str
    facts: Facts


@dataclass(frozen=True)
class OrganizationLine:
    """An organization with its contract."""

    name: str
    terms: Facts
    domains: Sequence[str] = ()
    owner: str = ""
    """The address with which whoever looks after them signs in."""
    more: Texts = field(default_factory=dict)


@dataclass(frozen=True)
class OutcomeLine:
    """Whether a customer left, and when; None says that they stayed."""

    email: str
    lost_on: date | None = field(default=None)


def customer_line(values: Values) -> CustomerLine:
    """Raises Invalid for the first thing that cannot be."""
    facts: Facts = {name: fitting(values, name) for name in LIMITS if name in values}
    if "language" in values:
        facts["language"] = _language(values["language"])
    if "time_zone" in values:
        facts["time_zone"] = checked_zone(values["time_zone"])
    if "channel" in values:
        facts["channel"] = _channel(values["channel"])
    if "marketing" in values:
        facts["marketing"] = _yes_or_no(values["marketing"])
    if "customer_since" in values:
        facts["customer_since"] = to_date(values["customer_since"])
    return CustomerLine(
        email=checked(needed(values, "email")),
        facts=facts,
        organization=values.get("organization", "")[:LONGEST_NAME],
        terms=_terms(values),
        lost_on=to_date(values["lost_on"]) if "lost_on" in values else None,
        name=values.get("name", ""),
        domains=_domains(values),
        points=list(_points(values)),
        more=_more(values),
    )


def _more(values: Values) -> Texts:
    """Values of fields that administrators made, by their keys."""
    return {
        name.removeprefix(PREFIX): text for name, text in values.items() if name.startswith(PREFIX)
    }


def _channel(text: str) -> Channel:
    plain = text.strip().lower().replace("e-mail", "email")
    if plain not in set(Channel):
        raise Invalid(f"“{text[:40]}” is no way to reach somebody; write {', '.join(Channel)}.")
    return Channel(plain)


def _yes_or_no(text: str) -> bool:
    plain = text.strip().lower()
    if plain not in YES | NO:
        raise Invalid(f"“{text[:40]}” says neither yes nor no.")
    return plain in YES


def _points(values: Values) -> Iterator[tuple[PointKind, str, str]]:
    """Several stand side by side, with `;`, `,` or `|` between them; handles with their kind, such
    as `telegram:@rosa`."""
    for column, label in (("phone", ""), ("mobile", "mobile")):
        for number in _several(values, column):
            point(PointKind.PHONE, number)
            yield PointKind.PHONE, number, label
    for handle in _several(values, "handles"):
        name, _, value = handle.partition(":")
        if name.strip().lower() not in set(PointKind) or not value:
            kinds = ", ".join(PointKind)
            raise Invalid(f"“{handle[:40]}” is no handle; write it like telegram:@rosa ({kinds}).")
        kind = PointKind(name.strip().lower())
        point(kind, value)
        yield kind, value.strip(), ""


def _several(values: Values, column: str) -> list[str]:
    return [one for part in re.split("[;,|]", values.get(column, "")) if (one := part.strip())]


def organization_line(values: Values) -> OrganizationLine:
    """Raises Invalid for the first thing that cannot be."""
    name = needed(values, "organization")
    if len(name) > LONGEST_NAME:
        raise Invalid(f"The name is longer than {LONGEST_NAME} characters.")
    owner = normalised(values.get("owner", ""))
    return OrganizationLine(name, _terms(values), _domains(values), owner, _more(values))


def order_line(values: Values) -> OrderLine:
    """Raises Invalid for the first thing that cannot be."""
    facts: Facts = {
        "ordered_at": to_moment(needed(values, "ordered_at")),
        "amount": to_amount(needed(values, "amount")),
        "currency": _currency(values.get("currency") or settings().currency),
        "item": values.get("item"),
    }
    return OrderLine(normalised(needed(values, "email")), needed(values, "reference"), facts)


def outcome_line(values: Values) -> OutcomeLine:
    """Raises Invalid where it says neither when somebody left nor that they stayed."""
    email, said = normalised(needed(values, "email")), values.get("outcome", "").lower()
    if said and said not in LEFT | STAYED:
        raise Invalid(f"“{said[:40]}” is no outcome; write left or stayed.")
    if said in STAYED:
        return OutcomeLine(email)
    return OutcomeLine(email, to_date(needed(values, "lost_on")))


def needed(values: Values, name: str) -> str:
    """A value without which the line says nothing. Raises Invalid where it is missing."""
    if name not in values:
        raise Invalid(f"The {name.replace('_', ' ')} is missing.")
    return values[name]


def fitting(values: Values, name: str) -> str:
    """A text that is not too long for its field. Raises Invalid where it is."""
    if len(values[name]) > LIMITS[name]:
        raise Invalid(f"The {name} is longer than {LIMITS[name]} characters.")
    return values[name]


def _terms(values: Values) -> Facts:
    terms: Facts = {}
    if "contract_value" in values:
        terms["contract_value"] = to_amount(values["contract_value"])
    if "renews_on" in values:
        terms["renews_on"] = to_date(values["renews_on"])
    if "contract_since" in values:
        terms["contract_since"] = to_date(values["contract_since"])
    if "contract_amount" in values:
        terms["contract_amount"] = to_amount(values["contract_amount"])
        terms["contract_currency"] = _currency(needed(values, "contract_currency"))
    return terms


def _domains(values: Values) -> list[str]:
    return [checked_domain(one) for one in _several(values, "domain")]


def _currency(text: str) -> str:
    code = text.strip().upper()
    if not (len(code) == 3 and code.isascii() and code.isalpha()):
        raise Invalid(f"“{text[:20]}” is not a currency; write it like EUR.")
    return code


def _language(text: str) -> str:
    code = text.strip().replace("_", "-").partition("-")[0].lower()
    if not (len(code) in (2, 3) and code.isascii() and code.isalpha()):
        raise Invalid(f"“{text[:20]}” is not a language; write it like en or de.")
    return code
