"""Questions that are not counts: what is at stake, who may leave, who stayed since when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import Row, func, select

from helpdesk.churn.models import ChurnFlag
from helpdesk.core.db import session
from helpdesk.customers.models import Customer, Organization
from helpdesk.reports.access import Reader
from helpdesk.reports.counting import rows
from helpdesk.reports.measures import MEASURES
from helpdesk.reports.periods import Span
from helpdesk.reports.retention import Membership
from helpdesk.reports.selection import Selection


@dataclass(frozen=True)
class AtRisk:
    """What contracts of customers who may leave are worth a year; each organization once."""

    customers: int
    organizations: int
    value: Decimal


def at_risk(reader: Reader, selection: Selection) -> AtRisk:
    """What is at stake with the flags that stand at the end of the period."""
    flagged = rows(reader, MEASURES["flags_open"], selection, ChurnFlag.customer_id).subquery()
    worth = select(Organization.contract_value).where(
        Organization.contract_value.is_not(None),
        Organization.id.in_(
            select(Customer.organization_id).where(Customer.id.in_(select(flagged.c.customer_id)))
        ),
    )
    values = worth.subquery()
    customers, number, value = session.execute(
        select(
            select(func.count()).select_from(flagged).scalar_subquery(),
            func.count(),
            func.sum(values.c.contract_value),
        ).select_from(values)
    ).one()
    return AtRisk(customers, number, Decimal(value or 0))


def flags_by_value(reader: Reader, selection: Selection, limit: int) -> Sequence[Row[Any]]:
    """The flags that stand at the end of the period, the largest contract first."""
    statement = rows(
        reader,
        MEASURES["flags_open"],
        selection,
        ChurnFlag.id,
        ChurnFlag.state,
        ChurnFlag.raised_at,
        Customer.name.label("customer"),
        Customer.health,
        Organization.name.label("organization"),
        Organization.contract_value,
        Organization.renews_on,
    )
    return session.execute(
        statement.join(Customer, Customer.id == ChurnFlag.customer_id)
        .outerjoin(Organization, Organization.id == Customer.organization_id)
        .order_by(Organization.contract_value.desc().nulls_last(), ChurnFlag.raised_at.desc())
        .limit(limit)
    ).all()


def memberships(reader: Reader, selection: Selection, span: Span) -> list[Membership]:
    """From when to when those who began within the span were customers, in days where the company
    is."""
    zone = span.zone
    columns = Customer.customer_since, Customer.created_at, Customer.lost_on
    statement = rows(reader, MEASURES["customers_started"], selection.during(span), *columns)
    found = session.execute(statement)
    return [Membership(since or made.astimezone(zone).date(), left) for since, made, left in found]
