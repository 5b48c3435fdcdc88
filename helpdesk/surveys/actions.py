"""Deciding whether somebody is asked."""

from datetime import datetime

from helpdesk.accounts.models import Account
from helpdesk.core.clock import now
from helpdesk.core.db import session
from helpdesk.core.errors import Conflict
from helpdesk.core.journal import record
from helpdesk.customers.models import Customer
from helpdesk.surveys import budget, exclusions, planning, policies, queries, sending, timing
from helpdesk.surveys.events import SurveyInvited, SurveySuppressed
from helpdesk.surveys.facts import gather
from helpdesk.surveys.models import Invitation, Kind, State, Survey
from helpdesk.surveys.questions import survey_in_use
from helpdesk.surveys.reasons import Reason
from helpdesk.surveys.withdrawing import hold_again, withdraw_about
from helpdesk.tickets.models import DONE, Ticket

__all__ = ["ask_by_hand", "invite_about", "invite_about_us", "postpone", "send", "withdraw_about"]


def invite_about(ticket: Ticket) -> Invitation | None:
    """Decide whether to ask how the ticket went: once for each time it is resolved. None when it
    is not resolved, or when that was decided before; where it was opened again and that was undone,
    what was decided holds again."""
    at = ticket.resolved_at
    if ticket.status not in DONE or at is None:
        return None
    if (decided := queries.decision_about(ticket.id, at)) is not None:
        hold_again(decided.id)
        return None
    plan = planning.plan_for(ticket, at)
    survey = plan.survey or survey_in_use(Kind.CSAT)
    invitation = _draft(survey, ticket.customer, plan.send_at)
    invitation.ticket_id, invitation.ticket, invitation.resolved_at = ticket.id, ticket, at
    invitation.rule_id = plan.rule.id if plan.rule else None
    invitation.channel = plan.channel
    invitation.experiment_id = plan.experiment.id if plan.experiment else None
    invitation.arm = plan.arm
    return _decide(invitation, None if plan.survey else Reason.NO_RULE)


def invite_about_us(customer: Customer) -> Invitation | None:
    """Decide whether to ask how likely they are to recommend us, now. None when they were asked
    something a short while ago: their turn comes later."""
    at = now()
    (facts,) = gather([(customer, None)], at)
    if budget.reason_against(facts, Kind.NPS):
        return None
    return _decide(_draft(planning.about_us(), customer, _soon(customer, at)))


def ask_by_hand(
    survey: Survey, customer: Customer, ticket: Ticket | None, *, by: Account
) -> Invitation:
    """Have a question sent because somebody wants it to be; nothing that speaks against asking is
    passed over for that, and its reason is kept.

    Raises Conflict while another one waits for them.
    """
    if queries.waits_for(customer.id):
        raise Conflict("Another question is on its way to them already.")
    invitation = _draft(survey, customer, _soon(customer, now()))
    if ticket is not None:
        invitation.ticket_id, invitation.ticket = ticket.id, ticket
    invitation.asked_by_id = by.id
    return _decide(invitation, by=by)


def _soon(customer: Customer, at: datetime) -> datetime:
    """Now, or when they work next."""
    return timing.next_open(timing.hours_of(customer, policies.policy()), at)


def _draft(survey: Survey, customer: Customer, send_at: datetime) -> Invitation:
    address = exclusions.address_of(customer)
    return Invitation(
        survey_id=survey.id,
        survey=survey,
        kind=survey.kind,
        customer_id=customer.id,
        customer=customer,
        organization_id=customer.organization_id,
        state=State.WAITING,
        email=address.email if address else None,
        language=customer.language,
        created_at=now(),
        send_at=send_at,
    )


def _decide(
    invitation: Invitation, reason: Reason | None = None, *, by: Account | None = None
) -> Invitation:
    at = max(invitation.send_at, now())
    (facts,) = gather([(invitation.customer, invitation.ticket)], at)
    reason = reason or sending.reason_against(invitation, facts, at)
    if reason:
        invitation.state, invitation.reason = State.SUPPRESSED, reason
    session.add(invitation)
    session.flush()
    about = (invitation.customer_id, invitation.id, invitation.ticket_id, invitation.kind.value)
    if reason:
        record(SurveySuppressed(*about, reason.value), by=by)
    else:
        record(SurveyInvited(*about, invitation.send_at), by=by)
    return invitation


def send(invitation_id: int) -> None:
    """Write the mail of a due invitation down, or suppress it when something speaks against it by
    now. Twice is harmless."""
    invitation = queries.locked(invitation_id)
    if invitation is not None:
        sending.dispatch([invitation])


def postpone(invitation_id: int) -> None:
    """Something broke while sending it: let the others go first."""
    invitation = queries.locked(invitation_id)
    if invitation is not None:
        sending.postpone(invitation)
