"""The list of customers, by name."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Row, func, select, tuple_

from helpdesk.core.db import session
from helpdesk.customers.models import Address, Customer, Organization
from helpdesk.desk.search import customer_ids

SIZE = 50
_ADDRESS = (
    select(Address.email)
    .where(Address.customer_id == Customer.id)
    .order_by(Address.bounced_at.is_not(None), Address.is_primary.desc(), Address.id)
    .limit(1)
    .correlate(Customer)
    .scalar_subquery()
)
_EVERYBODY = select(
    Customer.id,
    Customer.name,
    Customer.tier,
    Customer.health,
    Customer.flagged_at,
    Customer.sentiment,
    Customer.sentiment_n,
    Customer.last_score,
    Customer.lost_on,
    Organization.name.label("organization"),
    _ADDRESS.label("email"),
).outerjoin(Organization, Organization.id == Customer.organization_id)
_CUSTOMERS = _EVERYBODY.where(Customer.merged_into_id.is_(None))


@dataclass(frozen=True)
class Directory:
    """A page of customers; `after` and `before` are the ids that the pages beside it start from."""

    rows: Sequence[Row[*tuple[Any, ...]]]
    after: int | None
    before: int | None


def directory(
    text: str,
    after: int | None = None,
    before: int | None = None,
    where: Sequence[ColumnElement[bool]] = (),
) -> Directory:
    """Customers by name, of those whose name, address or organization begins with `text`, and that
    fulfil what else is said."""
    backwards = after is None and before is not None
    anchor = session.get(Customer, before if backwards else after) if after or before else None
    statement = _CUSTOMERS.where(*where)
    if text:
        statement = statement.where(Customer.id.in_(customer_ids(text)))
    if anchor is not None:
        here, there = tuple_(Customer.name, Customer.id), tuple_(anchor.name, anchor.id)
        statement = statement.where(here < there if backwards else here > there)
    order = [Customer.name, Customer.id]
    rows = list(
        session.execute(
            statement.order_by(*[c.desc() for c in order] if backwards else order).limit(SIZE + 1)
        )
    )
    more, rows = len(rows) > SIZE, rows[:SIZE]
    if backwards:
        rows.reverse()
    further, earlier = (True, more) if backwards else (more, anchor is not None)
    return Directory(
        rows,
        rows[-1].id if rows and further else None,
        rows[0].id if rows and earlier else None,
    )


def everybody(where: Sequence[ColumnElement[bool]], most: int) -> Sequence[Row[*tuple[Any, ...]]]:
    """Customers by name that fulfil something, at most so many."""
    statement = _CUSTOMERS.where(*where).order_by(Customer.name, Customer.id).limit(most)
    return session.execute(statement).all()


def how_many(where: Sequence[ColumnElement[bool]], most: int) -> int:
    """How many fulfil it, not counted further than `most`."""
    some = select(Customer.id).where(*where).limit(most).subquery()
    return session.scalar(select(func.count()).select_from(some)) or 0
