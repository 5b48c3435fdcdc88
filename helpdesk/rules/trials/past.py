"""Tickets as they were at moments of the past, as far as the journal tells.

It tells status, priority, team, assignee and tags: these are walked back from today through every
later change. All else that a condition may ask (words, customers, tone, ratings, flags, what is
due) is as it is today. The conditions are those of lists; only what stands in the ticket's columns
is put in their place as it was.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Column, ColumnElement, cast, false, literal, select, true
from sqlalchemy.sql.visitors import replacement_traverse

from helpdesk.core.db import ask
from helpdesk.core.journal import JournalEntry
from helpdesk.rules.matching import Unit, condition_of
from helpdesk.tickets.filters import reading_for
from helpdesk.tickets.filters.clauses import Clause, Condition, Either
from helpdesk.tickets.filters.reading import Is, Reading
from helpdesk.tickets.models import DONE, Priority, Status, Ticket
from helpdesk.tickets.queries import TAG_NAMES, split_tags

SETTLED = timedelta(seconds=1)
"""What else the same transaction changed is recorded within this time, and rules saw it."""
TOLD = frozenset({"status", "priority", "team", "assignee", "tag", "created", "number", "channel"})
OF_TODAY = frozenset({"waiting", "snoozed", "merged"})
"""What `is:` may ask that is not told."""
CHANGES = (
    "StatusChanged",
    "TicketResolved",
    "TicketReopened",
    "TicketClosed",
    "PriorityChanged",
    "TicketMovedToTeam",
    "TicketAssigned",
    "TagsChanged",
)


@dataclass(frozen=True)
class Was:
    """A ticket as it was."""

    status: Status
    priority: Priority
    team_id: int | None
    assignee_id: int | None
    tags: frozenset[str]

    def columns(self) -> Mapping[str, object]:
        """By the names of the ticket's columns."""
        return {
            "status": self.status,
            "is_open": self.status not in DONE,
            "priority": self.priority,
            "team_id": self.team_id,
            "assignee_id": self.assignee_id,
        }


@dataclass(frozen=True)
class ReadingThen(Reading):
    """A reading at a moment of the past, of one ticket with the tags it had."""

    tags: frozenset[str] = frozenset()

    def tagged(self, names: Sequence[str]) -> Is:
        """It had one of them; of no names, any."""
        return true() if (self.tags.intersection(names) if names else self.tags) else false()


def were(moments: Collection[tuple[int, datetime]]) -> dict[tuple[int, datetime], Was]:
    """What the tickets were like at these moments; those that are gone are left out."""
    ids = {ticket_id for ticket_id, _ in moments}
    present = {row.id: row for row in ask(_present(ids))}
    changes: dict[int, list[Any]] = {}
    for row in ask(_changes(ids, min((at for _, at in moments), default=None))):
        changes.setdefault(row.subject_id, []).append(row)
    return {
        (ticket_id, at): _walked_back(present[ticket_id], changes.get(ticket_id, []), at)
        for ticket_id, at in moments
        if ticket_id in present
    }


def _present(ids: Collection[int]) -> Any:
    return select(
        Ticket.id,
        Ticket.status,
        Ticket.priority,
        Ticket.team_id,
        Ticket.assignee_id,
        TAG_NAMES.label("tags"),
    ).where(Ticket.id.in_(ids))


def _changes(ids: Collection[int], since: datetime | None) -> Any:
    statement = select(
        JournalEntry.subject_id, JournalEntry.at, JournalEntry.event, JournalEntry.data
    ).where(
        JournalEntry.subject_kind == "ticket",
        JournalEntry.subject_id.in_(ids),
        JournalEntry.event.in_(CHANGES),
    )
    if since is not None:
        statement = statement.where(JournalEntry.at > since)
    return statement.order_by(JournalEntry.subject_id, JournalEntry.id.desc())


def _walked_back(row: Any, changes: Sequence[Any], at: datetime) -> Was:
    tags = frozenset(split_tags(row.tags))
    was = Was(row.status, row.priority, row.team_id, row.assignee_id, tags)
    for change in changes:
        if change.at > at + SETTLED:
            was = _undone(was, change.event, change.data)
    return was


def _undone(was: Was, event: str, data: Mapping[str, Any]) -> Was:
    if event == "TagsChanged":
        return replace(was, tags=(was.tags - set(data["added"])) | set(data["removed"]))
    if event == "PriorityChanged":
        return replace(was, priority=Priority(data["before"]))
    if event == "TicketMovedToTeam":
        return replace(was, team_id=data["before"])
    if event == "TicketAssigned":
        return replace(was, assignee_id=data["before"])
    before = Status.RESOLVED if event == "TicketClosed" else Status(data["before"])
    return replace(was, status=before)


def held_then(ticket_id: int, at: datetime, was: Was, units: Sequence[Unit]) -> bool:
    """Whether the ticket fulfilled all of this then. Raises FilterError."""
    if not units:
        return True
    now = reading_for(None, one=True)
    reading = ReadingThen(None, at, now.zone, now.names, one=True, tags=was.tags)
    conditions = [_as_it_was(condition_of(unit, reading), was) for unit in units]
    found = select(Ticket.id).where(Ticket.id == ticket_id, *conditions)
    return ask(found).first() is not None


def _as_it_was(condition: ColumnElement[bool], was: Was) -> ColumnElement[bool]:
    known = was.columns()

    def then(element: Any, **_kw: Any) -> Any:
        is_ours = isinstance(element, Column) and element.table is Ticket.__table__
        if not is_ours or element.name not in known:
            return None
        return cast(literal(known[element.name], element.type), element.type)

    return replacement_traverse(condition, {}, then)


def of_today(clauses: Sequence[Clause]) -> list[str]:
    """Those of these clauses that were answered with what is so today, as they are written."""
    return [str(clause) for clause in clauses if not _is_told(clause)]


def _is_told(clause: Clause) -> bool:
    if isinstance(clause, Either):
        return all(_is_told(one) for option in clause.options for one in option)
    if not isinstance(clause, Condition):
        return False
    return clause.name in TOLD or (clause.name == "is" and OF_TODAY.isdisjoint(clause.values))
