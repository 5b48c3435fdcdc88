"""How the tickets of customers stood and went, as the journal told by one moment.

Tickets of restricted teams are left out, as in `past`.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import and_, or_, select

from helpdesk.churn.belonging import Belonging
from helpdesk.core.db import ask
from helpdesk.core.journal import JournalEntry
from helpdesk.core.paging import AnyRow
from helpdesk.tickets.models import Ticket
from helpdesk.tickets.queries import of_restricted_teams

QUARTER = timedelta(days=90)


@dataclass(slots=True)
class Care:
    """How these 90 days went: tickets by reopening, tickets by missed promise, and whether anything
    was promised at all."""

    reopened: list[int] = field(default_factory=list)
    missed: list[int] = field(default_factory=list)
    promised: bool = False


_OF_CARE = ("TicketReopened", "SlaBreached", "SlaPolicyChosen")


def care(whose: Belonging, at: datetime) -> dict[int, Care]:
    """What the journal tells of the last 90 days. A ticket that is open is looked at however long
    nobody touched it: a promise is broken by time alone."""
    rows = ask(
        select(Ticket.customer_id, Ticket.id, JournalEntry.event, JournalEntry.data)
        .join(
            JournalEntry,
            and_(JournalEntry.subject_kind == "ticket", JournalEntry.subject_id == Ticket.id),
        )
        .where(
            Ticket.customer_id.in_(whose.ids),
            Ticket.id.not_in(of_restricted_teams(whose.ids)),
            or_(Ticket.active_at >= at - QUARTER, Ticket.is_open),
            JournalEntry.event.in_(_OF_CARE),
            JournalEntry.at.between(at - QUARTER, at),
        )
        .order_by(JournalEntry.id)
    ).all()
    found: dict[int, Care] = defaultdict(Care)
    owners = whose.of("ticket.customer_id", rows)
    for row in rows:
        if row.id not in owners:
            continue
        known = found[owners[row.id]]
        if row.event == "TicketReopened":
            known.reopened.append(row.id)
        elif row.event == "SlaBreached":
            known.missed.append(row.id)
        if row.event == "SlaBreached" or (
            row.event == "SlaPolicyChosen" and row.data["after"] is not None
        ):
            known.promised = True
    return found


def open_tickets(whose: Belonging, at: datetime) -> dict[int, list[int]]:
    """Tickets that were neither resolved nor closed. One that nobody touched since is as it is;
    of the others the journal tells how they were."""
    rows = ask(
        select(Ticket.customer_id, Ticket.id, Ticket.is_open, Ticket.active_at, Ticket.resolved_at)
        .where(
            Ticket.customer_id.in_(whose.ids),
            Ticket.id.not_in(of_restricted_teams(whose.ids)),
            Ticket.created_at <= at,
            or_(Ticket.recorded_at.is_(None), Ticket.recorded_at <= at),
            or_(Ticket.is_open, Ticket.active_at > at),
        )
        .order_by(Ticket.id)
    ).all()
    touched = {row.id for row in rows if row.active_at > at}
    told = told_until(touched, ("TicketResolved", "TicketReopened", "TicketClosed"), at)
    last = {entry.subject_id: entry.event for entry in told}
    owners = whose.of("ticket.customer_id", rows)
    return _grouped(
        (owners[row.id], row.id) for row in rows if row.id in owners and _was_open(row, last, at)
    )


def _was_open(row: AnyRow, last: Mapping[int, str], at: datetime) -> bool:
    if row.active_at <= at:
        return bool(row.is_open)
    event = last.get(row.id)
    if event is None:  # nothing told: filed, or taken over from elsewhere as it was
        return row.resolved_at is None or row.resolved_at > at
    return event == "TicketReopened"


def told_until(ticket_ids: set[int], events: Sequence[str], at: datetime) -> Iterable[AnyRow]:
    """What the journal told of these tickets by then, in order."""
    if not ticket_ids:
        return ()
    return ask(
        select(JournalEntry.subject_id, JournalEntry.event, JournalEntry.data)
        .where(
            JournalEntry.subject_kind == "ticket",
            JournalEntry.subject_id.in_(ticket_ids),
            JournalEntry.event.in_(events),
            JournalEntry.at <= at,
        )
        .order_by(JournalEntry.at, JournalEntry.id)
    )


def _grouped(rows: Iterable[Sequence[int]]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = defaultdict(list)
    for customer_id, value in rows:
        found[customer_id].append(value)
    return found
