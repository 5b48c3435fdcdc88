"""Asking, and taking back."""

from collections import Counter
from datetime import timedelta

from sqlalchemy import select

from helpdesk.core.clock import now
from helpdesk.core.db import session
from helpdesk.core.journal import record
from helpdesk.core.settings import settings
from helpdesk.customers.models import Customer
from helpdesk.mail import outbound
from helpdesk.surveys import budget, exclusions, mailing, queries
from helpdesk.surveys.events import (
    SurveyInvited,
    SurveySent,
    SurveySuppressed,
    SurveyWithdrawn,
)
from helpdesk.surveys.models import Credit, Invitation, Kind, State
from helpdesk.surveys.questions import survey_in_use
from helpdesk.surveys.reasons import Reason
from helpdesk.tickets.models import DONE, Message, MessageKind, Ticket

AFTER_FAILURE = timedelta(minutes=10)


def invite_about(ticket: Ticket) -> Invitation | None:
    """Decide whether to ask how the ticket went: once for each time it is resolved. None when it
    is not resolved, or when that was decided before."""
    at = ticket.resolved_at
    if ticket.status not in DONE or at is None or queries.decision_about(ticket.id, at):
        return None
    invitation = _draft(Kind.CSAT, ticket.customer)
    invitation.ticket_id, invitation.ticket, invitation.resolved_at = ticket.id, ticket, at
    invitation.send_at = at + timedelta(seconds=settings().survey_delay_seconds)
    return _decide(invitation)


def invite_about_us(customer: Customer) -> Invitation | None:
    """Decide whether to ask how likely they are to recommend us, now. None when they were asked
    something a short while ago: their turn comes later."""
    if budget.reason_against(customer, Kind.NPS, now()):
        return None
    return _decide(_draft(Kind.NPS, customer))


def _draft(kind: Kind, customer: Customer) -> Invitation:
    address = exclusions.address_of(customer)
    survey = survey_in_use(kind)
    return Invitation(
        survey_id=survey.id,
        survey=survey,
        kind=kind,
        customer_id=customer.id,
        customer=customer,
        organization_id=customer.organization_id,
        state=State.WAITING,
        email=address.email if address else None,
        language=customer.language,
        created_at=now(),
        send_at=now(),
    )


def _decide(invitation: Invitation) -> Invitation:
    reason = _reason_against(invitation)
    if reason:
        invitation.state, invitation.reason = State.SUPPRESSED, reason
    session.add(invitation)
    session.flush()
    facts = (invitation.customer_id, invitation.id, invitation.ticket_id, invitation.kind.value)
    if reason:
        record(SurveySuppressed(*facts, reason.value))
    else:
        record(SurveyInvited(*facts, invitation.send_at))
    return invitation


def _reason_against(invitation: Invitation) -> Reason | None:
    """Asked twice: when the question arises, and again when it is about to go out."""
    at = max(invitation.send_at, now())
    customer = invitation.customer
    return exclusions.reason_against(customer, invitation.ticket, at) or budget.reason_against(
        customer, invitation.kind, at
    )


def send(invitation_id: int) -> None:
    """Write the mail of a due invitation down, or suppress it when something speaks against it by
    now. From here on it is the mail's own claim that makes it go out at most once. Twice is
    harmless."""
    invitation = queries.locked(invitation_id)
    if invitation is None or invitation.state is not State.WAITING or invitation.send_at > now():
        return
    if not _is_current(invitation):
        _withdraw(invitation)
    elif reason := _reason_against(invitation):
        suppress(invitation, reason)
    else:
        _dispatch(invitation)


def postpone(invitation_id: int) -> None:
    """Something broke while sending it: let the others go first."""
    invitation = queries.locked(invitation_id)
    if invitation is not None and invitation.state is State.WAITING:
        invitation.send_at = now() + AFTER_FAILURE


def _is_current(invitation: Invitation) -> bool:
    """The ticket is still resolved as it was when the invitation was made."""
    ticket = invitation.ticket
    if ticket is None:
        return True
    return ticket.status in DONE and ticket.resolved_at == invitation.resolved_at


def suppress(invitation: Invitation, reason: Reason) -> None:
    """Do not ask after all."""
    invitation.state, invitation.reason = State.SUPPRESSED, reason
    record(
        SurveySuppressed(
            invitation.customer_id,
            invitation.id,
            invitation.ticket_id,
            invitation.kind.value,
            reason.value,
        )
    )


def _dispatch(invitation: Invitation) -> None:
    at = now()
    address = exclusions.address_of(invitation.customer)
    invitation.email = address.email if address else invitation.email
    invitation.organization_id = invitation.customer.organization_id
    if invitation.ticket is not None:
        _freeze_attribution(invitation, invitation.ticket)
    invitation.state, invitation.sent_at = State.SENT, at
    invitation.expires_at = at + timedelta(days=settings().survey_expiry_days)
    invitation.customer.surveyed_at = at
    invitation.email_id = mailing.write_question(invitation).id
    record(
        SurveySent(
            invitation.customer_id,
            invitation.id,
            invitation.ticket_id,
            invitation.kind.value,
            invitation.assignee_id,
            invitation.team_id,
        )
    )


def _freeze_attribution(invitation: Invitation, ticket: Ticket) -> None:
    """Whoever gets the ticket later neither earns nor suffers from this answer."""
    invitation.assignee_id, invitation.team_id = ticket.assignee_id, ticket.team_id
    authors = select(Message.author_id).where(
        Message.ticket_id == ticket.id, Message.kind == MessageKind.AGENT
    )
    replies = Counter(author for author in session.scalars(authors) if author is not None)
    invitation.credits = [
        Credit(agent_id=agent_id, share=number / replies.total())
        for agent_id, number in sorted(replies.items())
    ]


def withdraw_about(ticket_id: int) -> None:
    """The ticket was reopened: take back what is unanswered about its earlier resolutions."""
    for invitation_id in queries.unanswered_of(ticket_id):
        invitation = queries.locked(invitation_id)
        if invitation is None or invitation.state not in (State.WAITING, State.SENT):
            continue
        if not _is_current(invitation):
            _withdraw(invitation)


def _withdraw(invitation: Invitation) -> None:
    was_sent = invitation.state is State.SENT
    invitation.state, invitation.reason = State.WITHDRAWN, Reason.REOPENED
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


def _give_budget_back(invitation: Invitation) -> None:
    """It never went out, so it does not count as asked."""
    invitation.sent_at = None
    session.flush()
    invitation.customer.surveyed_at = queries.last_asked(invitation.customer_id)
