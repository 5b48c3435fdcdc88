"""Questions about mails that came in."""

import zlib
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, Select, func, or_, select
from sqlalchemy.orm import undefer

from helpdesk.accounts.models import Account
from helpdesk.core.clock import now
from helpdesk.core.db import ask, session
from helpdesk.core.errors import NotFound
from helpdesk.core.ids import by_id, is_id
from helpdesk.intake.models import InboundEmail, Mailbox, MailPiece, MailToken, Outcome
from helpdesk.tickets.models import Ticket
from helpdesk.tickets.queries import visible_to


def raw_of(email: InboundEmail) -> bytes:
    """The bytes of a mail, exactly as they came."""
    pieces = select(MailPiece.content).where(MailPiece.email_id == email.id)
    content = b"".join(session.scalars(pieces.order_by(MailPiece.number)))
    return zlib.decompress(content) if email.packed else content


def same_mail(identity: str, other_than: int) -> InboundEmail | None:
    """The mail with that identity that came first, or None."""
    statement = select(InboundEmail).where(
        InboundEmail.identity == identity, InboundEmail.id != other_than
    )
    return session.scalar(statement)


def how_many_from(sender: str, since: datetime) -> int:
    """How many mails this address sent since then."""
    statement = select(func.count()).where(
        InboundEmail.sender == sender, InboundEmail.received_at > since
    )
    return session.scalar(statement) or 0


def how_many_tickets(within: timedelta) -> int:
    """How many mails became tickets lately."""
    statement = select(func.count()).where(
        InboundEmail.outcome == Outcome.TICKET, InboundEmail.received_at > now() - within
    )
    return session.scalar(statement) or 0


def mails(viewer: Account, outcome: str = "", words: str = "") -> Select[InboundEmail]:
    """The mails in the log that `viewer` may see: those of tickets that they may not see do not
    exist for them. `outcome` may be "waiting"; `words` are an address, a Message-ID, the beginning
    of a hash, or part of a subject."""
    seen = select(Ticket.id).where(visible_to(viewer))
    statement = select(InboundEmail).where(
        or_(InboundEmail.ticket_id.is_(None), InboundEmail.ticket_id.in_(seen))
    )
    if outcome == "waiting":
        statement = statement.where(InboundEmail.next_try_at.is_not(None))
    elif outcome:
        statement = statement.where(InboundEmail.outcome == Outcome(outcome))
    if words:
        statement = statement.where(_about(words))
    return statement


def _about(words: str) -> Any:
    return or_(
        InboundEmail.sender == words.lower(),
        InboundEmail.message_id == words,
        InboundEmail.sha256.startswith(words.lower(), autoescape=True),
        func.lower(InboundEmail.subject).contains(words.lower(), autoescape=True),
    )


def mail_for(viewer: Account, email_id: int, *, to_change: bool = False) -> InboundEmail:
    """One mail with everything in it. Raises NotFound where `viewer` may not see it."""
    statement = mails(viewer).where(InboundEmail.id == email_id).options(undefer("*"))
    if to_change:
        statement = statement.with_for_update(of=InboundEmail)
    email = session.scalar(statement) if is_id(email_id) else None
    if email is None:
        raise NotFound("There is no such mail.")
    return email


_LOG = select(
    InboundEmail.id,
    InboundEmail.sha256,
    InboundEmail.message_id,
    InboundEmail.outcome,
    InboundEmail.ticket_id,
    InboundEmail.text,
    InboundEmail.attachments,
    InboundEmail.reason,
    InboundEmail.received_at,
    InboundEmail.door,
    InboundEmail.sender,
    InboundEmail.subject,
).order_by(InboundEmail.id)
_AT_ONCE = 200


def whole_log() -> Iterator[Row[*tuple[Any, ...]]]:
    """Every mail, in the order in which they came, a few at a time."""
    last = 0
    while rows := ask(_LOG.where(InboundEmail.id > last).limit(_AT_ONCE)).all():
        yield from rows
        last = rows[-1].id


def mailboxes(*, active: bool = False) -> list[Mailbox]:
    """The mailboxes by address; `active` leaves out those that are switched off."""
    statement = select(Mailbox).order_by(Mailbox.address)
    return list(session.scalars(statement.where(Mailbox.active) if active else statement))


def mailbox_by_id(mailbox_id: int, *, to_change: bool = False) -> Mailbox:
    """Raises NotFound."""
    found = by_id(Mailbox, mailbox_id, with_for_update=to_change)
    if found is None:
        raise NotFound("There is no such mailbox.")
    return found


def tokens() -> list[MailToken]:
    """Tokens that are good, newest first."""
    good = select(MailToken).where(MailToken.revoked_at.is_(None))
    return list(session.scalars(good.order_by(MailToken.id.desc())))
