"""Questions that are not counts: what is at stake, who may leave, who stayed since when."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Row, func, select

from helpdesk.churn.models import ChurnFlag
from helpdesk.core.db import ask, session
from helpdesk.core.hours import Hours
from helpdesk.customers.models import Customer, Organization
from helpdesk.reports.access import Reader
from helpdesk.reports.counting import rows
from helpdesk.reports.measures import MEASURES
from helpdesk.reports.periods import Span
from helpdesk.reports.retention import Membership
from helpdesk.reports.selection import Selection
from helpdesk.reports.subjects import Column
from helpdesk.tickets.hours import BusinessHours
from helpdesk.tickets.models import Ticket
from helpdesk.tickets.policies import SlaPolicy


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


def waits(
    reader: Reader, measure: str, until: Column, selection: Selection
) -> Iterator[tuple[datetime, datetime, int | None]]:
    """When each row of a measure of time began and ended, and which policy its ticket has."""
    columns = Ticket.created_at, until, Ticket.sla_policy_id
    statement = rows(reader, MEASURES[measure], selection, *columns)
    return ((row[0], row[1], row[2]) for row in ask(statement))


def hours_by_policy() -> tuple[dict[int, Hours], Hours | None]:
    """The business hours of each policy, and those that count where a ticket has none: the first
    that were set up. None where nobody set up any."""
    kept = {each.id: each.hours for each in session.scalars(select(BusinessHours))}
    pairs = session.execute(select(SlaPolicy.id, SlaPolicy.hours_id))
    by_policy = {policy: kept[hours] for policy, hours in pairs if hours in kept}
    return by_policy, kept[min(kept)] if kept else None


def memberships(reader: Reader, selection: Selection, span: Span) -> list[Membership]:
    """From when to when those who began within the span were customers, in days where the company
    is."""
    zone = span.zone
    columns = Customer.customer_since, Customer.created_at, Customer.lost_on
    statement = rows(reader, MEASURES["customers_started"], selection.during(span), *columns)
    found = session.execute(statement)
    return [Membership(since or made.astimezone(zone).date(), left) for since, made, left in found]
