"""The tone of what customers write: on the message, then on the ticket."""

from helpdesk import sentiment
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
    score = sentiment.score(message.body)
    message.polarity = score.polarity if score.label != "not_scored" else None
    message.sentiment_label, message.sentiment_why = score.label, score.why or None
    message.coverage, message.analyzer = score.coverage, score.analyzer
    message.phrases = [list(phrase) for phrase in score.phrases]
    message.signals = sorted(sentiment.signals(message.body))
    message.scored_at = now()
    ticket = queries.locked(message.ticket_id)
    if score.label != "not_scored" and not queries.has_newer_tone(message):
        ticket.sentiment, ticket.sentiment_label = score.polarity, score.label
    record(
        MessageScored(
            ticket.id,
            ticket.customer_id,
            message.id,
            score.label,
            message.polarity,
            message.signals,
        )
    )
