"""Which rows fall into a span. Bounds may be values or columns, so that one statement can ask about
many spans at once."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import String, and_, case, func, literal, or_, select
from sqlalchemy.orm import aliased

from helpdesk.churn.models import ChurnFlag
from helpdesk.core.journal import JournalEntry
from helpdesk.customers.models import Customer
from helpdesk.reports.elapsed import seconds_between
from helpdesk.reports.subjects import Bounds, Column, Condition
from helpdesk.tickets.events import TicketReopened, TicketResolved
from helpdesk.tickets.models import Ticket


def happens(column: Column) -> Callable[[Bounds], Condition]:
    """What has its moment in the span."""

    def falls(bounds: Bounds) -> Condition:
        between = and_(column >= bounds.start, column < bounds.end)
        if bounds.around is None:
            return between
        first, last = bounds.around
        return and_(between, column >= first, column < last)

    return falls


def is_open_at_end(bounds: Bounds) -> Condition:
    """Filed before the end and not resolved then, nor merged into another one. Only a ticket that
    was reopened needs the journal: its columns have forgotten the earlier resolution."""
    turn = aliased(JournalEntry)
    last_turn = (
        select(turn.event)
        .where(
            turn.subject_kind == "ticket",
            turn.subject_id == Ticket.id,
            turn.event.in_((TicketResolved.__name__, TicketReopened.__name__)),
            turn.at < bounds.end,
        )
        .order_by(turn.at.desc(), turn.id.desc())
        .limit(1)
        .correlate_except(turn)
        .scalar_subquery()
    )
    # Almost everything was filed before: the database must not walk along that index, but along
    # those of what is open and of what was resolved since. So the column is hidden from it.
    filed = func.coalesce(Ticket.created_at, Ticket.created_at) < bounds.end
    was_resolved = and_(Ticket.reopenings > 0, last_turn == TicketResolved.__name__)
    return and_(
        filed,
        or_(Ticket.resolved_at.is_(None), Ticket.resolved_at >= bounds.end),
        or_(Ticket.merged_into_id.is_(None), Ticket.closed_at >= bounds.end),
        ~func.coalesce(was_resolved, False),
    )


def age_at_end(bounds: Bounds) -> Column:
    """How long ago a ticket was filed, at the end of the span: up to a day, a week, a month."""
    age = seconds_between(Ticket.created_at, bounds.end)
    steps = zip(("a_day", "a_week", "a_month"), (1, 7, 30), strict=True)
    return case(
        *((age <= days * 86_400, literal(name, String)) for name, days in steps),
        else_=literal("longer", String),
    )


def is_flag_open_at_end(bounds: Bounds) -> Condition:
    """Raised before the end and not closed then."""
    closed_later = or_(ChurnFlag.closed_at.is_(None), ChurnFlag.closed_at >= bounds.end)
    return and_(ChurnFlag.raised_at < bounds.end, closed_later)


def _began_before(day: Column, moment: Column) -> Condition:
    """Since when somebody is a customer: the date on the record, else when it was made."""
    return case(
        (Customer.customer_since.is_(None), Customer.created_at < moment),
        else_=Customer.customer_since < day,
    )


def began(bounds: Bounds) -> Condition:
    """Became a customer within the span."""
    return and_(
        Customer.merged_into_id.is_(None),  # the same person twice is one customer
        _began_before(bounds.following, bounds.end),
        ~_began_before(bounds.first, bounds.start),
    )


def was_here(bounds: Bounds) -> Condition:
    """Was a customer for a part of the span at least."""
    left_later = or_(Customer.lost_on.is_(None), Customer.lost_on >= bounds.first)
    there_once = Customer.merged_into_id.is_(None)
    return and_(there_once, _began_before(bounds.following, bounds.end), left_later)


def fate(bounds: Bounds) -> Column:
    """What became of somebody who was here for a part of the span, as retention counts it."""
    old = _began_before(bounds.first, bounds.start)
    still = or_(Customer.lost_on.is_(None), Customer.lost_on >= bounds.following)
    return case(
        (and_(old, still), literal("stayed", String)),
        (old, literal("left", String)),
        (still, literal("new", String)),
        else_=literal("came_and_left", String),
    )
