"""Links that are mailed: each good once, for one purpose, until it expires.

Opening one changes nothing, because mail gateways open links; a press of the button does.
"""

from datetime import timedelta
from enum import StrEnum

from flask import current_app
from sqlalchemy import select

from helpdesk.accounts.models import MailedLink, Role
from helpdesk.core.clock import now
from helpdesk.core.db import session
from helpdesk.core.security import hash_token, new_token
from helpdesk.core.settings import settings


class Purpose(StrEnum):
    SIGN_IN = "sign-in"
    JOIN = "join"
    PASSWORD = "password"  # noqa: S105 - the name of a purpose
    INVITATION = "invitation"


LIFE = {
    Purpose.SIGN_IN: timedelta(minutes=15),
    Purpose.JOIN: timedelta(hours=24),
    Purpose.PASSWORD: timedelta(minutes=15),
    Purpose.INVITATION: timedelta(days=7),
}


def make(purpose: Purpose, email: str, *, role: Role | None = None) -> tuple[MailedLink, str]:
    """A new link for whoever reads mail at `email`, and its absolute address."""
    token = new_token()
    link = MailedLink(
        purpose=purpose,
        email=email,
        token_hash=hash_token(token),
        role=role,
        created_at=now(),
        expires_at=now() + LIFE[purpose],
    )
    session.add(link)
    session.flush()
    path: str = current_app.url_map.bind("").build("portal.mailed_link", {"token": token})
    return link, settings().public_url + path


def good_link(token: str, *, to_use: bool = False) -> MailedLink | None:
    """The link with this token while it is good. `to_use` keeps others from using it meanwhile."""
    statement = select(MailedLink).where(MailedLink.token_hash == hash_token(token))
    if to_use:
        statement = statement.with_for_update()
    link = session.scalar(statement)
    return link if link is not None and link.is_good(now()) else None


def spend(link: MailedLink) -> None:
    """The link was used."""
    link.used_at = now()


def spend_all(email: str) -> None:
    """Whatever else was mailed to this address is worth nothing any more; after a password was
    chosen, for example, or after a role was taken up."""
    unused = select(MailedLink).where(MailedLink.email == email, MailedLink.used_at.is_(None))
    for link in session.scalars(unused):
        spend(link)
