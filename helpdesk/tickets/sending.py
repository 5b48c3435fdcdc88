"""Replies while they may be taken back: what is kept of them, and who sees them meanwhile.

A colleague sees a reply at once. Its customer sees it, on the portal as by mail, once its writer
can no longer take it back: what somebody has read was sent.
"""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, ForeignKey, Index, Select, delete, func, select
from sqlalchemy.orm import Mapped, mapped_column

from helpdesk.accounts.models import Account
from helpdesk.core.clock import now
from helpdesk.core.db import BIG_ID, Model, ask, session
from helpdesk.core.ids import is_id
from helpdesk.core.settings import settings
from helpdesk.tickets.models import Message

KEPT_FOR = timedelta(days=1)
"""How long the files of a reply that was taken back wait in its form."""


def window() -> timedelta:
    """For how long a reply may be taken back."""
    return timedelta(seconds=settings().undo_send_seconds)


class SentReply(Model):
    """A reply as long as it may be taken back, and where its files went."""

    __tablename__ = "sent_reply"
    message_id: Mapped[int] = mapped_column(BIG_ID, primary_key=True, autoincrement=False)
    """Of a row that is gone once it was taken back."""
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id", ondelete="CASCADE"), index=True)
    author_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    sent_at: Mapped[datetime]
    email_ids: Mapped[list[Any]]
    before: Mapped[dict[str, Any]]
    """How the ticket stood, see `Standing`."""
    after: Mapped[dict[str, Any]]
    first_entry: Mapped[int] = mapped_column(BIG_ID)
    last_entry: Mapped[int] = mapped_column(BIG_ID)
    """Entries of the journal from after the first to the last are the reply's own."""
    taken_back_at: Mapped[datetime | None]
    form_key: Mapped[str | None]
    """Ties its files to the form that it goes back to."""

    __table_args__ = (Index("ix_sent_reply_sent_at", "sent_at"),)

    def may_be_taken_back(self, at: datetime) -> bool:
        """Not done yet, and nobody can have read it. At the last moment a worker may be first."""
        return self.taken_back_at is None and at <= self.sent_at + window()


def sent_reply(message_id: int) -> SentReply | None:
    """The reply with that number, as it stands in the database."""
    known = is_id(message_id)
    return session.get(SentReply, message_id, populate_existing=True) if known else None


def has_arrived(at: datetime) -> ColumnElement[bool]:
    """The condition under which a message is there for those it is written to: a reply that its
    writer may still take back is not."""
    return Message.id.not_in(_waiting(at).with_only_columns(SentReply.message_id))


def tickets_waiting(ticket_ids: Collection[int], at: datetime) -> set[int]:
    """Those of these tickets on which there is a reply that has not arrived."""
    here = SentReply.ticket_id.in_(ticket_ids)
    found = _waiting(at).with_only_columns(SentReply.ticket_id).where(here)
    return set(session.scalars(found)) if ticket_ids else set()


def settles_at(ticket_id: int, entry_id: int) -> datetime | None:
    """When the reply that brought an entry of the journal about can be taken back no more; None
    where that is over, or no reply did."""
    of_reply = SentReply.first_entry < entry_id, SentReply.last_entry >= entry_id
    found = _waiting(now()).where(SentReply.ticket_id == ticket_id, *of_reply)
    sent = session.scalar(found.limit(1))
    return sent.sent_at + window() if sent else None


def _waiting(at: datetime) -> Select[SentReply]:
    return select(SentReply).where(
        SentReply.sent_at > at - window(), SentReply.taken_back_at.is_(None)
    )


def form_after(message_id: int, ticket_id: int, by: Account) -> str | None:
    """The form that has the files of a reply on this ticket that `by` took back lately."""
    sent = sent_reply(message_id)
    theirs = sent and sent.author_id == by.id and sent.ticket_id == ticket_id
    return sent.form_key if sent and theirs else None


def free_number() -> int | None:
    """The number of the next message, where the database would give out that of one that was taken
    back: SQLite begins again after the last that is there. None where it numbers by itself."""
    if session.get_bind().dialect.name != "sqlite":
        return None
    session.flush()
    number: int | None = ask(_FREE_NUMBER).scalar()
    return number


_LAST = select(func.max(Message.id)).scalar_subquery()
_TAKEN = select(func.max(SentReply.message_id)).scalar_subquery()
_FREE_NUMBER = select(_TAKEN + 1).where(func.coalesce(_LAST, 0) < _TAKEN)


def forget_old() -> None:
    """Forget how tickets stood before replies that went out long ago; the last one keeps its number
    from being given out again."""
    last = select(func.max(SentReply.message_id)).scalar_subquery()
    old = SentReply.sent_at < now() - KEPT_FOR, SentReply.message_id < last
    session.execute(delete(SentReply).where(*old), execution_options={"synchronize_session": False})
