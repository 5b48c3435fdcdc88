"""Times during which a resolution does not count: who began them, when, and why they ended."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from helpdesk.accounts.models import Account
from helpdesk.core.clock import now
from helpdesk.core.db import Id, Model
from helpdesk.tickets.models import Status, Ticket
from helpdesk.tickets.together import add_row, rows_of

PAUSING = (Status.PENDING, Status.ON_HOLD)


class TicketPause(Model):
    """One pause of one ticket."""

    __tablename__ = "ticket_pause"
    id: Mapped[Id]
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id", ondelete="CASCADE"))
    status: Mapped[Status]
    """What it paused for: pending, on hold or, between two resolutions, resolved."""
    started_at: Mapped[datetime]
    started_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    ended_at: Mapped[datetime | None]
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    ended_because: Mapped[str | None] = mapped_column(String(60))

    __table_args__ = (Index("ix_ticket_pause_ticket", "ticket_id", "id"),)


def pauses_of(ticket: Ticket) -> Sequence[TicketPause]:
    """All of them, oldest first."""
    return rows_of(TicketPause, ticket.id)


def follow_status(ticket: Ticket, *, by: Account | None) -> None:
    """The status changed: end the pause that lasts, and begin another where it pauses now."""
    end(ticket, f"set to {ticket.status.value.replace('_', ' ')}", by=by)
    if ticket.status in PAUSING:
        pause = TicketPause(
            ticket_id=ticket.id,
            status=ticket.status,
            started_at=now(),
            started_by_id=by.id if by else None,
        )
        add_row(pause, ticket.id)


def end(ticket: Ticket, because: str, *, by: Account | None) -> None:
    """End whatever pause lasts. Twice is harmless."""
    for pause in pauses_of(ticket):
        if pause.ended_at is None:
            pause.ended_at, pause.ended_because = now(), because
            pause.ended_by_id = by.id if by else None


def keep_resolved_time(ticket: Ticket, since: datetime, *, by: Account | None) -> None:
    """It is opened again: the time since it was resolved counts for nothing."""
    pause = TicketPause(
        ticket_id=ticket.id,
        status=Status.RESOLVED,
        started_at=since,
        ended_at=now(),
        ended_by_id=by.id if by else None,
        ended_because="opened again",
    )
    add_row(pause, ticket.id)
