"""Asking those whose turn has come: looked at once more, written down, and left to the mail's own
claim, which makes it go out at most once."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from helpdesk.core import storing
from helpdesk.core.clock import now
from helpdesk.core.db import session
from helpdesk.core.journal import record_each
from helpdesk.core.settings import settings
from helpdesk.mail.jobs import deliver_due
from helpdesk.mail.models import OutboundEmail
from helpdesk.mail.moulds import Moulds
from helpdesk.surveys import budget, exclusions, mailing, policies, timing, withdrawing
from helpdesk.surveys.events import SurveyEvent, SurveySent, SurveySuppressed
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
    if not due:
        return
    room, batch = policies.room_today(at), _Batch(at)
    for invitation, facts in zip(due, found, strict=True):
        if not withdrawing.is_current(invitation):
            withdrawing.withdraw(invitation)
        elif better := timing.is_unfit(invitation, at, facts.policy):
            invitation.send_at = better
        elif reason := reason_against(invitation, facts, at):
            batch.suppress(invitation, reason)
        elif room is not None and room <= 0:
            invitation.send_at = _tomorrow(invitation, at, facts.policy)
        else:
            batch.send(invitation, facts)
            room = room - 1 if room is not None else None
    batch.write_down()
    session.flush()
    deliver_due.enqueue_once()


def reason_against(invitation: Invitation, facts: Facts, at: datetime) -> Reason | None:
    """Asked twice: when the question arises, and again when it is about to go out."""
    return exclusions.reason_against(facts, at) or budget.reason_against(facts, invitation.kind)


def _tomorrow(invitation: Invitation, at: datetime, held: SurveyPolicy) -> datetime:
    midnight = at.replace(hour=0, minute=0, second=0, microsecond=0) + DAY
    return timing.next_open(timing.hours_of(invitation.customer, held), midnight)


def postpone(invitation: Invitation) -> None:
    """Something broke while sending it: let the others go first."""
    if invitation.state is State.WAITING:
        invitation.send_at = now() + AFTER_FAILURE


class _Batch:
    """What is decided about some invitations in one transaction. What that adds to the database is
    written at its end, each kind of row in one statement."""

    def __init__(self, at: datetime) -> None:
        self.at, self.moulds = at, Moulds()
        self.mails: list[tuple[Invitation, OutboundEmail]] = []
        self.credits: list[Credit] = []
        self.events: list[SurveyEvent] = []

    def suppress(self, invitation: Invitation, reason: Reason) -> None:
        """Do not ask after all."""
        invitation.state, invitation.reason = State.SUPPRESSED, reason
        self.events.append(
            SurveySuppressed(
                invitation.customer_id,
                invitation.id,
                invitation.ticket_id,
                invitation.kind.value,
                reason.value,
            )
        )

    def send(self, invitation: Invitation, facts: Facts) -> None:
        """Ask."""
        customer = invitation.customer
        address = exclusions.address_of(customer)
        invitation.email = address.email if address else invitation.email
        invitation.organization_id = customer.organization_id
        self.credits += _freeze_attribution(invitation, facts)
        invitation.state, invitation.sent_at = State.SENT, self.at
        invitation.expires_at = self.at + timedelta(days=settings().survey_expiry_days)
        customer.surveyed_at = self.at
        facts.spent.note(customer)
        if invitation.channel is Channel.MAIL:
            self.mails.append((invitation, mailing.write_question(invitation, self.moulds)))
        self.events.append(
            SurveySent(
                invitation.customer_id,
                invitation.id,
                invitation.ticket_id,
                invitation.kind.value,
                invitation.assignee_id,
                invitation.team_id,
            )
        )

    def write_down(self) -> None:
        """Store the mails, the credits and the entries of the journal."""
        storing.add_all([mail for _, mail in self.mails])
        for invitation, mail in self.mails:
            invitation.mail = mail
        storing.add_all(self.credits)
        record_each(self.events)


def _freeze_attribution(invitation: Invitation, facts: Facts) -> list[Credit]:
    """Whoever gets the ticket later neither earns nor suffers from this answer."""
    if facts.ticket is None:
        return []
    invitation.assignee_id, invitation.team_id = facts.ticket.assignee_id, facts.ticket.team_id
    total = facts.replies.total()
    return [
        Credit(invitation_id=invitation.id, agent_id=agent_id, share=number / total)
        for agent_id, number in sorted(facts.replies.items())
    ]
