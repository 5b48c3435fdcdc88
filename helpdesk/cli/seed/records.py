"""What stands in the demo's records beside the talks: numbers to call, what people allow and wish,
and fields of the company's own."""

from collections.abc import Sequence
from datetime import timedelta
from random import Random

from helpdesk.accounts.models import Account
from helpdesk.cli.seed.company import Client
from helpdesk.core.db import session
from helpdesk.core.fields import FieldKind, Wish
from helpdesk.customers import consent, reaching
from helpdesk.customers.contactpoints import PointKind
from helpdesk.customers.fields import About, RecordField, add_field, fill_in
from helpdesk.customers.history import Value
from helpdesk.customers.models import Channel, Customer

SINCE = timedelta(days=45)
OFFICES = {
    "Europe/London": ("+44 20 7946 0", ("en",)),
    "Europe/Berlin": ("+49 30 23125 ", ("en", "de")),
}
"""How numbers begin that the authorities keep free for stories, and what is spoken there."""
SLIPS = 0.06
"""Share of numbers that do not go with the rest of a record."""

FIELDS = {
    About.CUSTOMER: (Wish("role", "Role", FieldKind.CHOICE, "Accounting\nPeople\nOwner"),),
    About.ORGANIZATION: (
        Wish("employees", "Employees", FieldKind.NUMBER),
        Wish("pay_day", "Pay day", FieldKind.CHOICE, "15th\nLast of the month"),
        Wish("works_council", "Works council", FieldKind.YES_NO),
    ),
}
PROOF = "Said so on the phone when we called about the renewal"


def keep_records(clients: Sequence[Client], random: Random, *, by: Account) -> None:
    """Fill in what somebody asked them about, of about two in three."""
    fields = {
        about: [add_field(about, wish, by=by) for wish in wishes]
        for about, wishes in FIELDS.items()
    }
    for client in clients:
        customer = session.get_one(Customer, client.customer_id)
        if random.random() < 0.65:
            _reach(customer, random, by)
            _wish(customer, random, by)
            fill_in(customer, _filled(fields[About.CUSTOMER], random), by=by)
        if customer.organization is not None and random.random() < 0.65:
            fill_in(customer.organization, _filled(fields[About.ORGANIZATION], random), by=by)


def _reach(customer: Customer, random: Random, by: Account) -> None:
    three = random.randint(100, 999)
    begins, spoken = OFFICES.get(customer.time_zone or "", OFFICES["Europe/Berlin"])
    fits = customer.time_zone in OFFICES and customer.language in spoken
    if fits or random.random() < SLIPS:
        reaching.add_point(customer, PointKind.PHONE, f"{begins}{three}", "office", by=by)
    if random.random() < 0.2:
        name = customer.name.lower().replace(" ", "-")
        reaching.add_point(customer, PointKind.LINKEDIN, name, by=by)


def _wish(customer: Customer, random: Random, by: Account) -> None:
    allows = random.random() < 0.6
    channel = random.choice((Channel.EMAIL, Channel.EMAIL, Channel.PHONE))
    proof = PROOF if allows else ""
    wishes: dict[str, Value] = {"marketing": allows, "channel": channel}
    consent.state(customer, wishes, by=by, source="desk", proof=proof)


def _filled(fields: Sequence[RecordField], random: Random) -> dict[int, str]:
    return {field.id: _value(field, random) for field in fields}


def _value(field: RecordField, random: Random) -> str:
    if field.kind == FieldKind.CHOICE:
        return str(random.choice(field.choices))
    return (
        str(random.randint(6, 240))
        if field.kind == FieldKind.NUMBER
        else random.choice(("yes", "no"))
    )
