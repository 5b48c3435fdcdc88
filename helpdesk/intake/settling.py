"""What becomes of a mail: the one path behind every door."""

from collections.abc import Callable, Mapping
from datetime import timedelta

from helpdesk.core.clock import now
from helpdesk.core.db import session
from helpdesk.core.journal import record
from helpdesk.core.settings import settings
from helpdesk.core.text import one_line
from helpdesk.intake import queries, returned
from helpdesk.intake.answering import take_answer
from helpdesk.intake.conversing import show_again, take, thread_automatic
from helpdesk.intake.events import MailQuarantined
from helpdesk.intake.letters import Letter
from helpdesk.intake.models import InboundEmail, Outcome
from helpdesk.intake.senders import sender_of
from helpdesk.mail.classes import Kind

HOUR = timedelta(hours=1)


def settle(email: InboundEmail, letter: Letter) -> None:
    """Do what follows from the mail, once, in the current transaction, and write down what that
    was. Again, for one that became a message: show it as it is read now."""
    _describe(email, letter)
    if email.entry_id is not None:
        show_again(email, letter, sender_of(letter.mail))
        return
    same = queries.same_mail(letter.identity, email.id)
    if same is not None:
        _settle(email, Outcome.DUPLICATE, f"The same mail as no. {same.id}, by another way.")
        email.duplicate_of_id, email.ticket_id = same.id, same.ticket_id
        return
    email.identity = letter.identity
    session.flush()  # whoever brings the same mail at this moment fails here, and tries again
    outcome, reason = _way_of(email, letter)(email, letter)
    _settle(email, outcome, reason or letter.verdict.reason)


def _way_of(email: InboundEmail, letter: Letter) -> Callable[[InboundEmail, Letter], "Settled"]:
    if email.released:
        return _ordinary
    return _bounce if returned.is_return(email, letter) else _BY_KIND[letter.verdict.kind]


def _settle(email: InboundEmail, outcome: Outcome, reason: str) -> None:
    email.outcome, email.reason = outcome, reason
    if outcome is Outcome.QUARANTINE:
        record(MailQuarantined(email.id))


def _describe(email: InboundEmail, letter: Letter) -> None:
    mail = letter.mail
    email.message_id = one_line(mail.message_id, 1000)
    email.sender, email.sender_name = mail.sender.key[:320], one_line(mail.sender.name, 200)
    email.subject = one_line(mail.subject, 1000)
    email.text = letter.text
    email.problems = [one_line(problem, 500) for problem in mail.problems[:100]]
    email.attachments = [
        {"name": one_line(file.name, 255), "size": file.size, "sha256": file.sha256}
        for file in mail.attachments
    ]


Settled = tuple[Outcome, str]


def _ordinary(email: InboundEmail, letter: Letter) -> Settled:
    if reason := _reason_to_wait(email, letter):
        return Outcome.QUARANTINE, reason
    sender = sender_of(letter.mail)
    return take_answer(email, letter, sender) or take(email, letter, sender)


def _reason_to_wait(email: InboundEmail, letter: Letter) -> str:
    """Why a person has to look at it first; "" where nobody has to, or somebody did."""
    if email.released:
        return ""
    if not letter.sender:
        return "It does not say who sent it, so nobody could be answered."
    most = settings().mail_per_sender
    if queries.how_many_from(letter.sender, now() - HOUR) > most:
        return f"More than {most:,} mails came from this address within an hour."
    most = settings().mail_per_hour
    if queries.how_many_tickets(HOUR) >= most:
        return f"More than {most:,} tickets were opened by mail within an hour."
    return ""


def _auto(email: InboundEmail, letter: Letter) -> Settled:
    return Outcome.AUTO, thread_automatic(email, letter, sender_of(letter.mail))


def _own(_email: InboundEmail, _letter: Letter) -> Settled:
    return Outcome.REJECTED, ""


def _report(_email: InboundEmail, _letter: Letter) -> Settled:
    return Outcome.REPORT, ""


def _bounce(email: InboundEmail, letter: Letter) -> Settled:
    return Outcome.BOUNCE, returned.take_bounce(email, letter.verdict.bounce, letter.mail)


def _complaint(email: InboundEmail, letter: Letter) -> Settled:
    return Outcome.REPORT, returned.take_complaint(email, letter.verdict.complaint)


_BY_KIND: Mapping[Kind, Callable[[InboundEmail, Letter], Settled]] = {
    Kind.ORDINARY: _ordinary,
    Kind.BULK: _ordinary,
    Kind.AUTO_REPLY: _auto,
    Kind.BOUNCE: _bounce,
    Kind.COMPLAINT: _complaint,
    Kind.REPORT: _report,
    Kind.OWN: _own,
}
