"""When a rule would have been asked in the past: at events, and when time had passed."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select, tuple_

from helpdesk.core.db import ask, session
from helpdesk.core.hours import Hours
from helpdesk.core.journal import JournalEntry
from helpdesk.rules.force import Held
from helpdesk.rules.happenings import HEARD_OF, happenings
from helpdesk.rules.models import RuleTrial
from helpdesk.rules.waiting import Wait, hours_of, lasts
from helpdesk.tickets.events import AgentReplied
from helpdesk.tickets.filters import reading_for
from helpdesk.tickets.models import Status, Ticket
from helpdesk.tickets.pauses import TicketPause

SLICE = 200


@dataclass(frozen=True)
class Occasion:
    """A ticket, and when and why the rule would have been asked about it."""

    ticket_id: int
    at: datetime
    because: str


@dataclass(frozen=True)
class Piece:
    """What one look found: occasions, how many rows were looked at, and the last of them."""

    occasions: Sequence[Occasion]
    looked: int
    last: list[Any] | None
    """None where the source has no more."""


Source = Callable[[RuleTrial, Held, list[Any]], Piece]


def sources_of(rule: Held) -> list[Source]:
    """Where occasions are found, one after another."""
    kinds = {trigger.kind for trigger in rule.triggers}
    events = sorted({event.__name__ for kind in kinds for event in HEARD_OF[kind]})
    found: list[Source] = [_of_event(name) for name in events]
    if rule.wait is not None:
        found += [_lasting, *(_PAST.get(rule.wait.kind, ()))]
    return found


def how_many(trial: RuleTrial, rule: Held) -> int:
    """About how many rows there are to look at."""
    kinds = {trigger.kind for trigger in rule.triggers}
    events = {event.__name__ for kind in kinds for event in HEARD_OF[kind]}
    entries = select(func.count()).where(
        JournalEntry.event.in_(events), JournalEntry.at.between(trial.since, trial.until)
    )
    return session.scalar(entries) or 0


def _of_event(name: str) -> Source:
    def entries(trial: RuleTrial, rule: Held, after: list[Any]) -> Piece:
        statement = select(JournalEntry).where(
            JournalEntry.event == name, JournalEntry.at.between(trial.since, trial.until)
        )
        if after:
            place = (datetime.fromisoformat(after[0]), after[1])
            statement = statement.where(tuple_(JournalEntry.at, JournalEntry.id) > place)
        ordered = statement.order_by(JournalEntry.at, JournalEntry.id).limit(SLICE)
        rows = session.scalars(ordered).all()
        names = reading_for(None).names
        found = [
            Occasion(one.ticket_id, row.at, one.because)
            for row in rows
            for one in happenings(row.to_event())
            if rule.hears(one, names)
        ]
        last = [rows[-1].at.isoformat(), rows[-1].id] if len(rows) == SLICE else None
        return Piece(found, len(rows), last)

    return entries


def _lasting(trial: RuleTrial, rule: Held, after: list[Any]) -> Piece:
    """What lasts today."""
    wait, hours, because = _counted(rule)
    found = lasts(wait.lasting).where(wait.lasting.since <= trial.until)
    if after:
        found = found.where(Ticket.id > after[0])
    rows = ask(found.order_by(Ticket.id).limit(SLICE)).all()
    dues = [(row.id, wait.due(row.since, hours)) for row in rows]
    occasions = [
        Occasion(ticket_id, due, because)
        for ticket_id, due in dues
        if due is not None and trial.since <= due <= trial.until
    ]
    return Piece(occasions, len(rows), [rows[-1].id] if len(rows) == SLICE else None)


def _paused(status: Status) -> Source:
    def ended(trial: RuleTrial, rule: Held, after: list[Any]) -> Piece:
        """Pauses that ended since."""
        wait, hours, because = _counted(rule)
        found = select(
            TicketPause.id, TicketPause.ticket_id, TicketPause.started_at, TicketPause.ended_at
        ).where(TicketPause.status == status, TicketPause.ended_at.is_not(None))
        found = found.where(TicketPause.id > (after[0] if after else 0))
        rows = ask(found.order_by(TicketPause.id).limit(SLICE * 10)).all()
        occasions = [
            Occasion(row.ticket_id, due, because)
            for row in rows
            if (due := wait.due(row.started_at, hours)) and due < row.ended_at
            if trial.since <= due <= trial.until
        ]
        last = [rows[-1].id] if len(rows) == SLICE * 10 else None
        return Piece(occasions, len(rows), last)

    return ended


def _answered(trial: RuleTrial, rule: Held, after: list[Any]) -> Piece:
    """Customers who waited that long before they were answered."""
    wait, hours, because = _counted(rule)
    statement = select(JournalEntry.id, JournalEntry.at, JournalEntry.subject_id, JournalEntry.data)
    statement = statement.where(
        JournalEntry.event == AgentReplied.__name__,
        JournalEntry.at >= trial.since,
    )
    if after:
        place = (datetime.fromisoformat(after[0]), after[1])
        statement = statement.where(tuple_(JournalEntry.at, JournalEntry.id) > place)
    ordered = statement.order_by(JournalEntry.at, JournalEntry.id).limit(SLICE)
    rows = ask(ordered).all()
    occasions = []
    for row in rows:
        waited = row.data.get("waited_seconds")
        due = wait.due(row.at - timedelta(seconds=waited), hours) if waited else None
        if due is not None and due < row.at and trial.since <= due <= trial.until:
            occasions.append(Occasion(row.subject_id, due, because))
    last = [rows[-1].at.isoformat(), rows[-1].id] if len(rows) == SLICE else None
    return Piece(occasions, len(rows), last)


def _counted(rule: Held) -> tuple[Wait, Hours, str]:
    """The wait of a rule that has one, its hours, and it in words."""
    if rule.wait is None:
        raise ValueError("This rule waits for nothing.")
    hours, name = hours_of(rule.wait)
    return rule.wait, hours, rule.wait.words(name)


_PAST: dict[str, tuple[Source, ...]] = {
    "pending": (_paused(Status.PENDING),),
    "on_hold": (_paused(Status.ON_HOLD),),
    "unanswered": (_answered,),
}
