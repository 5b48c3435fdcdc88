"""Splitting a ticket: some of its messages begin one of their own, and it can be undone.

The new ticket has its own clock, which began when the first of them was written. Nothing that was
counted on the old one changes.
"""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import ForeignKey, Index, select
from sqlalchemy.orm import Mapped, mapped_column

from helpdesk.accounts.models import Account
from helpdesk.core.clock import now
from helpdesk.core.db import Id, Json, Model, session
from helpdesk.core.errors import Conflict, Invalid
from helpdesk.core.journal import record
from helpdesk.tickets import actions, clocks
from helpdesk.tickets.models import Message, MessageKind, Status, Ticket
from helpdesk.tickets.moving import (
    answered_at,
    follow_messages,
    message_ids,
    move_messages,
    questions_on,
)
from helpdesk.tickets.queries import locked
from helpdesk.tickets.survivors import family_of, locked_survivor_of
from helpdesk.tickets.texts import checked_subject
from helpdesk.tickets.unions import SplitUndone, TicketBegan, TicketSplit, TicketTakenBack

MOST = 500
"""Messages that are split off at once."""


class TicketSplitting(Model):
    """One split, undone or not. `saved` is what undoing it puts back: numbers and moments."""

    __tablename__ = "ticket_splitting"
    id: Mapped[Id]
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id", ondelete="CASCADE"))
    """The new one."""
    from_id: Mapped[int] = mapped_column(ForeignKey("ticket.id", ondelete="CASCADE"))
    split_at: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    saved: Mapped[Json]
    undone_at: Mapped[datetime | None]
    undone_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))

    __table_args__ = (
        Index("ix_ticket_splitting_ticket", "ticket_id", "id"),
        Index("ix_ticket_splitting_from", "from_id", "id"),
    )


def split(ticket: Ticket, ids: Collection[int], *, subject: str, by: Account) -> Ticket:
    """A new ticket that begins with these messages of `ticket`; it is of whoever wrote them.

    Raises Invalid without a question of a customer among them, for all messages there are, and for
    an empty or over-long subject; Conflict where one of them is not (any more) on the ticket.
    """
    ticket = locked(ticket.id)
    chosen = _chosen(ticket, ids)
    asked = [message for message in chosen if message.kind is MessageKind.CUSTOMER]
    if not asked:
        raise Invalid("Choose at least one message that the customer wrote.")
    saved = _state_of(ticket) | {"homes": _homes(ticket, chosen)}
    grown = _begin(ticket, chosen, asked, subject)
    move_messages([message.id for message in chosen], ticket, grown)
    _catch_up(grown)
    if ticket.waiting_since is not None:
        waits = questions_on(ticket, answered_at(ticket))
        ticket.waiting_since = min((at for _, at in waits), default=None)
    actions.touch(ticket)
    follow_messages(ticket)
    clocks.refresh(ticket)
    saved["version"] = ticket.version
    session.add(
        TicketSplitting(
            ticket_id=grown.id, from_id=ticket.id, split_at=now(), by_id=by.id, saved=saved
        )
    )
    record(TicketSplit(ticket.id, grown.id, len(chosen)), by=by)
    record(TicketBegan(grown.id, grown.customer_id, ticket.id, len(chosen)), by=by)
    return grown


def _chosen(ticket: Ticket, ids: Collection[int]) -> Sequence[Message]:
    if not ids:
        raise Invalid("Choose the messages that begin the new ticket.")
    if len(ids) > MOST:
        raise Invalid(f"At most {MOST} messages can be split off at once.")
    if ticket.merged_into_id is not None:
        raise Conflict(f"#{ticket.id} was merged into #{ticket.merged_into_id}. Split that one.")
    here = Message.ticket_id == ticket.id, Message.id.in_(ids)
    chosen = session.scalars(select(Message).where(*here).order_by(Message.id)).all()
    if len(chosen) < len(set(ids)):
        raise Conflict("Some of these messages are not on this ticket any more. Look again.")
    if len(chosen) == len(message_ids(ticket)):
        raise Invalid("At least one message has to stay here.")
    return chosen


def _state_of(ticket: Ticket) -> Json:
    waits = ticket.waiting_since
    return {
        "waiting_since": waits.isoformat() if waits else None,
        "active_at": ticket.active_at.isoformat(),
    }


def _homes(ticket: Ticket, chosen: Sequence[Message]) -> Json:
    """Where each message goes back to: here, or to the ticket it came to before that was merged
    into this one, should it stand for itself again."""
    family = family_of(ticket)
    homes: dict[str, list[int]] = {}
    for message in chosen:
        came_to = message.came_to_id
        home = came_to if came_to in family else ticket.id
        homes.setdefault(str(home), []).append(message.id)
    return homes


