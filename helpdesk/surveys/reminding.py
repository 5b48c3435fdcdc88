"""The one reminder."""

from datetime import datetime, timedelta

from sqlalchemy import Select, select

from helpdesk.core.clock import now
from helpdesk.core.db import session
from helpdesk.core.journal import record
from helpdesk.mail.jobs import deliver_due
from helpdesk.mail.models import Delivery, OutboundEmail
from helpdesk.mail.moulds import Moulds
from helpdesk.surveys import exclusions, mailing, policies, queries, timing
from helpdesk.surveys.events import SurveyReminded
from helpdesk.surveys.facts import gather
from helpdesk.surveys.models import Invitation, State

LAST_CHANCE = timedelta(days=1)
"""Whoever has less time left than this is not reminded any more."""


def due(at: datetime) -> Select[int]:
    """Ids of invitations whose mail surely arrived and that nobody answered for so long."""
    days = policies.policy().reminder_days
    return (
        select(Invitation.id)
        .join(OutboundEmail, OutboundEmail.id == Invitation.email_id)
        .where(
            Invitation.state == State.SENT,
            Invitation.reminded_at.is_(None),
            Invitation.sent_at <= at - timedelta(days=days),
            Invitation.expires_at > at + LAST_CHANCE,
            OutboundEmail.state == Delivery.ACCEPTED,
        )
        .order_by(Invitation.sent_at, Invitation.id)
    )


def remind(invitation_id: int) -> bool:
    """Write the one reminder of an unanswered invitation down; whether that was done. It goes out
    at most once, and is claimed here before it is a mail. Twice is harmless."""
    at, invitation = now(), queries.locked(invitation_id)
    if invitation is None or not _may_be(invitation, at):
        return False
    (facts,) = gather([(invitation.customer, invitation.ticket)], at)
    if exclusions.reason_against(facts, at) or timing.is_unfit(invitation, at, facts.policy):
        return False
    room = policies.room_today(at)
    if room is not None and room <= 0:
        return False  # it is due tomorrow as well
    invitation.reminded_at = at
    invitation.reminder = mailing.write_question(invitation, Moulds(), reminder=True)
    session.flush()
    deliver_due.enqueue_once()
    record(SurveyReminded(invitation.customer_id, invitation.id, invitation.ticket_id))
    return True


def _may_be(invitation: Invitation, at: datetime) -> bool:
    mail = invitation.mail
    return (
        policies.policy().reminder_days > 0
        and invitation.state is State.SENT
        and invitation.reminded_at is None
        and mail is not None
        and mail.state is Delivery.ACCEPTED
        and invitation.is_open(at)
    )
