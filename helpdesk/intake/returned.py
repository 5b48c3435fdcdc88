"""What comes back about mails of ours: bounces and complaints.

Both are believed only where they name a mail that we sent to that very address, or came to the
return path of one: neither its Message-ID nor its return path can be guessed, so nobody can have an
address marked that they merely know.
"""

from sqlalchemy import select

from helpdesk.core.db import session
from helpdesk.core.journal import record
from helpdesk.core.text import one_line
from helpdesk.customers.actions import set_survey_preference
from helpdesk.customers.models import SurveyPreference
from helpdesk.customers.queries import customer_behind
from helpdesk.intake.letters import Letter
from helpdesk.intake.models import InboundEmail
from helpdesk.mail import absences
from helpdesk.mail.actions import come_back
from helpdesk.mail.bounces import Bounce, Complaint, Failure, is_daemon, is_named_daemon
from helpdesk.mail.classes import Kind
from helpdesk.mail.identity import RETURNS, is_reply_key, tag_in, topic_of
from helpdesk.mail.models import OutboundEmail
from helpdesk.mail.parsing import Mail
from helpdesk.tickets.events import ReplyCameBack
from helpdesk.tickets.models import Message, Ticket

MOST_ADDRESSES = 20
UNKNOWN = "It names no mail that we sent, so nothing was marked."


def is_return(email: InboundEmail, letter: Letter) -> bool:
    """Whether a machine answered to the return path of a mail of ours, in words that nobody here
    understands, and not for somebody who is away."""
    mail = letter.mail
    if letter.verdict.kind not in (Kind.ORDINARY, Kind.AUTO_REPLY):
        return False
    replied = mail.header("Auto-Submitted").lower().startswith("auto-replied")
    away = absences.header_that_says_so(mail) or absences.has_such_a_subject(mail)
    if away or absences.begins_like_one(mail) or (replied and not is_named_daemon(mail)):
        return False
    by_nobody = email.sent_from == "" or is_daemon(mail)
    return by_nobody and mail_returned(email, mail) is not None


def mail_returned(email: InboundEmail, mail: Mail) -> OutboundEmail | None:
    """The mail to whose return path this was sent, where that path is one that we made."""
    addresses = [*email.sent_to, *mail.delivered_to, *(box.address for box in mail.to)]
    for address in addresses[:MOST_ADDRESSES]:
        topic, key = tag_in(str(address)) or ("", "")
        name, _, number = topic.partition("-")
        if name != RETURNS or not number.isdigit() or len(number) > 18:
            continue
        sent = session.get(OutboundEmail, int(number), with_for_update=True)
        if sent is not None and is_reply_key(key, topic, sent.to_address):
            return sent
    return None


def take_bounce(email: InboundEmail, bounce: Bounce | None, mail: Mail | None = None) -> str:
    """Mark the mail that came back, and the address when it is for ever; tell it on the ticket.
    What was done, in a sentence. `bounce` is None where `mail` merely came to a return path."""
    returned = mail_returned(email, mail) if mail else None
    sent = returned or (_sent(bounce.original_message_id) if bounce else None)
    if sent is None:
        return UNKNOWN
    failure = _failure(bounce, sent.to_address) if bounce else None
    if failure is None and returned is not None and mail is not None:
        failure = _told_in(mail, bounce, sent.to_address)
    if failure is None:
        return "It is about another address than the one that we wrote to, so nothing was marked."
    hard = failure.hard and not (bounce and bounce.delayed)
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


def _told_in(mail: Mail, bounce: Bounce | None, address: str) -> Failure:
    """What is said to the return path of the mail to `address`: about an address that it was passed
    on to, or in words alone. Neither says for sure that nobody is at ours."""
    told = bounce.failures[0].reason if bounce and bounce.failures else mail.text.strip()[:300]
    return Failure(address, "", hard=False, reason=one_line(told, 300) or "It does not say why.")


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
    set_survey_preference(customer, SurveyPreference.NONE, source="complaint")
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
