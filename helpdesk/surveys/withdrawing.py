"""Taking questions back."""

from helpdesk.core.db import session
from helpdesk.core.journal import record
from helpdesk.mail import outbound
from helpdesk.surveys import queries
from helpdesk.surveys.events import SurveyInvited, SurveyWithdrawn
from helpdesk.surveys.models import Invitation, State
from helpdesk.surveys.reasons import Reason
from helpdesk.tickets.models import DONE


def withdraw_about(ticket_id: int) -> None:
    """The ticket was reopened: take back what is unanswered about its earlier resolutions."""
    for invitation_id in queries.unanswered_of(ticket_id):
        invitation = queries.locked(invitation_id)
        if invitation is None or invitation.state not in (State.WAITING, State.SENT):
            continue
        if not is_current(invitation):
            withdraw(invitation)


def is_current(invitation: Invitation) -> bool:
    """The ticket is still resolved as it was when the invitation was made; one that a person had
    sent by hand asks about the ticket as it is."""
    ticket = invitation.ticket
    if ticket is None or invitation.resolved_at is None:
        return True
    return ticket.status in DONE and ticket.resolved_at == invitation.resolved_at


def withdraw(invitation: Invitation) -> None:
    """Do not ask (any more): it goes on."""
    was_sent = invitation.state is State.SENT
    invitation.state, invitation.reason = State.WITHDRAWN, Reason.REOPENED
    if invitation.reminder_id is not None:
        outbound.withdraw(invitation.reminder_id)
    if was_sent and invitation.email_id is not None and outbound.withdraw(invitation.email_id):
        _give_budget_back(invitation)
    record(
        SurveyWithdrawn(
            invitation.customer_id,
            invitation.id,
            invitation.ticket_id,
            invitation.kind.value,
            Reason.REOPENED.value,
        )
    )


def hold_again(invitation_id: int) -> None:
    """What it was withdrawn for has not happened after all: it waits again, or the mail that had
    left can be answered again. Twice is harmless."""
    invitation = queries.locked(invitation_id)
    if invitation is None or invitation.state is not State.WITHDRAWN:
        return
    if invitation.reason is not Reason.REOPENED:
        return
    invitation.reason = None
    if invitation.sent_at is not None:
        invitation.state = State.SENT
    else:
        invitation.state, invitation.email_id, invitation.expires_at = State.WAITING, None, None
        invitation.credits.clear()
    record(
        SurveyInvited(
            invitation.customer_id,
            invitation.id,
            invitation.ticket_id,
            invitation.kind.value,
            invitation.send_at,
        )
    )


def _give_budget_back(invitation: Invitation) -> None:
    """It never went out, so it does not count as asked."""
    invitation.sent_at = None
    session.flush()
    invitation.customer.surveyed_at = queries.last_asked(invitation.customer_id)
