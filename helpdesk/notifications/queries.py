"""What somebody was told. What they may not see (any more) does not exist for them."""

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from helpdesk.accounts.models import Account
from helpdesk.core.db import session
from helpdesk.core.errors import NotFound
from helpdesk.core.ids import is_id
from helpdesk.core.paging import Page, keyset
from helpdesk.notifications.models import Notification
from helpdesk.tickets.models import Ticket
from helpdesk.tickets.queries import visible_to

LINES = 50
CAP = 100


def seen_by(viewer: Account) -> ColumnElement[bool]:
    """The condition under which `viewer` may read a notification that is theirs."""
    tickets = select(Ticket.id).where(Ticket.id == Notification.ticket_id, visible_to(viewer))
    visible = or_(Notification.ticket_id.is_(None), tickets.correlate(Notification).exists())
    return (Notification.account_id == viewer.id) & visible


def page_for(viewer: Account, cursor: str | None) -> Page[Notification]:
    """What they were told, newest first. Raises Invalid for a damaged cursor."""
    theirs = select(Notification).where(seen_by(viewer))
    return keyset(theirs, (Notification.created_at, Notification.id), cursor, LINES)


def notification_for(viewer: Account, number: int) -> Notification:
    """One of theirs. Raises NotFound."""
    mine = select(Notification).where(Notification.id == number, seen_by(viewer))
    found = session.scalar(mine) if is_id(number) else None
    if found is None:
        raise NotFound("There is no such notification, or it is not yours.")
    return found


def unread_about(viewer: Account, ticket_id: InstrumentedAttribute[int]) -> ColumnElement[bool]:
    """Whether they were told something about a ticket that they have not read."""
    return (
        select(Notification.id)
        .where(
            Notification.account_id == viewer.id,
            Notification.ticket_id == ticket_id,
            Notification.read_at.is_(None),
        )
        .exists()
    )


def unread_count(viewer: Account) -> Select[int]:
    """How many they have not read, counted to `CAP`; a statement to be joined with others."""
    some = select(Notification.id).where(seen_by(viewer), Notification.read_at.is_(None))
    return select(func.count()).select_from(some.limit(CAP).subquery())
