"""Questions that are not counts: what is at stake, who may leave, who stayed since when."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import Row, func, select

from helpdesk.churn.models import ChurnFlag
from helpdesk.core.db import ask, session
from helpdesk.customers.models import Customer, Organization
from helpdesk.reports.access import Reader
from helpdesk.reports.counting import conditions, rows, slots_of
from helpdesk.reports.measures import MEASURES
from helpdesk.reports.periods import Span
from helpdesk.reports.retention import Membership
from helpdesk.reports.selection import Selection
from helpdesk.reports.subjects import Bounds


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


def stays(
    reader: Reader, selection: Selection, months: Sequence[Span], as_of: date
) -> Counter[Membership]:
    """How many were customers from when to when, of those who began by the end of the months.

    Most customers differ from others in nothing that counts here, so they are counted by the
    database, along an index. Whoever has no first day on the record began when it was made: for
    them the first day of the month stands, or that after `as_of` in its month, or the day before
    all the months.
    """
    bounds = Bounds.of(Span(months[0].first, months[-1].last, months[0].zone))
    measure = MEASURES["customers_started"]
    counted = (
        Customer.merged_into_id.is_(None),
        *conditions(reader, measure, selection, bounds),
    )
    since, left = Customer.customer_since, Customer.lost_on
    dated = select(since, left, func.count()).where(*counted, since <= months[-1].last)
    found = Counter(
        {Membership(row[0], row[1]): row[2] for row in ask(dated.group_by(since, left))}
    )
    spans = _whole_months(months, as_of)
    slots = slots_of(spans)
    made = (
        *counted,
        since.is_(None),
        Customer.created_at >= slots.c.start,
        Customer.created_at < slots.c.end,
    )
    here = select(func.count()).where(*made, left.is_(None)).correlate(slots).scalar_subquery()
    gone = select(slots.c.slot, left, func.count()).where(*made, left.is_not(None))
    rows = [
        *((slot, None, number) for slot, number in ask(select(slots.c.slot, here))),
        *ask(gone.group_by(slots.c.slot, left)),
    ]
    for slot, day, number in rows:
        begin = spans[slot].first if slot else spans[0].last
        found[Membership(begin, day)] += number
    return +found


def _whole_months(months: Sequence[Span], as_of: date) -> list[Span]:
    """All time before, the months, and the last of them in two where it is not over."""
    day, zone = timedelta(days=1), months[0].zone
    spans = [Span(date(1, 1, 2), months[0].first - day, zone), *months]
    if months[-1].first <= as_of < months[-1].last:
        last = spans.pop()
        spans += [Span(last.first, as_of, zone), Span(as_of + day, last.last, zone)]
    return spans
