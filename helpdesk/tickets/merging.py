"""Merging tickets: one goes on in another, and it can be undone.

The messages of the one that is merged move to the other, its survivor, each remembering the ticket
that it came to. What was counted stays where it was counted: breaches, first replies and ratings
belong to the ticket on which they happened. The one that was merged is closed, keeps everything
else that it had, and its number leads to the survivor.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ForeignKey, Index, select, update
from sqlalchemy.orm import Mapped, mapped_column, relationship

from helpdesk.accounts.models import Account
from helpdesk.core.clock import now
from helpdesk.core.db import Id, Json, Model, session
from helpdesk.core.errors import Conflict, Invalid
from helpdesk.core.journal import record
from helpdesk.tickets import actions, clocks, reopened
from helpdesk.tickets.clocks import SlaClock
from helpdesk.tickets.mailing import add_watcher
from helpdesk.tickets.models import Status, Ticket
from helpdesk.tickets.moving import follow_messages, message_ids, move_messages
from helpdesk.tickets.queries import locked
from helpdesk.tickets.sla import REPLIES, Target
from helpdesk.tickets.survivors import survivor_of
from helpdesk.tickets.unions import TicketMerged, TicketTookIn
from helpdesk.tickets.watching import carry_watches


class TicketMerge(Model):
    """One merge, undone or not. `saved` is what undoing it puts back: numbers and moments, never
    what somebody wrote."""

    __tablename__ = "ticket_merge"
    id: Mapped[Id]
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id", ondelete="CASCADE"))
    into_id: Mapped[int] = mapped_column(ForeignKey("ticket.id", ondelete="CASCADE"))
    merged_at: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    saved: Mapped[Json]
    undone_at: Mapped[datetime | None]
    undone_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))

    by: Mapped[Account | None] = relationship(foreign_keys=[by_id])

    __table_args__ = (
        Index("ix_ticket_merge_ticket", "ticket_id", "id"),
        Index("ix_ticket_merge_into", "into_id", "id"),
    )


@dataclass(frozen=True)
class Concern:
    """What somebody has to agree to before two tickets become one."""

    kind: str
    sentence: str


class Unconfirmed(Conflict):
    """Merging would show somebody what they could not see before."""


def concerns_about(ticket: Ticket, into: Ticket) -> Sequence[Concern]:
    """Who would read what they cannot read now, once `ticket` goes on in `into`."""
    found = []
    mine, theirs = ticket.customer, into.customer
    if mine.id != theirs.id:
        found.append(
            Concern(
                "customer",
                f"They are of different customers: {theirs.name} will read everything that"
                f" {mine.name} and we wrote on #{ticket.id}, and answers go to {theirs.name}.",
            )
        )
    elif (
        into.organization
        and into.organization.shares_tickets
        and (ticket.organization_id != into.organization_id)
    ):
        found.append(
            Concern(
                "organization",
                f"{into.organization.name} shares its requests among its people: they will read"
                f" everything on #{ticket.id}.",
            )
        )
    team = ticket.team
    if team is not None and team.restricted and team.id != into.team_id:
        found.append(
            Concern(
                "team",
                f"{team.name} keeps its tickets to itself: whoever sees #{into.id} will read"
                f" everything on #{ticket.id}.",
            )
        )
    return found


def merge(
    ticket: Ticket,
    into: Ticket,
    *,
    by: Account,
    seen: tuple[int, int] | None = None,
    confirmed: bool = False,
    keep_copies: bool = False,
) -> TicketMerge:
    """Let `ticket` go on in `into`, or in what that was merged into itself, which is open again
    where `ticket` is open. `seen` are the versions
    of both that somebody looked at; `keep_copies` lets another customer have a copy of answers.

    Raises Invalid for one and the same, Conflict where one of them changed or cannot be merged,
    Unconfirmed where there are concerns that nobody agreed to.
    """
    into = survivor_of(into)
    for number in sorted((ticket.id, into.id)):
        locked(number)
    _require_possible(ticket, into)
    if seen is not None and seen != (ticket.version, into.version):
        raise Conflict("One of the two changed meanwhile. Look at them again.")
    concerns = concerns_about(ticket, into)
    if concerns and not confirmed:
        raise Unconfirmed(" ".join(concern.sentence for concern in concerns))
    ids = message_ids(ticket)
    held = TicketMerge(ticket_id=ticket.id, into_id=into.id, merged_at=now(), by_id=by.id, saved={})
    saved: Json = {"messages": ids, "ticket": _state_of(ticket), "into": _state_of(into)}
    move_messages(ids, ticket, into)
    if ticket.is_open and into.status is Status.RESOLVED:
        saved["reopened"] = reopened.reopen(into, saved["into"]["clocks"], by=by)
    _leave(ticket, into)
    saved["copies"] = _carry_copies(ticket, into, keep_copies)
    saved["watches"] = carry_watches(ticket, into)
    _take_over_waiting(into, saved["ticket"], ticket.id)
    follow_messages(into)
    actions.touch(into)
    if "reopened" in saved:
        saved["reopened"] = reopened.settle(into, saved["reopened"])
    held.saved = saved | {"version": into.version}
    session.add(held)
    record(TicketMerged(ticket.id, into.id, ticket.customer_id, len(ids)), by=by)
    record(TicketTookIn(into.id, ticket.id, len(ids)), by=by)
    return held


def _require_possible(ticket: Ticket, into: Ticket) -> None:
    if ticket.id == into.id:
        raise Invalid("A ticket cannot be merged into itself.")
    if ticket.merged_into_id is not None:
        raise Conflict(f"#{ticket.id} was merged into #{ticket.merged_into_id} already.")
    if into.merged_into_id is not None:
        raise Conflict(f"#{into.id} was merged into #{into.merged_into_id} meanwhile.")
    if into.status is Status.CLOSED:
        raise Conflict(f"#{into.id} is closed for good. Merge it the other way round.")


def _state_of(ticket: Ticket) -> Json:
    """What merging changes of a ticket."""
    return {
        "status": ticket.status.value,
        "closed_at": _told(ticket.closed_at),
        "waiting_since": _told(ticket.waiting_since),
        "active_at": _told(ticket.active_at),
        "clocks": [
            {column.key: _told(getattr(row, column.key)) for column in SlaClock.__table__.columns}
            for row in clocks.clocks_of(ticket.id)
        ],
    }


def _told(value: object) -> object:
    return value.isoformat() if isinstance(value, datetime) else value


def _leave(ticket: Ticket, into: Ticket) -> None:
    """It is closed from now on. Its clocks stand where they stood, for whoever undoes it; nothing
    that was breached or met is counted twice."""
    ticket.merged_into_id = into.id
    ticket.status, ticket.closed_at = Status.CLOSED, now()
    ticket.waiting_since = ticket.due_at = ticket.due_for = None
    ticket.version += 1
    session.flush()
    session.execute(update(SlaClock).where(SlaClock.ticket_id == ticket.id).values(look_at=None))


def _carry_copies(ticket: Ticket, into: Ticket, keep_copies: bool) -> list[str]:
    """Whoever gets a copy of what is answered there gets one here: their addresses, as far as they
    did not before."""
    wanted = [(watcher.email, watcher.name) for watcher in ticket.watchers]
    if keep_copies and ticket.customer_id != into.customer_id and ticket.customer.email:
        wanted.append((ticket.customer.email, ticket.customer.name))
    return [email for email, name in wanted if add_watcher(into, email, name)]


def _take_over_waiting(into: Ticket, merged: Json, number: int) -> None:
    """Whoever waits for an answer there waits for it here, since then. A breach of that promise
    was counted there, so it is not counted here once more."""
    waits = merged["waiting_since"] and datetime.fromisoformat(merged["waiting_since"])
    if waits and (into.waiting_since is None or waits < into.waiting_since):
        into.waiting_since = waits
        if into.answered_at is not None:
            _carry_breach(into, number, waits)
    clocks.refresh(into)


def _carry_breach(into: Ticket, number: int, waits: datetime) -> None:
    broken = session.scalars(
        select(SlaClock).where(
            SlaClock.ticket_id == number,
            SlaClock.target.in_(REPLIES),
            SlaClock.breached_at.is_not(None),
            SlaClock.outcome.is_(None),
        )
    ).first()
    if broken is None:
        return
    key = (into.id, Target.NEXT_RESPONSE)
    row = session.get(SlaClock, key) or SlaClock(ticket_id=key[0], target=key[1])
    row.policy_id, row.length, row.due_at = broken.policy_id, broken.length, broken.due_at
    row.started_at, row.outcome = waits, None
    row.warned_at, row.breached_at = broken.warned_at, broken.breached_at
    session.add(row)
    session.flush()


def merge_of(ticket: Ticket) -> TicketMerge | None:
    """The merge by which it went on elsewhere, unless that was undone."""
    statement = select(TicketMerge).where(
        TicketMerge.ticket_id == ticket.id, TicketMerge.undone_at.is_(None)
    )
    return session.scalars(statement.order_by(TicketMerge.id.desc()).limit(1)).first()


def merges_into(ticket: Ticket) -> Sequence[TicketMerge]:
    """Those by which others go on in it, the oldest first."""
    statement = select(TicketMerge).where(
        TicketMerge.into_id == ticket.id, TicketMerge.undone_at.is_(None)
    )
    return session.scalars(statement.order_by(TicketMerge.id)).all()
