"""The messages that are read again after the analyser changed."""

from collections.abc import Mapping, Sequence

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import load_only

from helpdesk.core.db import session
from helpdesk.sentiment.rereading import Shelf, Text
from helpdesk.sentiment.scoring import Score
from helpdesk.tickets import queries
from helpdesk.tickets.models import ERASED, Message, MessageKind
from helpdesk.tickets.tone import follow_tone


def _texts(wanted: ColumnElement[bool], most: int) -> Sequence[Text]:
    statement = (
        select(Message)
        .options(load_only(Message.body, Message.shown))
        .where(wanted)
        .order_by(Message.id)
        .limit(most)
    )
    return [(message.id, message.own_words) for message in session.scalars(statement)]


def _write(found: Mapping[int, Score]) -> None:
    tickets = set()
    changed = select(Message).where(Message.id.in_(found)).with_for_update().order_by(Message.id)
    for message in session.scalars(changed):
        if message.scored_at is not None:
            message.keep(found[message.id], message.scored_at)
            tickets.add(message.ticket_id)
    for ticket_id in sorted(tickets):
        follow_tone(queries.locked(ticket_id))


MESSAGES = Shelf(
    "messages",
    Message,
    Message.id,
    (Message.kind == MessageKind.CUSTOMER) & (Message.body != ERASED),
    _texts,
    _write,
)
