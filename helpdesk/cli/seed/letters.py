"""Mails that came to the demo lately, one of each kind, so that the mail log has something to show.
They take the way of every mail."""

import gzip
from collections.abc import Callable
from email import message_from_string
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, formataddr
from functools import partial

from sqlalchemy import select

from helpdesk.cli.seed.company import Client
from helpdesk.cli.seed.history import HOUR, History
from helpdesk.core.clock import now
from helpdesk.core.db import session
from helpdesk.core.settings import settings
from helpdesk.customers.models import Address
from helpdesk.intake.keeping import keep
from helpdesk.intake.letters import open_letter, our_addresses
from helpdesk.intake.models import Door, InboundEmail
from helpdesk.intake.settling import settle
from helpdesk.mail.models import OutboundEmail

QUESTION = """\
Hello,

we are 40 people and pay our staff with a spreadsheet today. Can Acorn take over the months of
this year, or do we begin with a new one? And what does it cost for 40?

Kind regards
Marta Oliveira
--
Marta Oliveira · Oliveira & Filhos · Lisbon
"""
ANSWER = """\
Thank you, that helped. One thing is left: the summary still shows the old address of our office.

Sent from my iPhone

On {day}, at 09:12, {company} <{ours}> wrote:

> {said}
"""
AWAY = """\
I am out of the office until Monday and read no mail. In urgent cases please call our switchboard.
"""
NOT_KNOWN = """\
This is the mail system at host mx.acorn-payroll.example.

I'm sorry to have to inform you that your message could not be delivered.

<{to}>: host mx.{host} said: 550 5.1.1 User unknown
"""
DELIVERY = """\
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.acorn-payroll.example

Final-Recipient: rfc822; {to}
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 User unknown
"""
DMARC = """\
<?xml version="1.0"?>
<feedback><report_metadata><org_name>mail.example</org_name><report_id>4711</report_id>
</report_metadata><policy_published><domain>{domain}</domain><p>none</p></policy_published>
<record><row><source_ip>192.0.2.7</source_ip><count>12</count></row></record></feedback>
"""
NAMELESS = "Is anybody there? We sent the form twice and heard nothing.\n"


def expect_letters(history: History, rosa: Client) -> None:
    """Let them come, each at its distance from the end. None is Rosa's, whose story is told by
    hand."""
    for before, write in (
        (50 * HOUR, _report),
        (26 * HOUR, lambda: _returned(_mailed(rosa, 8))),
        (22 * HOUR, lambda: _away(_mailed(rosa, 4))),
        (7 * HOUR, lambda: _answer(_mailed(rosa, 0))),
        (5 * HOUR, _question),
        (2 * HOUR, _nameless),
    ):
        history.at(history.end - before, partial(_arrive, write))


def _arrive(write: Callable[[], EmailMessage | None]) -> None:
    """Take the mail that is written now, if there is one, and do what follows from it."""
    mail = write()
    if mail is None:
        return
    if mail["To"] is None:
        mail["To"] = settings().mail_from
    mail["Date"] = format_datetime(now())
    mail["Message-ID"] = f"<{now():%Y%m%d%H%M%S}@mail.example>"
    raw = mail.as_bytes(policy=SMTP)
    email = session.get_one(InboundEmail, keep(raw, Door.LMTP).id)
    settle(email, open_letter(raw, our_addresses()))
    email.next_try_at, email.settled_at = None, now()


def _mailed(rosa: Client, place: int) -> OutboundEmail | None:
    """One of the last replies that went out to anybody else."""
    hers = select(Address.email).where(Address.customer_id == rosa.customer_id)
    replies = select(OutboundEmail).where(
        OutboundEmail.kind == "reply", OutboundEmail.to_address.not_in(hers)
    )
    return session.scalar(replies.order_by(OutboundEmail.id.desc()).offset(place).limit(1))


def _mail(sender: str, subject: str, text: str) -> EmailMessage:
    mail = EmailMessage()
    if sender:
        mail["From"] = sender
    mail["Subject"] = subject
    mail.set_content(text)
    return mail


def _question() -> EmailMessage:
    return _mail("Marta Oliveira <marta@oliveira.example>", "Moving to Acorn", QUESTION)


def _nameless() -> EmailMessage:
    return _mail("", "Form", NAMELESS)


def _answer(ours: OutboundEmail | None) -> EmailMessage | None:
    if ours is None:
        return None
    quoted = ours.text.strip().partition("\n\n")[2].partition("\n")[0] or ours.subject
    company, address = settings().company_name, settings().mailbox[1]
    day = f"{ours.created_at:%d %b %Y}"
    text = ANSWER.format(day=day, company=company, ours=address, said=quoted)
    return _in_reply_to(ours, _mail(_called(ours), f"Re: {ours.subject}", text))


def _away(ours: OutboundEmail | None) -> EmailMessage | None:
    if ours is None:
        return None
    mail = _mail(_called(ours), f"Automatic reply: {ours.subject}", AWAY)
    mail["Auto-Submitted"] = "auto-replied"
    return _in_reply_to(ours, mail)


def _called(ours: OutboundEmail) -> str:
    return formataddr((ours.to_name, ours.to_address))


def _in_reply_to(ours: OutboundEmail, mail: EmailMessage) -> EmailMessage:
    mail["To"] = ours.headers["Reply-To"]
    mail["In-Reply-To"] = mail["References"] = ours.message_id
    return mail


def _returned(ours: OutboundEmail | None) -> EmailMessage | None:
    if ours is None:
        return None
    host = ours.to_address.partition("@")[2]
    words = NOT_KNOWN.format(to=ours.to_address, host=host)
    mail = _mail(f"MAILER-DAEMON@{settings().mail_domain}", "Undelivered Mail Returned", words)
    mail["Return-Path"] = "<>"
    mail["Auto-Submitted"] = "auto-replied"
    told = message_from_string(DELIVERY.format(to=ours.to_address), policy=SMTP)
    mail.make_mixed()
    mail.attach(told)
    mail.replace_header("Content-Type", "multipart/report; report-type=delivery-status")
    sent = _mail(settings().mail_from, ours.subject, ours.text)
    sent["Message-ID"] = ours.message_id
    mail.add_attachment(sent)
    return mail


def _report() -> EmailMessage:
    domain = settings().mail_domain
    mail = _mail("dmarc@mail.example", f"Report Domain: {domain} Submitter: mail.example", "")
    file = gzip.compress(DMARC.format(domain=domain).encode(), mtime=0)
    name = f"mail.example!{domain}.xml.gz"
    mail.add_attachment(file, maintype="application", subtype="gzip", filename=name)
    return mail
