"""Telling somebody, reading it, and saying how one wants to be told."""

from collections.abc import Iterable
from datetime import timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select, update

from helpdesk.accounts.models import Account
from helpdesk.core.clock import now
from helpdesk.core.db import session
from helpdesk.core.errors import Invalid
from helpdesk.core.settings import settings
from helpdesk.core.text import one_line
from helpdesk.notifications.models import DEFAULT, Kind, Notification, QuietHours, Way, Wish
from helpdesk.notifications.quiet import Quiet
from helpdesk.tickets.models import Ticket
from helpdesk.tickets.queries import visible_to

SOON = timedelta(minutes=1)
"""What is read in the page within this time is not mailed."""


def tell(
    who: Account | None,
    kind: Kind,
    words: str,
    cause: str,
    *,
    ticket_id: int | None = None,
    address: str = "",
    by: int | None = None,
) -> bool:
    """Tell somebody of the staff, once for each cause, as they prefer; not what they did
    themselves (`by`), and nothing about a ticket that they may not see."""
    if who is None or not who.is_active or not who.is_staff or who.id == by:
        return False
    way = way_of(who, kind)
    if way is Way.NEVER or not _may_see(who, ticket_id) or _was_told(who, cause):
        return False
    told = Notification(
        account_id=who.id,
        cause=cause,
        kind=kind,
        words=one_line(words, 200),
        ticket_id=ticket_id,
        address=address,
        created_at=now(),
    )
    if way is Way.AT_ONCE:
        told.mail_at = now() + SOON
    elif way is Way.DAILY:
        told.mail_at = quiet_of(who).next_daily(now())
    session.add(told)
    session.flush()
    return True


def _may_see(who: Account, ticket_id: int | None) -> bool:
    if ticket_id is None:
        return True
    seen = select(Ticket.id).where(Ticket.id == ticket_id, visible_to(who))
    return session.scalar(seen) is not None


def _was_told(who: Account, cause: str) -> bool:
    same = Notification.account_id == who.id, Notification.cause == cause
    return session.scalar(select(Notification.id).where(*same)) is not None


def way_of(who: Account, kind: Kind) -> Way:
    """How somebody wants to be told of a kind."""
    wish = session.get(Wish, (who.id, kind))
    return wish.way if wish else DEFAULT


def ways_of(who: Account) -> dict[Kind, Way]:
    """The same of every kind."""
    chosen = select(Wish.kind, Wish.way).where(Wish.account_id == who.id)
    return dict.fromkeys(Kind, DEFAULT) | {row[0]: row[1] for row in session.execute(chosen)}


def quiet_of(who: Account) -> Quiet:
    """When somebody is left alone, where they live."""
    zone = ZoneInfo(who.time_zone or settings().time_zone)
    hours = session.get(QuietHours, who.id)
    return hours.rule(zone) if hours else Quiet(zone)


def read(mine: Account, only: Iterable[int] | None = None, ticket_id: int | None = None) -> None:
    """They have read these, what is about a ticket, or all. Twice is harmless."""
    unread = update(Notification).where(
        Notification.account_id == mine.id, Notification.read_at.is_(None)
    )
    if only is not None:
        unread = unread.where(Notification.id.in_(list(only)))
    if ticket_id is not None:
        unread = unread.where(Notification.ticket_id == ticket_id)
    session.execute(unread.values(read_at=now(), mail_at=None))


def choose(who: Account, ways: dict[Kind, Way], hours: QuietHours) -> None:
    """Keep how somebody wants to be told. Raises Invalid for half a time of quiet."""
    if (hours.quiet_from is None) != (hours.quiet_until is None):
        raise Invalid("Quiet hours need a beginning and an end.")
    for kind, way in ways.items():
        session.merge(Wish(account_id=who.id, kind=kind, way=way))
    hours.account_id = who.id
    session.merge(hours)
    session.flush()
