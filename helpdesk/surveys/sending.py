"""Asking those whose turn has come: looked at once more, written down, and left to the mail's own
claim, which makes it go out at most once."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import func, select

from helpdesk.core.clock import now
from helpdesk.core.db import session
from helpdesk.core.journal import record
from helpdesk.core.settings import settings
from helpdesk.mail.jobs import deliver_due
from helpdesk.surveys import budget, exclusions, mailing, policies, timing, withdrawing
from helpdesk.surveys.events import SurveySent, SurveySuppressed
from helpdesk.surveys.facts import Facts, gather
from helpdesk.surveys.models import Channel, Credit, Invitation, State, SurveyPolicy
from helpdesk.surveys.reasons import Reason

AFTER_FAILURE = timedelta(minutes=10)
DAY = timedelta(days=1)


def dispatch(invitations: Sequence[Invitation]) -> None:
    """Write the mails of these invitations down, or suppress one when something speaks against it
    by now. Their customers must be locked. From here on it is the mail's own claim that makes it go
    out at most once. Twice is harmless."""
    at = now()
    due = [each for each in invitations if each.state is State.WAITING and each.send_at <= at]
    found = gather([(each.customer, each.ticket) for each in due], at)
    room = _room(at) if due else None
    for invitation, facts in zip(due, found, strict=True):
        if not withdrawing.is_current(invitation):
            withdrawing.withdraw(invitation)
        elif better := timing.is_unfit(invitation, at, facts.policy):
            invitation.send_at = better
        elif reason := reason_against(invitation, facts, at):
            suppress(invitation, reason)
        elif room is not None and room <= 0:
            invitation.send_at = _tomorrow(invitation, at, facts.policy)
        else:
            _send(invitation, facts, at)
            room = room - 1 if room is not None else None
    if due:
        session.flush()
        deliver_due.enqueue_once()


def reason_against(invitation: Invitation, facts: Facts, at: datetime) -> Reason | None:
    """Asked twice: when the question arises, and again when it is about to go out."""
    return exclusions.reason_against(facts, at) or budget.reason_against(facts, invitation.kind)


def _room(at: datetime) -> int | None:
    """How many more may go out today; None for any number."""
    held = policies.policy()
    cap = policies.daily_cap(held, policies.day_of(at))
    if cap is None:
        return None
    policies.policy(to_change=True)  # two workers at once would each use the room
    midnight = at.replace(hour=0, minute=0, second=0, microsecond=0)
    sent = session.scalar(select(func.count()).where(Invitation.sent_at >= midnight))
    return cap - (sent or 0)


def _tomorrow(invitation: Invitation, at: datetime, held: SurveyPolicy) -> datetime:
    midnight = at.replace(hour=0, minute=0, second=0, microsecond=0) + DAY
    return timing.next_open(timing.hours_of(invitation.customer, held), midnight)


def postpone(invitation: Invitation) -> None:
    """Something broke while sending it: let the others go first."""
    if invitation.state is State.WAITING:
        invitation.send_at = now() + AFTER_FAILURE


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


def _send(invitation: Invitation, facts: Facts, at: datetime) -> None:
    customer = invitation.customer
    address = exclusions.address_of(customer)
    invitation.email = address.email if address else invitation.email
    invitation.organization_id = customer.organization_id
    _freeze_attribution(invitation, facts)
    invitation.state, invitation.sent_at = State.SENT, at
    invitation.expires_at = at + timedelta(days=settings().survey_expiry_days)
    customer.surveyed_at = at
    facts.spent.note(customer)
    if invitation.channel is Channel.MAIL:
        invitation.mail = mailing.write_question(invitation)
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


def _freeze_attribution(invitation: Invitation, facts: Facts) -> None:
    """Whoever gets the ticket later neither earns nor suffers from this answer."""
    if facts.ticket is None:
        return
    invitation.assignee_id, invitation.team_id = facts.ticket.assignee_id, facts.ticket.team_id
    total = facts.replies.total()
    for agent_id, number in sorted(facts.replies.items()):
        credit = Credit(invitation_id=invitation.id, agent_id=agent_id, share=number / total)
        session.add(credit)
