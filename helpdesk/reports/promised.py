"""What became of promises, row by row: kept or broken, and what may have led to a breach."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Integer, String, and_, case, cast, func, literal, select
from sqlalchemy.orm import aliased

from helpdesk.core.journal import JournalEntry
from helpdesk.reports.falling import happens
from helpdesk.reports.subjects import Bounds, Column, Condition
from helpdesk.tickets.events import (
    TicketAssigned,
    TicketMovedToTeam,
    TicketReopened,
)
from helpdesk.tickets.kept import KEPT, counts

HANDED_ON = 3
"""So many changes of team or assignee before a breach are a cause of their own."""

OF_PROMISE: Mapping[str, Column] = {
    "policy": cast(JournalEntry.data["policy_id"].as_string(), Integer),
    "target": JournalEntry.data["target"].as_string(),
}
kept = case((JournalEntry.event == KEPT, literal("kept", String)), else_=literal("broken", String))


def ends(bounds: Bounds) -> Condition:
    """Came to an end in the span, by the entry that counts for it."""
    return and_(counts(), happens(JournalEntry.at)(bounds))


def _before(*events: type) -> tuple[type[JournalEntry], Condition]:
    """Entries about the same ticket that came before this one."""
    other = aliased(JournalEntry)
    return other, and_(
        other.subject_kind == "ticket",
        other.subject_id == JournalEntry.subject_id,
        other.event.in_([event.__name__ for event in events]),
        other.at <= JournalEntry.at,
    )


def _last_assignee() -> Column:
    other, before = _before(TicketAssigned)
    after = other.data["after"].as_string()
    newest = select(after).where(before).order_by(other.at.desc(), other.id.desc()).limit(1)
    return newest.correlate_except(other).scalar_subquery()


def _times(*events: type) -> Column:
    other, before = _before(*events)
    number = select(func.count()).select_from(other).where(before)
    return number.correlate_except(other).scalar_subquery()


why_broken = case(
    (_last_assignee().is_(None), literal("nobody_had_it", String)),
    (_times(TicketReopened) > 0, literal("came_back", String)),
    (
        _times(TicketAssigned, TicketMovedToTeam) >= HANDED_ON,
        literal("handed_on", String),
    ),
    else_=literal("in_work", String),
)
"""What the journal knows of the time before a breach; the first that holds."""
