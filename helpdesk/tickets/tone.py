"""The tone of what customers write: on the message, then on the ticket."""

from helpdesk.core.clock import now
from helpdesk.core.db import session
from helpdesk.core.journal import record
from helpdesk.tickets import queries
from helpdesk.tickets.events import MessageScored
from helpdesk.tickets.models import Message, MessageKind


def score_message(message_id: int) -> None:
    """Score one message of a customer and carry the tone to its ticket. Twice is harmless."""
    message = session.get(Message, message_id, with_for_update=True)
    if message is None or message.scored_at is not None or message.kind is not MessageKind.CUSTOMER:
        return
    message.keep_tone_of(message.own_words, now())
    ticket = queries.locked(message.ticket_id)
    if message.has_tone and not queries.has_newer_tone(message):
        ticket.sentiment, ticket.sentiment_label = message.polarity, message.sentiment_label
    record(
        MessageScored(
            ticket.id,
            ticket.customer_id,
            message.id,
            message.sentiment_label or "",
            message.polarity,
            message.signals or [],
        )
    )
