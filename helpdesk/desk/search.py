"""Finding tickets and customers by what one remembers of them."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, or_, select, union

from helpdesk.accounts.models import Account
from helpdesk.core.db import session
from helpdesk.core.prefix import begins_with
from helpdesk.core.text import one_line
from helpdesk.customers.models import Address, Customer, Organization
from helpdesk.tickets.models import Ticket
from helpdesk.tickets.queries import LARGEST_NUMBER, visible_to

LONGEST = 200
NEWEST = 20_000
"""So many of the newest subjects are read; older ones are found by number or customer."""
_MOST_CUSTOMERS = 50
_MOST_TICKETS = 500


def number_in(text: str) -> int | None:
    """The ticket number that `text` is, with or without #."""
    digits = text.strip().removeprefix("#")
    number = int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 19 else 0
    return number if 0 < number < LARGEST_NUMBER else None


def ticket_exists(viewer: Account, number: int) -> bool:
    """Whether `viewer` may see a ticket with that number."""
    found = session.scalar(select(Ticket.id).where(Ticket.id == number, visible_to(viewer)))
    return found is not None


def matching(text: str) -> list[ColumnElement[bool]]:
    """The condition for tickets of a customer whose name, address or organization begins with
    `text`, or in whose subject words begin with all of its words; an address is looked for among
    customers alone."""
    by_customer = (
        select(Ticket.id)
        .where(Ticket.customer_id.in_(customer_ids(text)))
        .order_by(Ticket.id.desc())
        .limit(_MOST_TICKETS)
    )
    if "@" in text:
        return [Ticket.id.in_(by_customer)]
    parts = [select(part.subquery()) for part in (_by_subject(text), by_customer)]
    return [Ticket.id.in_(union(*parts))]


def _by_subject(text: str) -> Select[int]:
    words = one_line(text, LONGEST).split()
    newest = select(Ticket.id, Ticket.subject).order_by(Ticket.id.desc()).limit(NEWEST).subquery()
    return (
        select(newest.c.id)
        .where(*[_begins_a_word(newest.c.subject, word) for word in words])
        .limit(_MOST_TICKETS)
    )


def _begins_a_word(text: ColumnElement[str], start: str) -> ColumnElement[bool]:
    return or_(
        text.istartswith(start, autoescape=True), text.icontains(f" {start}", autoescape=True)
    )


def customer_ids(text: str) -> Select[int]:
    """Ids of customers whose name, address or organization begins with `text`."""
    start = one_line(text, LONGEST)
    by_name = (
        select(Customer.id).where(begins_with(Customer.name_lower, start)).limit(_MOST_CUSTOMERS)
    )
    by_address = (
        select(Address.customer_id)
        .where(begins_with(Address.email, start.lower()))
        .limit(_MOST_CUSTOMERS)
    )
    by_organization = (
        select(Customer.id)
        .join(Organization, Organization.id == Customer.organization_id)
        .where(begins_with(Organization.name_lower, start))
        .limit(_MOST_CUSTOMERS)
    )
    parts = [select(part.subquery()) for part in (by_name, by_address, by_organization)]
    found = union(*parts).subquery()
    return select(found.c[0])


def customers_like(text: str, limit: int = 6) -> Sequence[Row[*tuple[Any, ...]]]:
    """Customers whose name, address or organization begins with `text`, by name."""
    statement = (
        select(
            Customer.id, Customer.name, Customer.flagged_at, Organization.name.label("organization")
        )
        .outerjoin(Organization, Organization.id == Customer.organization_id)
        .where(Customer.id.in_(customer_ids(text)))
        .order_by(Customer.name, Customer.id)
        .limit(limit)
    )
    return session.execute(statement).all()
