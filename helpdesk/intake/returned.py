"""What comes back about mails of ours: bounces and complaints.

Both are believed only where they name a mail that we sent to that very address: its Message-ID
cannot be guessed, so nobody can have an address marked that they merely know.
"""

from sqlalchemy import select

from helpdesk.core.db import session
from helpdesk.core.journal import record
from helpdesk.customers.actions import set_survey_preference
from helpdesk.customers.models import SurveyPreference
from helpdesk.customers.queries import customer_behind
from helpdesk.intake.models import InboundEmail
from helpdesk.mail.actions import come_back
from helpdesk.mail.bounces import Bounce, Complaint, Failure
from helpdesk.mail.identity import topic_of
from helpdesk.mail.models import OutboundEmail
from helpdesk.tickets.events import ReplyCameBack
from helpdesk.tickets.models import Message, Ticket

UNKNOWN = "It names no mail that we sent, so nothing was marked."


def take_bounce(email: InboundEmail, bounce: Bounce | None) -> str:
    """Mark the mail that came back, and the address when it is for ever; tell it on the ticket.
    What was done, in a sentence."""
    sent = _sent(bounce.original_message_id) if bounce else None
    if bounce is None or sent is None:
        return UNKNOWN
    failure = _failure(bounce, sent.to_address)
    if failure is None:
        return "It is about another address than the one that we wrote to, so nothing was marked."
    hard = failure.hard and not bounce.delayed
    ticket = _ticket_of(sent)
    if hard:
        come_back(sent, failure.reason or "It came back.")
    if ticket is not None:
        email.ticket_id = ticket.id
        record(ReplyCameBack(ticket.id, sent.id, hard))
    what = "for ever" if hard else "for now"
    return f"The mail to {sent.to_address} came back {what}: {failure.reason}"[:1000]


def _failure(bounce: Bounce, address: str) -> Failure | None:
    """What is said about the address that we wrote to. A report that names nobody is about the
    mail, and so about its one recipient."""
    if not bounce.failures:
        return Failure(address, "", hard=False, reason="The report does not say why.")
    # A forwarded mail fails at an address we never heard of: it came back all the same, but the
    # address that we know may be good.
    mine = [failure for failure in bounce.failures if failure.address == address]
    return mine[0] if mine else None


def take_complaint(email: InboundEmail, complaint: Complaint | None) -> str:
    """Whoever called a mail of ours spam gets no survey any more. What was done, in a sentence."""
    sent = _sent(complaint.original_message_id) if complaint else None
    if complaint is None or sent is None:
        return UNKNOWN
    ticket = _ticket_of(sent)
    email.ticket_id = ticket.id if ticket else None
    customer = customer_behind(sent.to_address)
    if complaint.feedback == "not-spam" or customer is None:
        return "Nothing follows from it."
    set_survey_preference(customer, SurveyPreference.NONE)
    return f"{sent.to_address} called a mail of ours spam: no survey goes there any more."


def _sent(message_id: str) -> OutboundEmail | None:
    if not message_id:
        return None
    statement = select(OutboundEmail).where(OutboundEmail.message_id == message_id.strip())
    return session.scalar(statement.with_for_update())


def _ticket_of(sent: OutboundEmail) -> Ticket | None:
    """The ticket that the mail was about."""
    carried = session.scalar(select(Message).where(Message.outbound_id == sent.id))
    if carried is not None:
        return carried.ticket
    name, _, number = (topic_of(sent.message_id) or "").partition("-")
    return session.get(Ticket, int(number)) if name == "ticket" and number.isdigit() else None
