"""What surveys do when something happened."""

from helpdesk.surveys import actions, tone
from helpdesk.surveys.events import SurveyAnswered
from helpdesk.tickets import queries as tickets
from helpdesk.tickets.events import TicketReopened, TicketResolved
from helpdesk.tickets.recall import ReplyTakenBack
from helpdesk.tickets.unions import TicketGaveBack


def invite_customer(event: TicketResolved | TicketGaveBack) -> None:
    """Decide whether to ask how it went, also where it is resolved again as it was."""
    actions.invite_about(tickets.locked(event.ticket_id))


def withdraw_invitation(event: TicketReopened | ReplyTakenBack) -> None:
    """Do not ask how it went while it goes on."""
    actions.withdraw_about(event.ticket_id)


def score_comment(event: SurveyAnswered) -> None:
    """Score the tone of the comment beside the answer."""
    tone.score_comment(event.response_id)
