"""What became of promises, row by row: kept or broken, and what may have led to a breach."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Integer, String, and_, case, cast, exists, func, literal, or_, select
from sqlalchemy.orm import aliased

from helpdesk.core.journal import JournalEntry
from helpdesk.reports.falling import happens
from helpdesk.reports.subjects import Bounds, Column, Condition
from helpdesk.tickets.events import (
    SlaBreached,
    SlaMet,
    TicketAssigned,
    TicketMovedToTeam,
    TicketReopened,
)

KEPT, BROKEN = SlaMet.__name__, SlaBreached.__name__
ENDS = (KEPT, BROKEN)
HANDED_ON = 3
"""So many changes of team or assignee before a breach are a cause of their own."""

OF_PROMISE: Mapping[str, Column] = {
    "policy": cast(JournalEntry.data["policy_id"].as_string(), Integer),
    "target": JournalEntry.data["target"].as_string(),
}
kept = case((JournalEntry.event == KEPT, literal("kept", String)), else_=literal("broken", String))


def ends_once(bounds: Bounds) -> Condition:
    """Came to an end in the span. Each start of a clock counts once, however often its ticket was
    resolved: as a breach if it was one, as `tickets.kept` counts too."""
    other = aliased(JournalEntry)
    same = [
        other.data[name].as_string() == JournalEntry.data[name].as_string()
        for name in ("target", "policy_id", "started_at")
    ]
    outweighs = or_(
        and_(other.event == BROKEN, JournalEntry.event == KEPT),
        and_(other.event == JournalEntry.event, other.id < JournalEntry.id),
    )
    counted = exists().where(
        other.subject_kind == "ticket",
        other.subject_id == JournalEntry.subject_id,
        other.event.in_(ENDS),
        happens(other.at)(bounds),
        outweighs,
        *same,
    )
    return and_(happens(JournalEntry.at)(bounds), ~counted.correlate_except(other))


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
