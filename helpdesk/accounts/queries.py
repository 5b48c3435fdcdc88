"""Questions about accounts."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select

from helpdesk.accounts.links import Purpose
from helpdesk.accounts.models import STAFF, Account, MailedLink
from helpdesk.core.db import session
from helpdesk.core.errors import NotFound
from helpdesk.core.ids import by_id


def staff_at(emails: Iterable[str]) -> dict[str, Account]:
    """Who of us signs in with these addresses (in lower case), by address."""
    rows = session.scalars(
        select(Account).where(Account.email.in_(set(emails)), Account.role.in_(STAFF))
    )
    return {row.email: row for row in rows}


def account_at(email: str) -> Account | None:
    """The account with this address, whoever it belongs to, or None."""
    return session.scalar(select(Account).where(Account.email == email.strip().lower()))


def staff() -> list[Account]:
    """Everybody who works here, by name."""
    statement = select(Account).where(Account.role.in_(STAFF)).order_by(Account.name, Account.id)
    return list(session.scalars(statement))


def open_invitations(at: datetime) -> list[MailedLink]:
    """Invitations that can still be accepted, newest first."""
    statement = (
        select(MailedLink)
        .where(
            MailedLink.purpose == Purpose.INVITATION,
            MailedLink.used_at.is_(None),
            MailedLink.expires_at > at,
        )
        .order_by(MailedLink.id.desc())
        .limit(200)
    )
    return list(session.scalars(statement))


def invitation(link_id: int) -> MailedLink:
    """The invitation with this id, good or not. Raises NotFound when there is none."""
    link = by_id(MailedLink, link_id)
    if link is None or link.purpose != Purpose.INVITATION:
        raise NotFound("There is no such invitation.")
    return link