def _begin(
    ticket: Ticket, chosen: Sequence[Message], asked: Sequence[Message], subject: str
) -> Ticket:
    writers = {message.customer for message in asked if message.customer is not None}
    customer = writers.pop() if len(writers) == 1 else ticket.customer
    same = customer.id == ticket.customer_id
    grown = Ticket(
        subject=checked_subject(subject),
        status=Status.OPEN if ticket.assignee_id else Status.NEW,
        channel=asked[0].channel,
        priority=ticket.priority,
        customer_id=customer.id,
        organization_id=ticket.organization_id if same else customer.organization_id,
        team_id=ticket.team_id,
        assignee_id=ticket.assignee_id,
        created_at=chosen[0].created_at,
        recorded_at=now(),
        active_at=now(),
    )
    grown.tags = list(ticket.tags)
    session.add(grown)
    session.flush()
    return grown


def _catch_up(grown: Ticket) -> None:
    """Let the new ticket know what was asked and answered in its messages."""
    for message in grown.messages:
        if message.kind is MessageKind.CUSTOMER:
            by_themselves = not (message.author and message.author.is_staff)
            grown.note_question(message.created_at, by_themselves=by_themselves)
        elif message.kind is MessageKind.AGENT:
            grown.note_reply(message.created_at)
    follow_messages(grown)
    clocks.refresh(grown)


def undo_split(ticket: Ticket, *, by: Account) -> Ticket:
    """Bring the messages that began `ticket` back to where they came from; gives back that ticket.
    What came later stays; where nothing did, its number leads there.

    Raises Conflict where it did not begin so, or goes on elsewhere.
    """
    ticket = locked(ticket.id)
    splitting = splitting_of(ticket)
    if splitting is None:
        raise Conflict(f"#{ticket.id} did not begin with another ticket’s messages (any more).")
    if ticket.merged_into_id is not None:
        raise Conflict(
            f"#{ticket.id} was merged into #{ticket.merged_into_id} since. Undo that merge first."
        )
    source = locked_survivor_of(locked(splitting.from_id))
    if source.id == ticket.id:
        raise Conflict(f"#{splitting.from_id} was merged into this one since. Undo that first.")
    brought = 0
    here = set(message_ids(ticket))
    for home, ids in splitting.saved["homes"].items():
        back = locked_survivor_of(locked(int(home)))
        some = [number for number in ids if number in here]
        move_messages(some, ticket, back)
        _take_back(back, splitting, some)
        record(SplitUndone(back.id, ticket.id, len(some)), by=by)
        brought += len(some)
    splitting.undone_at, splitting.undone_by_id = now(), by.id
    record(TicketTakenBack(ticket.id, source.id, brought), by=by)
    _leave(ticket, source, is_empty=not message_ids(ticket))
    return source


def _take_back(back: Ticket, splitting: TicketSplitting, ids: Sequence[int]) -> None:
    """As it was, where nothing happened on it since; else with all that did."""
    saved, before = splitting.saved, back.active_at
    untouched = back.id == splitting.from_id and back.version == saved["version"]
    actions.touch(back)
    if untouched:
        waits = saved["waiting_since"]
        back.waiting_since = datetime.fromisoformat(waits) if waits else None
        back.active_at = datetime.fromisoformat(saved["active_at"])
    else:
        back.active_at = before
        waits = [at for number, at in questions_on(back, answered_at(back)) if number in ids]
        if waits and back.is_open:
            back.waiting_since = min([*waits, back.waiting_since or waits[0]])
    follow_messages(back)
    clocks.refresh(back)


def _leave(ticket: Ticket, source: Ticket, *, is_empty: bool) -> None:
    """What is left without a message leads to where its messages went."""
    actions.touch(ticket)
    if not is_empty:
        since = answered_at(ticket)
        if ticket.waiting_since is not None:
            waits = questions_on(ticket, since)
            ticket.waiting_since = min((at for _, at in waits), default=None)
        follow_messages(ticket)
        clocks.refresh(ticket)
        return
    ticket.status, ticket.closed_at, ticket.waiting_since = Status.CLOSED, now(), None
    clocks.refresh(ticket)
    ticket.merged_into_id = source.id


def splitting_of(ticket: Ticket) -> TicketSplitting | None:
    """How it began with another ticket's messages, unless that was undone."""
    statement = select(TicketSplitting).where(
        TicketSplitting.ticket_id == ticket.id, TicketSplitting.undone_at.is_(None)
    )
    return session.scalars(statement.limit(1)).first()
