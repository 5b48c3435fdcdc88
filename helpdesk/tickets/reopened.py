"""Survivors of a merge that were resolved, and go on because what came to them is open.

How such a one stood is kept with the merge. Undone, it stands so again, unless something else
keeps it open: another open ticket that was merged into it, its customer's own question, or
somebody who set its status since.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Select, func, or_, select

from helpdesk.accounts.models import Account
from helpdesk.core.db import Json, session
from helpdesk.core.journal import JournalEntry
from helpdesk.tickets import actions
from helpdesk.tickets.models import OPEN, Message, MessageKind, Status, Ticket
from helpdesk.tickets.pauses import TicketPause, pauses_of
from helpdesk.tickets.recall import STATUS_EVENTS, mark_undone

BROKEN = ("SlaWarned", "SlaBreached")
"""While it was open for others, nothing was promised on it but to them."""
UNDONE = (*STATUS_EVENTS, "TicketAssigned", *BROKEN)
"""What opening it brings about, and has not happened when that is undone."""


def reopen(into: Ticket, clocks: Json, *, by: Account) -> Json:
    """Open it again; how it stood, with these clocks."""
    resolved_at, before = into.resolved_at, into.assignee_id
    since = _last_entry(into)
    actions.reopen(into, by=by)
    session.flush()
    return {
        "resolved_at": resolved_at.isoformat() if resolved_at else None,
        "assignee": [before, into.assignee_id],
        "pause": pauses_of(into)[-1].id,
        "entries": [since, since],
        "clocks": clocks,
    }


def settle(into: Ticket, was: Json) -> Json:
    """The same, once all is done that belongs to the merge."""
    return was | {"entries": [was["entries"][0], _last_entry(into)]}


def resolve_again(into: Ticket, was: Json, others: Sequence[Json]) -> bool:
    """Let it be resolved as it was, now that what it was opened for is gone; False where something
    else keeps it open. `others` are what was merged into it still."""
    if any(Status(other["status"]) in OPEN for other in others) or _moved_on(into, was):
        return False
    pause = session.get_one(TicketPause, was["pause"])
    into.status, into.reopenings = Status.RESOLVED, into.reopenings - 1
    into.resolved_at = datetime.fromisoformat(was["resolved_at"])
    into.waiting_since = None
    assignee, given = was["assignee"]
    if into.assignee_id == given:
        into.assignee_id = assignee
    session.delete(pause)
    after, until = was["entries"]
    brought = or_(JournalEntry.event.in_(BROKEN), JournalEntry.id <= until)
    own = _entries(into, after).where(JournalEntry.event.in_(UNDONE), brought)
    for entry in session.scalars(own.with_for_update()):
        mark_undone(entry)
    return True


def _moved_on(into: Ticket, was: Json) -> bool:
    """Somebody set its status since, or its own customer asked on it."""
    later = _entries(into, was["entries"][1]).where(JournalEntry.event.in_(STATUS_EVENTS)).limit(1)
    opened = session.get_one(TicketPause, was["pause"]).ended_at
    asked = (
        select(Message.id)
        .where(
            Message.ticket_id == into.id,
            Message.kind == MessageKind.CUSTOMER,
            Message.came_to_id.is_(None),
            Message.created_at > opened,
        )
        .limit(1)
    )
    return session.scalar(later) is not None or session.scalar(asked) is not None


def _entries(into: Ticket, after: int) -> Select[JournalEntry]:
    return select(JournalEntry).where(
        JournalEntry.subject_kind == "ticket",
        JournalEntry.subject_id == into.id,
        JournalEntry.id > after,
    )


def _last_entry(into: Ticket) -> int:
    session.flush()
    mine = JournalEntry.subject_kind == "ticket", JournalEntry.subject_id == into.id
    return session.scalar(select(func.max(JournalEntry.id)).where(*mine)) or 0
