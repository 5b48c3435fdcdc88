"""Doing bulk edits in short transactions: nobody waits long for the database, a crash costs one
step that is taken again, and one ticket that cannot be changed stops no other."""

import logging
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import joinedload, selectinload

from helpdesk.core.clock import now
from helpdesk.core.crash import crash_point
from helpdesk.core.db import session, transaction
from helpdesk.core.errors import HelpdeskError
from helpdesk.core.jobs import job
from helpdesk.core.journal import record
from helpdesk.core.turns import Turn
from helpdesk.tickets import changes
from helpdesk.tickets.bulk import undoing
from helpdesk.tickets.bulk.events import BulkEdited, BulkEditFinished, BulkUndoFinished
from helpdesk.tickets.bulk.models import BulkEdit, BulkLine, BulkState, Outcome
from helpdesk.tickets.bulk.queries import tally
from helpdesk.tickets.bulk.standing import standing, surroundings
from helpdesk.tickets.changes.about import FillIn
from helpdesk.tickets.clocks import SlaClock
from helpdesk.tickets.models import Ticket
from helpdesk.tickets.pauses import TicketPause
from helpdesk.tickets.queries import visible_to
from helpdesk.tickets.together import together

log = logging.getLogger(__name__)
STEP = 50
"""Tickets in one transaction, at most."""
STEP_SECONDS = 0.4
"""After this long a transaction ends; SQLite has one writer."""
PROPOSAL_LIFE = timedelta(days=1)
GONE = "You may not see it any more, or it is gone."
BROKEN = "Something went wrong; the log of the server tells what."


@job(queue="slow")
def run_bulk_edits() -> None:
    """Go on with what was asked for, the oldest first."""
    turn = Turn("slow")
    while turn.goes_on():
        with transaction():
            if not step():
                return
        crash_point("between_steps_of_a_bulk_edit")
    run_bulk_edits.wake()


@job(queue="slow")
def forget_proposals() -> None:
    """Forget bulk edits that were looked at and never started."""
    old = BulkEdit.state == BulkState.PROPOSED, BulkEdit.created_at < now() - PROPOSAL_LIFE
    with transaction():
        never = select(BulkEdit.id).where(*old)
        session.execute(delete(BulkLine).where(BulkLine.bulk_id.in_(never)))
        session.execute(delete(BulkEdit).where(*old))


def step() -> bool:
    """Deal with the next few tickets; False when nothing is left to do."""
    busy = (BulkState.RUNNING, BulkState.UNDOING)
    bulk = session.scalar(
        select(BulkEdit)
        .where(BulkEdit.state.in_(busy))
        .order_by(BulkEdit.id)
        .limit(1)
        .with_for_update(of=BulkEdit)
    )
    if bulk is None:
        return False
    undoes = bulk.state is BulkState.UNDOING
    lines = _lines(bulk, Outcome.CHANGED if undoes else None)
    if not lines:
        _finish(bulk)
        return True
    (_undo_some if undoes else _do_some)(bulk, lines)
    return True


def _lines(bulk: BulkEdit, outcome: Outcome | None) -> Sequence[BulkLine]:
    statement = select(BulkLine).where(BulkLine.bulk_id == bulk.id, BulkLine.outcome == outcome)
    return session.scalars(statement.order_by(BulkLine.ticket_id).limit(STEP)).all()


def _tickets(bulk: BulkEdit, lines: Sequence[BulkLine]) -> dict[int, Ticket]:
    """Those that whoever asked may still see, locked in the order of their numbers."""
    who = bulk.undo_by if bulk.state is BulkState.UNDOING and bulk.undo_by else bulk.by
    if not (who.is_staff and who.is_active):
        return {}
    statement = (
        select(Ticket)
        .where(Ticket.id.in_([line.ticket_id for line in lines]), visible_to(who))
        .options(
            selectinload(Ticket.tags),
            joinedload(Ticket.customer),
            joinedload(Ticket.team),
            joinedload(Ticket.assignee),
        )
        .order_by(Ticket.id)
        .with_for_update(of=Ticket)
        .execution_options(populate_existing=True)
    )
    return {ticket.id: ticket for ticket in session.scalars(statement)}


