"""Records that somebody should look at: bouncing, contradictory, out of date, or there twice."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy import and_, exists, func, select
from sqlalchemy.orm import aliased

from helpdesk.core.clock import now
from helpdesk.core.db import ask
from helpdesk.core.paging import AnySelect
from helpdesk.customers.contactpoints import ContactPoint
from helpdesk.customers.models import Address, Customer, Organization

MOST = 50
"""Records that are listed of each kind."""
_OTHER = aliased(Customer)


@dataclass(frozen=True)
class Record:
    """A customer, what to look at, and the other one where there may be two."""

    customer_id: int
    name: str
    detail: str
    other_id: int | None = None
    other: str = ""


@dataclass(frozen=True)
class Finding:
    """One kind of flaw with some of its records."""

    title: str
    advice: str
    records: Sequence[Record]

    @property
    def is_cut(self) -> bool:
        """Whether there are more than are listed."""
        return len(self.records) == MOST


def audit() -> list[Finding]:
    """Every kind of flaw that was found, each with at most fifty records."""
    found = [Finding(title, advice, _records(of())) for title, advice, of in KINDS]
    return [one for one in found if one.records]


def _records(statement: AnySelect) -> list[Record]:
    return [Record(*row) for row in ask(statement.limit(MOST))]


def _bouncing() -> AnySelect:
    other = aliased(Address)
    good = exists().where(other.customer_id == Customer.id, other.bounced_at.is_(None))
    return (
        select(Customer.id, Customer.name, func.min(Address.email))
        .select_from(Customer)
        .join(Address, Address.customer_id == Customer.id)
        .where(Address.bounced_at.is_not(None), ~good, Customer.lost_on.is_(None))
        .group_by(Customer.id, Customer.name)
        .order_by(Customer.id)
    )


def _without_address() -> AnySelect:
    some = exists().where(Address.customer_id == Customer.id)
    phone = (
        select(func.min(ContactPoint.value))
        .where(ContactPoint.customer_id == Customer.id)
        .correlate(Customer)
        .scalar_subquery()
    )
    detail = func.coalesce(phone, "")
    return select(Customer.id, Customer.name, detail).where(~some).order_by(Customer.id)


def _contradictory() -> AnySelect:
    return (
        select(Customer.id, Customer.name, func.coalesce(Customer.tier, ""))
        .where(Customer.lost_on < Customer.customer_since)
        .order_by(Customer.id)
    )


def _stale() -> AnySelect:
    return (
        select(func.min(Customer.id), Organization.name, func.max(Customer.name))
        .select_from(Organization)
        .join(Customer, Customer.organization_id == Organization.id)
        .where(Organization.renews_on < now().date(), Customer.lost_on.is_(None))
        .group_by(Organization.id, Organization.name)
        .order_by(Organization.id)
    )


def _same_phone() -> AnySelect:
    theirs = aliased(ContactPoint)
    return (
        select(Customer.id, Customer.name, func.min(ContactPoint.value), _OTHER.id, _OTHER.name)
        .select_from(Customer)
        .join(ContactPoint, ContactPoint.customer_id == Customer.id)
        .join(theirs, theirs.tail == ContactPoint.tail)
        .join(_OTHER, and_(_OTHER.id == theirs.customer_id, _OTHER.id > Customer.id))
        .group_by(Customer.id, Customer.name, _OTHER.id, _OTHER.name)
        .order_by(Customer.id, _OTHER.id)
    )


def _same_name() -> AnySelect:
    return (
        select(Customer.id, Customer.name, Organization.name, _OTHER.id, _OTHER.name)
        .select_from(Customer)
        .join(
            _OTHER,
            and_(
                _OTHER.organization_id == Customer.organization_id,
                _OTHER.name_lower == Customer.name_lower,
                _OTHER.id > Customer.id,
            ),
        )
        .join(Organization, Organization.id == Customer.organization_id)
        .order_by(Customer.id, _OTHER.id)
    )


KINDS: Sequence[tuple[str, str, Callable[[], AnySelect]]] = (
    (
        "Every address bounces",
        "Nothing reaches them by mail. Ask for another address.",
        _bouncing,
    ),
    ("No address", "Nobody can write to them.", _without_address),
    (
        "Left before they came",
        "One of the two days is wrong; retention counts them wrongly until it is put right.",
        _contradictory,
    ),
    (
        "Renewal date has passed",
        "The organization still counts as a customer. Has the contract been renewed?",
        _stale,
    ),
    ("Perhaps the same person: one phone number", "Look before you act.", _same_phone),
    (
        "Perhaps the same person: one name in one organization",
        "Look before you act; two people may share a name.",
        _same_name,
    ),
)
