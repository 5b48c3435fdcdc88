"""Questions about bulk edits."""

from collections.abc import Mapping, Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from helpdesk.accounts.models import Account
from helpdesk.core.db import session
from helpdesk.core.errors import NotFound
from helpdesk.core.ids import is_id
from helpdesk.tickets.bulk.models import BulkEdit, BulkLine, BulkState, Outcome
from helpdesk.tickets.models import Ticket
from helpdesk.tickets.queries import visible_to

SHOWN = 50
Told = tuple[int, str, Outcome, str | None]
"""A ticket's number and subject, what became of it, and why."""


def bulk_for(viewer: Account, bulk_id: int, *, to_change: bool = False) -> BulkEdit:
    """A bulk edit of one's own; administrators see all. Raises NotFound when there is none."""
    statement = select(BulkEdit).where(BulkEdit.id == bulk_id)
    if not viewer.is_admin:
        statement = statement.where(BulkEdit.by_id == viewer.id)
    if to_change:
        statement = statement.with_for_update(of=BulkEdit)
    bulk = session.scalar(statement) if is_id(bulk_id) else None
    if bulk is None:
        raise NotFound("There is no such bulk edit, or it is somebody else’s.")
    return bulk


def bulk_edits_of(viewer: Account) -> list[BulkEdit]:
    """What one did lately, newest first; administrators see everybody's."""
    statement = select(BulkEdit).where(BulkEdit.state != BulkState.PROPOSED)
    if not viewer.is_admin:
        statement = statement.where(BulkEdit.by_id == viewer.id)
    statement = statement.options(joinedload(BulkEdit.by)).order_by(BulkEdit.id.desc())
    return list(session.scalars(statement.limit(SHOWN)))


def tally(bulk: BulkEdit) -> Mapping[Outcome | None, int]:
    """How many of its tickets became what; None for those that are to be done."""
    statement = (
        select(BulkLine.outcome, func.count())
        .where(BulkLine.bulk_id == bulk.id)
        .group_by(BulkLine.outcome)
    )
    return {row[0]: row[1] for row in session.execute(statement)}


def told(bulk: BulkEdit, outcomes: Sequence[Outcome], viewer: Account) -> list[Told]:
    """The first tickets that became one of these, as far as `viewer` may see them (still)."""
    statement = (
        select(Ticket.id, Ticket.subject, BulkLine.outcome, BulkLine.reason)
        .join(Ticket, Ticket.id == BulkLine.ticket_id)
        .where(BulkLine.bulk_id == bulk.id, BulkLine.outcome.in_(outcomes), visible_to(viewer))
        .order_by(Ticket.id)
        .limit(SHOWN)
    )
    return [(row.id, row.subject, row.outcome, row.reason) for row in session.execute(statement)]


def sample(bulk: BulkEdit, viewer: Account) -> list[Ticket]:
    """The first tickets that are meant, for looking what would happen to them."""
    statement = (
        select(Ticket)
        .join(BulkLine, BulkLine.ticket_id == Ticket.id)
        .where(BulkLine.bulk_id == bulk.id, visible_to(viewer))
        .options(joinedload(Ticket.customer), joinedload(Ticket.team), joinedload(Ticket.assignee))
        .order_by(Ticket.id)
        .limit(SHOWN)
    )
    return list(session.scalars(statement))