def _do_some(bulk: BulkEdit, lines: Sequence[BulkLine]) -> None:
    tickets, todo = _tickets(bulk, lines), bulk.todo
    around = surroundings(tickets)
    fields = [field.id for one in todo if isinstance(one, FillIn) for field in one.fields.values()]

    def do(line: BulkLine, ticket: Ticket) -> None:
        before, key = standing(ticket, fields), f"bulk-{bulk.id}-{ticket.id}"
        did = changes.apply(todo, ticket, by=bulk.by, key=key).did
        line.outcome = Outcome.CHANGED if did else Outcome.UNCHANGED
        if did:
            record(BulkEdited(ticket.id, bulk.id, list(did)), by=bulk.by)
            line.before = {**before, **around[ticket.id]}
            line.after = standing(ticket, fields)

    def goes_together(ticket: Ticket) -> bool:
        if ticket.merged_into_id is not None or not all(one.goes_together for one in todo):
            return False
        return not any(one.refusal for one in changes.foresee(todo, ticket, by=bulk.by))

    _each(bulk, lines, tickets, Doing(do, goes_together, Outcome.REFUSED))


def _undo_some(bulk: BulkEdit, lines: Sequence[BulkLine]) -> None:
    tickets = _tickets(bulk, lines)
    since = undoing.happened_since(bulk, tickets)

    def undo(line: BulkLine, ticket: Ticket) -> None:
        line.outcome, line.reason = undoing.take_back(bulk, line, ticket, since[ticket.id])

    together = all(one.do != FillIn.do for one in bulk.todo)
    _each(bulk, lines, tickets, Doing(undo, lambda _: together, Outcome.LEFT))


@dataclass(frozen=True)
class Doing:
    """What is done to each ticket, whether it can be done to it together with others, and what
    becomes of one that refuses."""

    do: Callable[[BulkLine, Ticket], None]
    goes_together: Callable[[Ticket], bool]
    refused: Outcome


def _each(
    bulk: BulkEdit, lines: Sequence[BulkLine], tickets: Mapping[int, Ticket], doing: Doing
) -> None:
    """Many together, which is several times faster; one by one whatever does not go together, and
    everything where something broke, so that this stops no other."""
    until = time.monotonic() + STEP_SECONDS
    for line in lines:
        if line.ticket_id not in tickets:
            line.outcome, line.reason = doing.refused, GONE
    meant = [(line, tickets[line.ticket_id]) for line in lines if line.ticket_id in tickets]
    try:
        with session.begin_nested(), together(tickets, TicketPause, SlaClock):
            alone = _together(meant, doing, until - STEP_SECONDS / 2)
    except Exception:
        log.exception("Bulk edit %s goes on with one ticket after the other.", bulk.id)
        alone = meant
    for line, ticket in alone:
        _alone(bulk, line, ticket, doing)
        if time.monotonic() > until:
            return


def _together(
    meant: Sequence[tuple[BulkLine, Ticket]], doing: Doing, until: float
) -> list[tuple[BulkLine, Ticket]]:
    """Those that do not go together; what time does not suffice for is left to the next step."""
    alone = []
    for line, ticket in meant:
        if not doing.goes_together(ticket):
            alone.append((line, ticket))
            continue
        doing.do(line, ticket)
        if time.monotonic() > until:
            break
    return alone


def _alone(bulk: BulkEdit, line: BulkLine, ticket: Ticket, doing: Doing) -> None:
    try:
        with session.begin_nested():
            doing.do(line, ticket)
    except HelpdeskError as error:
        line.outcome, line.reason = doing.refused, error.message
    except Exception:
        log.exception("Bulk edit %s failed on ticket %s.", bulk.id, line.ticket_id)
        line.outcome, line.reason = doing.refused, BROKEN


def _finish(bulk: BulkEdit) -> None:
    found = tally(bulk)
    if bulk.state is BulkState.UNDOING:
        bulk.state, bulk.undone_at = BulkState.UNDONE, now()
        left = found.get(Outcome.LEFT, 0) + found.get(Outcome.PARTLY, 0)
        record(BulkUndoFinished(bulk.id, found.get(Outcome.UNDONE, 0), left), by=bulk.undo_by)
        return
    bulk.state, bulk.finished_at = BulkState.DONE, now()
    numbers = [found.get(o, 0) for o in (Outcome.CHANGED, Outcome.UNCHANGED, Outcome.REFUSED)]
    record(BulkEditFinished(bulk.id, *numbers), by=bulk.by)
