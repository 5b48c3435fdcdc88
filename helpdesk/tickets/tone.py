"""The tone of what customers write: on the message, then on the ticket."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from helpdesk.accounts.models import Account
from helpdesk.core.clock import now
from helpdesk.core.db import session
from helpdesk.core.errors import Invalid
from helpdesk.core.journal import record
from helpdesk.sentiment.measuring import LABELS
from helpdesk.tickets import queries
from helpdesk.tickets.events import MessageScored, TicketEvent
from helpdesk.tickets.models import Message, MessageKind, Ticket


@dataclass(frozen=True)
class ToneCorrected(TicketEvent):
    """A person said what the tone of a customer's message is."""

    ticket_id: int
    customer_id: int
    message_id: int
    before: str | None
    after: str


def score_message(message_id: int) -> None:
    """Score one message of a customer and carry the tone to its ticket. Twice is harmless."""
    message = session.get(Message, message_id, with_for_update=True)
    if message is None or message.scored_at is not None or message.kind is not MessageKind.CUSTOMER:
        return
    message.keep_tone_of(message.own_words, now())
    ticket = queries.locked(message.ticket_id)
    follow_tone(ticket)
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


def correct(message: Message, label: str, *, by: Account) -> None:
    """A person says what the tone of a customer's message is. Twice is harmless.

    Raises Invalid for another label than negative, neutral and positive, or another message.
    """
    if label not in LABELS or message.kind is not MessageKind.CUSTOMER:
        raise Invalid("Choose unhappy, neutral or happy for a message of the customer.")
    if message.corrected_label == label:
        return
    before = message.sentiment_label
    message.correct(label)
    message.scored_at = message.scored_at or now()
    ticket = queries.locked(message.ticket_id)
    follow_tone(ticket)
    record(ToneCorrected(ticket.id, ticket.customer_id, message.id, before, label), by=by)


def follow_tone(ticket: Ticket) -> None:
    """Write down on the ticket how the customer sounds: first, last, lowest, and the slope."""
    session.flush()
    said = session.execute(
        select(Message.polarity, Message.sentiment_label)
        .where(Message.ticket_id == ticket.id, Message.polarity.is_not(None))
        .order_by(Message.id)
    ).all()
    polarities = [polarity for polarity, _ in said if polarity is not None]
    ticket.sentiment, ticket.sentiment_label = said[-1] if said else (None, None)
    ticket.sentiment_first = polarities[0] if polarities else None
    ticket.sentiment_lowest = min(polarities, default=None)
    ticket.sentiment_slope = slope(polarities)


def slope(values: Sequence[float]) -> float | None:
    """How much the values change from one to the next: the least squares line. None below two."""
    if len(values) < 2:
        return None
    middle = (len(values) - 1) / 2
    mean = sum(values) / len(values)
    rise = sum((place - middle) * (value - mean) for place, value in enumerate(values))
    return round(rise / sum((place - middle) ** 2 for place in range(len(values))), 4)
