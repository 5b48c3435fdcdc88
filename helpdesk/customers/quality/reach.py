"""Records of people whom nobody reaches, and contracts of which something is not known."""

from collections.abc import Iterator

from sqlalchemy import and_, exists, func, or_, select
from sqlalchemy.orm import aliased

from helpdesk.accounts.models import Account
from helpdesk.core.db import ask
from helpdesk.customers.models import Address, Customer, Organization
from helpdesk.customers.quality.seen import STANDS, STAYED, Seen, Within, day


def bouncing(within: Within) -> Iterator[Seen]:
    """Every address of theirs bounces."""
    other = aliased(Address)
    good = exists().where(other.customer_id == Customer.id, other.bounced_at.is_(None))
    rows = ask(
        select(Customer.id, func.count(), func.max(Address.bounced_at).label("last"))
        .join(Address, Address.customer_id == Customer.id)
        .where(within(Customer.id), Address.bounced_at.is_not(None), ~good, *STAYED)
        .group_by(Customer.id)
    )
    for customer_id, count, last in rows:
        which = "Their address bounces" if count == 1 else f"All {count} addresses bounce"
        yield Seen(customer_id, f"{which}, since {day(last)}.")


def without_address(within: Within) -> Iterator[Seen]:
    """Nobody can write to them."""
    some = exists().where(Address.customer_id == Customer.id)
    for (customer_id,) in ask(select(Customer.id).where(within(Customer.id), ~some, *STAYED)):
        yield Seen(customer_id, "There is no e-mail address.")


_HAS_CONTRACT = or_(Organization.contract_value.is_not(None), Organization.renews_on.is_not(None))
SOMEBODY_LEFT = exists().where(
    Customer.organization_id == Organization.id, *STANDS, Customer.lost_on.is_not(None)
)
SOMEBODY_STAYED = exists().where(Customer.organization_id == Organization.id, *STAYED)
GOES_ON = or_(SOMEBODY_STAYED, ~SOMEBODY_LEFT)
"""Organizations that not everybody has left."""


def without_owner(within: Within) -> Iterator[Seen]:
    """A contract that nobody of us looks after any more."""
    gone = Account.disabled_at.is_not(None)
    rows = ask(
        select(Organization.id, Account.name)
        .outerjoin(Account, Account.id == Organization.owner_id)
        .where(within(Organization.id), _HAS_CONTRACT, GOES_ON)
        .where(or_(Organization.owner_id.is_(None), gone))
    )
    for organization_id, name in rows:
        yield Seen(
            organization_id,
            f"{name}, who looked after their contract, does not work here any more."
            if name
            else "There is a contract, and nobody of us looks after it.",
        )


def without_renewal(within: Within) -> Iterator[Seen]:
    """A contract of which nobody knows when it ends."""
    open_end = and_(Organization.contract_value > 0, Organization.renews_on.is_(None))
    rows = ask(select(Organization.id).where(within(Organization.id), open_end, GOES_ON))
    for (organization_id,) in rows:
        yield Seen(organization_id, "There is a contract, and no day on which it renews.")
