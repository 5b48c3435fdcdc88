"""Questions about customers."""

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from helpdesk.accounts.models import Account
from helpdesk.core.db import session
from helpdesk.core.errors import NotFound
from helpdesk.customers.addresses import normalised
from helpdesk.customers.models import Address, Customer, CustomerNote, Order, Organization


def customer_behind(email: str) -> Customer | None:
    """The customer with this address, or None."""
    statement = select(Customer).join(Address).where(Address.email == normalised(email))
    return session.scalar(statement)


def customer_of(account: Account) -> Customer | None:
    """The record of a customer who signs in, or None."""
    return session.scalar(select(Customer).where(Customer.account_id == account.id))


def customer_by_id(customer_id: int) -> Customer:
    """The customer with addresses and organization; for the staff.

    Raises NotFound when there is none.
    """
    statement = (
        select(Customer)
        .where(Customer.id == customer_id)
        .options(joinedload(Customer.organization), selectinload(Customer.addresses))
    )
    customer = session.scalar(statement) if 0 < customer_id < 2**62 else None
    if customer is None:
        raise NotFound("There is no such customer.")
    return customer


def organization_for_domain(email: str) -> Organization | None:
    """The organization that owns the domain of an address, or None."""
    domain = email.rpartition("@")[2].lower()
    return session.scalar(select(Organization).where(Organization.domain == domain))


def orders_of(customer_id: int, limit: int = 50) -> list[Order]:
    """What a customer bought, newest first."""
    statement = (
        select(Order)
        .where(Order.customer_id == customer_id)
        .order_by(Order.ordered_at.desc(), Order.id.desc())
        .limit(limit)
    )
    return list(session.scalars(statement))


def notes_on(customer_id: int, limit: int = 50) -> list[CustomerNote]:
    """The staff's notes on a customer, newest first."""
    statement = (
        select(CustomerNote)
        .where(CustomerNote.customer_id == customer_id)
        .options(joinedload(CustomerNote.author))
        .order_by(CustomerNote.id.desc())
        .limit(limit)
    )
    return list(session.scalars(statement))
