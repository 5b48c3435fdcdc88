"""Tokens that let programs hand in mails. A token is shown once; its hash is kept."""

from datetime import timedelta

from sqlalchemy import select

from helpdesk.accounts.models import Account
from helpdesk.core.clock import now
from helpdesk.core.db import session
from helpdesk.core.errors import Invalid, NotFound
from helpdesk.core.ids import by_id
from helpdesk.core.journal import record
from helpdesk.core.security import hash_token, new_token
from helpdesk.core.text import one_line
from helpdesk.intake.events import MailTokenMade, MailTokenRevoked
from helpdesk.intake.models import MailToken

NOTED_EVERY = timedelta(hours=1)
"""How exactly it is known when a token was used last."""


def make_token(name: str, *, by: Account | None = None) -> tuple[MailToken, str]:
    """A new token and its words, which are told nowhere else. Raises Invalid without a name."""
    name = one_line(name, 60)
    if not name:
        raise Invalid("Name the program that will use it.")
    words = new_token()
    token = MailToken(name=name, token_hash=hash_token(words), created_at=now())
    session.add(token)
    session.flush()
    record(MailTokenMade(token.id), by=by)
    return token, words


def token_behind(authorization: str) -> MailToken | None:
    """The good token in an Authorization header (RFC 6750), or None."""
    scheme, _, words = authorization.partition(" ")
    if scheme.lower() != "bearer" or not words.strip():
        return None
    statement = select(MailToken).where(
        MailToken.token_hash == hash_token(words.strip()), MailToken.revoked_at.is_(None)
    )
    return session.scalar(statement)


def use(token: MailToken) -> None:
    """Note that it was used just now, or an hour ago at most."""
    if token.used_at is None or now() - token.used_at > NOTED_EVERY:
        token.used_at = now()


def revoke_token(token_id: int, *, by: Account) -> None:
    """It lets nobody in any more. Twice is harmless. Raises NotFound."""
    token = by_id(MailToken, token_id)
    if token is None:
        raise NotFound("There is no such token.")
    if token.revoked_at is None:
        token.revoked_at = now()
        record(MailTokenRevoked(token.id), by=by)
