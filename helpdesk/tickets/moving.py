"""Moving messages between tickets, with their files, and what tickets show of them afterwards."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from sqlalchemy import case, func, null, select, update

from helpdesk.core.db import gather, session
from helpdesk.core.text import one_line
from helpdesk.tickets.indexing import read_into_index
from helpdesk.tickets.models import PUBLIC, Attachment, Message, MessageKind, Status, Ticket
from helpdesk.tickets.pauses import pauses_of
from helpdesk.tickets.tone import follow_tone

AT_ONCE = 500


def _batches(ids: Iterable[int]) -> Iterator[list[int]]:
    every = sorted(ids)
    for start in range(0, len(every), AT_ONCE):
        yield every[start : start + AT_ONCE]


def move_messages(ids: Iterable[int], source: Ticket, to: Ticket) -> None:
    """Put these messages of `source` onto `to`, with their files. Each remembers the ticket that it
    came to, and forgets it when it is there again."""
    came_to = func.coalesce(Message.came_to_id, source.id)
    home = case((came_to == to.id, null()), else_=came_to)
    session.flush()
    for some in _batches(ids):
        session.execute(
            update(Message)
            .where(Message.id.in_(some), Message.ticket_id == source.id)
            .values(ticket_id=to.id, came_to_id=home)
            .execution_options(synchronize_session=False)
        )
        session.execute(
            update(Attachment)
            .where(Attachment.message_id.in_(some))
            .values(ticket_id=to.id)
            .execution_options(synchronize_session=False)
        )
    forget_messages()
    gather((source.id, to.id), read_into_index)


def forget_messages() -> None:
    """Let the session read messages and files anew: they were changed past it."""
    for thing in list(session):
        if isinstance(thing, Message | Attachment):
            session.expire(thing)
        elif isinstance(thing, Ticket):
            session.expire(thing, ["messages"])


def message_ids(ticket: Ticket) -> list[int]:
    """Every message on a ticket, oldest first."""
    statement = select(Message.id).where(Message.ticket_id == ticket.id)
    return list(session.scalars(statement.order_by(Message.id)))


def still_on(ticket: Ticket, ids: Sequence[int]) -> Iterator[int]:
    """Those of these messages that are on the ticket."""
    for some in _batches(ids):
        here = Message.id.in_(some), Message.ticket_id == ticket.id
        yield from session.scalars(select(Message.id).where(*here))


def follow_messages(ticket: Ticket) -> None:
    """Let the ticket show the start of its last public message, and its tone."""
    last = session.scalars(
        select(Message)
        .where(Message.ticket_id == ticket.id, Message.kind.in_(PUBLIC))
        .order_by(Message.id.desc())
        .limit(1)
    ).first()
    if last is not None:
        words = last.own_words if last.channel == "mail" else last.body
        ticket.snippet = one_line(words[:400], 140)
        follow_tone(ticket)


def answered_at(ticket: Ticket) -> datetime | None:
    """When nobody waited any more for the last time: after a reply, or because it was resolved."""
    ends = [ticket.last_replied_at, ticket.resolved_at]
    ends += [pause.started_at for pause in pauses_of(ticket) if pause.status is Status.RESOLVED]
    return max((end for end in ends if end is not None), default=None)


def questions_on(ticket: Ticket, since: datetime | None) -> list[tuple[int, datetime]]:
    """What the customer wrote on it after a moment, or ever: ids and when, oldest first."""
    statement = select(Message.id, Message.created_at).where(
        Message.ticket_id == ticket.id, Message.kind == MessageKind.CUSTOMER
    )
    if since is not None:
        statement = statement.where(Message.created_at > since)
    return [(row.id, row.created_at) for row in session.execute(statement.order_by(Message.id))]
