"""What tickets do when something happened."""

from helpdesk.tickets import assignment
from helpdesk.tickets.events import (
    CustomerWrote,
    TicketFiled,
    TicketFollowedUp,
    TicketMovedToTeam,
)
from helpdesk.tickets.queries import locked
from helpdesk.tickets.tone import score_message


def score_new_message(event: TicketFiled | CustomerWrote) -> None:
    """Score the tone of the message that the event tells of."""
    score_message(event.message_id)


def give_out(event: TicketMovedToTeam | TicketFollowedUp) -> None:
    """Let somebody of its team have it, where the team gives out its tickets by itself."""
    if isinstance(event, TicketFollowedUp):
        assignment.give(locked(event.follow_up_id))
    else:
        assignment.give(locked(event.ticket_id))
