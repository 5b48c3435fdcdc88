"""What tickets do when something happened."""

from helpdesk.customers.events import CustomersMerged, MergeUndone
from helpdesk.tickets import assignment, indexing
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


def find_by_new_names(event: CustomersMerged | MergeUndone) -> None:
    """Requests that went over to another record are found under its names."""
    indexing.find_under_new_names({event.customer_id, event.gone_id})
