"""Records that may not be true any more: nobody has confirmed them for long."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, exists, func, select
from sqlalchemy.orm import InstrumentedAttribute

from helpdesk.core.clock import now
from helpdesk.core.db import ask
from helpdesk.customers.contactpoints import ContactPoint
from helpdesk.customers.history import Correction
from helpdesk.customers.models import Address, Customer, CustomerNote, Order, Organization
from helpdesk.customers.quality.reach import GOES_ON
from helpdesk.customers.quality.seen import (
    STAYED,
    Latest,
    Seen,
    Within,
    day,
    long_ago,
    ways_of_hearing,
)
from helpdesk.customers.visits import CustomerVisit

Moment = InstrumentedAttribute[datetime] | InstrumentedAttribute[datetime | None]


def latest(at: Moment, *whose: ColumnElement[bool]) -> Latest:
    """The latest moment of some rows."""
    return select(func.max(at)).where(*whose).scalar_subquery()


def heard_of(customer: InstrumentedAttribute[int]) -> list[Latest]:
    """When they last did something themselves."""
    return [
        latest(Order.ordered_at, Order.customer_id == customer),
        latest(CustomerVisit.day, CustomerVisit.customer_id == customer),
        *(heard(customer) for heard in ways_of_hearing()),
    ]


def _confirmed(customer: InstrumentedAttribute[int]) -> list[Latest]:
    """When they or one of us last looked after the record."""
    return [
        *heard_of(customer),
        latest(Address.verified_at, Address.customer_id == customer),
        latest(ContactPoint.verified_at, ContactPoint.customer_id == customer),
        latest(CustomerNote.created_at, CustomerNote.customer_id == customer),
        latest(
            Correction.recorded_at,
            Correction.kind == "customer",
            Correction.subject_id == customer,
        ),
    ]


def unheard(within: Within) -> Iterator[Seen]:
    """Nobody heard from them, and nobody touched the record."""
    before = long_ago()
    signs = [
        func.coalesce(sign, Customer.created_at).label(f"sign_{number}")
        for number, sign in enumerate(_confirmed(Customer.id))
    ]
    rows = ask(
        select(Customer.id, *signs)
        .where(within(Customer.id), Customer.created_at < before, *STAYED)
        .where(*(sign < before for sign in signs))
    )
    for customer_id, *moments in rows:
        yield Seen(customer_id, f"Nothing was heard or confirmed since {day(max(moments))}.")


def old_points(within: Within) -> Iterator[Seen]:
    """Phones and handles at which nobody was reached for long."""
    touched = func.coalesce(ContactPoint.verified_at, ContactPoint.created_at)
    rows = ask(
        select(Customer.id, func.count(), func.max(touched).label("last"))
        .join(ContactPoint, ContactPoint.customer_id == Customer.id)
        .where(within(Customer.id), touched < long_ago(), *STAYED)
        .group_by(Customer.id)
    )
    for customer_id, count, last in rows:
        which = "A phone or handle" if count == 1 else f"{count} phones and handles"
        yield Seen(customer_id, f"{which}, where nobody was reached since {day(last)}.")


def stopped_ordering(within: Within) -> Iterator[Seen]:
    """Who ordered more than once, and then no more, with no contract to keep them."""
    contract = exists().where(
        Organization.id == Customer.organization_id, Organization.renews_on >= now().date()
    )
    last = func.max(Order.ordered_at)
    rows = ask(
        select(Customer.id, func.count(), last.label("last"))
        .join(Order, Order.customer_id == Customer.id)
        .where(within(Customer.id), ~contract, *STAYED)
        .group_by(Customer.id)
        .having(and_(func.count() > 1, last < long_ago()))
    )
    for customer_id, count, at in rows:
        yield Seen(customer_id, f"Ordered {count} times, the last time on {day(at)}.")


def renewal_passed(within: Within) -> Iterator[Seen]:
    """The day of renewal is over, and nobody said what became of it."""
    over = Organization.renews_on < (now() - timedelta(days=1)).date()
    rows = ask(
        select(Organization.id, Organization.renews_on).where(
            within(Organization.id), over, GOES_ON
        )
    )
    for organization_id, renews_on in rows:
        yield Seen(organization_id, f"The contract was to renew on {day(renews_on)}.")
