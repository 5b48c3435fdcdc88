"""Proposing bulk edits, starting them, and asking for them back."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, func, insert, literal, select

from helpdesk.accounts.models import Account
from helpdesk.core.clock import now
from helpdesk.core.db import session
from helpdesk.core.errors import Conflict, Forbidden, Invalid
from helpdesk.core.journal import record
from helpdesk.tickets import changes
from helpdesk.tickets.bulk.events import BulkEditStarted, BulkUndoStarted
from helpdesk.tickets.bulk.models import BulkEdit, BulkLine, BulkState
from helpdesk.tickets.bulk.running import run_bulk_edits
from helpdesk.tickets.changes import Changes
from helpdesk.tickets.filters import parse
from helpdesk.tickets.models import Ticket
from helpdesk.tickets.queries import visible_to

MOST = 10_000
"""Tickets of one bulk edit."""


def chosen(numbers: Sequence[int], text: str, viewer: Account) -> list[ColumnElement[bool]]:
    """The condition for the tickets that are meant: those with these numbers or, where there are
    none, those that fulfil a filter; only what `viewer` may see. Raises FilterError."""
    if numbers:
        return [visible_to(viewer), Ticket.id.in_(numbers)]
    return parse(text).where(viewer)


def count(where: Sequence[ColumnElement[bool]]) -> int:
    """How many tickets are meant, counted to one more than there may be."""
    some = select(literal(1)).select_from(Ticket).where(*where).limit(MOST + 1)
    return session.scalar(select(func.count()).select_from(some.subquery())) or 0


def propose(numbers: Sequence[int], text: str, todo: Changes, *, by: Account) -> BulkEdit:
    """Write down which tickets are meant and what is to be done to them; nothing is done before
    `start`.

    Raises Invalid for no ticket or for too many, FilterError for a filter that is none.
    """
    where = chosen(numbers, text, by)
    total = count(where)
    if not total:
        raise Invalid("No ticket is meant. Select some, or choose another filter.")
    if total > MOST:
        raise Invalid(f"More than {MOST:,} tickets are meant. Narrow the filter.")
    bulk = BulkEdit(
        by_id=by.id,
        changes=changes.as_json(todo),
        text=None if numbers else str(parse(text)),
        total=total,
        created_at=now(),
        state=BulkState.PROPOSED,
    )
    session.add(bulk)
    session.flush()
    meant = select(literal(bulk.id), Ticket.id).where(*where).order_by(Ticket.id).limit(MOST)
    session.execute(insert(BulkLine).from_select(["bulk_id", "ticket_id"], meant))
    lines = select(func.count()).select_from(BulkLine).where(BulkLine.bulk_id == bulk.id)
    bulk.total = session.scalar(lines) or 0
    return bulk


def start(bulk: BulkEdit, *, confirmed: bool, by: Account) -> None:
    """Let it be done. Twice is harmless.

    `confirmed` says that its customers may be written to. Raises Forbidden for somebody else's,
    Invalid where that was not confirmed.
    """
    if bulk.by_id != by.id:
        raise Forbidden("Whoever proposed a bulk edit starts it.")
    if bulk.state is not BulkState.PROPOSED:
        return
    if bulk.writes and not confirmed:
        raise Invalid("Tick the box: this writes to customers, and that cannot be taken back.")
    bulk.state, bulk.started_at = BulkState.RUNNING, now()
    record(BulkEditStarted(bulk.id, bulk.total, changes.described(bulk.todo)), by=by)
    run_bulk_edits.enqueue_once()


def undo(bulk: BulkEdit, *, by: Account) -> None:
    """Let what it changed be as before, where nobody changed it since. Twice is harmless.

    Raises Conflict while it still goes on.
    """
    if bulk.state in (BulkState.UNDOING, BulkState.UNDONE):
        return
    if bulk.state is not BulkState.DONE:
        raise Conflict("Only a bulk edit that is over can be undone.")
    bulk.state, bulk.undo_by_id = BulkState.UNDOING, by.id
    record(BulkUndoStarted(bulk.id), by=by)
    run_bulk_edits.enqueue_once()
