"""Counting the clocks of every open ticket anew, in small steps that can be taken up again."""

import logging
from datetime import datetime

from sqlalchemy import ForeignKey, Index, select
from sqlalchemy.orm import Mapped, mapped_column

from helpdesk.accounts.models import Account
from helpdesk.core.clock import now
from helpdesk.core.db import BIG_ID, Id, Model, session, transaction
from helpdesk.core.jobs import job
from helpdesk.tickets import clocks
from helpdesk.tickets.models import Ticket

log = logging.getLogger(__name__)
STEP = 50
"""Tickets in one transaction: nobody waits long for their locks."""
STEPS = 200
"""Steps of one job; another one goes on where it stopped."""


class Recount(Model):
    """What made it necessary, and how far it came."""

    __tablename__ = "sla_recount"
    id: Mapped[Id]
    why: Mapped[str]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    created_at: Mapped[datetime]
    done_to: Mapped[int] = mapped_column(BIG_ID, default=0)
    """The number of the last ticket that was counted."""
    failed: Mapped[int] = mapped_column(default=0)
    finished_at: Mapped[datetime | None] = mapped_column()

    __table_args__ = (
        Index(
            "ix_sla_recount_unfinished",
            "id",
            sqlite_where=finished_at.is_(None),
            postgresql_where=finished_at.is_(None),
        ),
    )


def ask_for_recount(why: str, *, by: Account | None) -> Recount:
    """Let every open ticket be counted anew; `why` is what their journals say."""
    recount = Recount(why=why, by_id=by.id if by else None, created_at=now())
    session.add(recount)
    session.flush()
    recount_open.enqueue_once()
    return recount


def unfinished() -> Recount | None:
    """The recount that is on its way, the oldest first."""
    statement = select(Recount).where(Recount.finished_at.is_(None)).order_by(Recount.id).limit(1)
    return session.scalar(statement)


@job(queue="slow")
def recount_open() -> None:
    """Go on with what was asked for. A crash costs one step, which is taken again."""
    for _ in range(STEPS):
        with transaction():
            if not _step():
                return
    recount_open.wake()


def _step() -> bool:
    """Count the next few tickets; False when nothing is left to do."""
    recount = session.scalar(
        select(Recount)
        .where(Recount.finished_at.is_(None))
        .order_by(Recount.id)
        .limit(1)
        .with_for_update()
    )
    if recount is None:
        return False
    tickets = session.scalars(
        select(Ticket)
        .where(Ticket.is_open, Ticket.id > recount.done_to)
        .order_by(Ticket.id)
        .limit(STEP)
        .with_for_update(of=Ticket)
    ).all()
    for ticket in tickets:
        recount.done_to = ticket.id
        recount.failed += not _counted(ticket, recount.why)
    if len(tickets) < STEP:
        recount.finished_at = now()
    return True


def _counted(ticket: Ticket, why: str) -> bool:
    """Whether the ticket could be counted; one that cannot holds up no other."""
    try:
        with session.begin_nested():
            clocks.refresh(ticket, why=why)
    except Exception:
        log.exception("The clocks of ticket %s could not be counted.", ticket.id)
        return False
    return True
