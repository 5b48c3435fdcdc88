"""What tickets do when something happened."""

from helpdesk.tickets.events import CustomerWrote, TicketFiled
from helpdesk.tickets.tone import score_message


def score_new_message(event: TicketFiled | CustomerWrote) -> None:
    """Score the tone of the message that the event tells of."""
    score_message(event.message_id)
