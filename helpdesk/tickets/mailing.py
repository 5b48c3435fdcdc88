"""Mails to those who take part in a ticket."""

from datetime import timedelta
from typing import NamedTuple

from sqlalchemy import select

from helpdesk.accounts.models import Account
from helpdesk.core.clock import now
from helpdesk.core.db import session
from helpdesk.core.journal import record
from helpdesk.core.settings import settings
from helpdesk.mail import outbound
from helpdesk.mail.models import OutboundEmail
from helpdesk.tickets.attention import WatcherRemoved
from helpdesk.tickets.events import WatcherAdded
from helpdesk.tickets.links import link_for
from helpdesk.tickets.mailwords import mail_words
from helpdesk.tickets.models import Message, Ticket, TicketWatcher

MOST_WATCHERS = 20


def topic_of(ticket: Ticket) -> str:
    """What mails about the ticket are threaded by, see `mail.identity`."""
    return f"ticket-{ticket.id}"


class Mails(NamedTuple):
    """Numbers of the mails that carry a reply."""

    to_customer: int | None
    """None where they have no address."""
    copies: list[int]

    @property
    def all(self) -> list[int]:
        return self.copies if self.to_customer is None else [self.to_customer, *self.copies]


def mail_reply(ticket: Ticket, message: Message, by: Account | None) -> Mails:
    """Write down the mails that carry a reply, one to the customer and one to each watcher, due
    when it can no longer be taken back; in the company's name, and marked as automatic, where no
    person wrote it."""
    to = ticket.customer.email
    copies = [
        _write(ticket, message, by, watcher.email, watcher.name, link=None).id
        for watcher in ticket.watchers
    ]
    if to is None:
        return Mails(None, copies)
    link = link_for(ticket, ticket.customer, to)
    return Mails(_write(ticket, message, by, to, ticket.customer.name, link).id, copies)


def _write(
    ticket: Ticket, message: Message, by: Account | None, to: str, name: str, link: str | None
) -> OutboundEmail:
    head = outbound.letterhead_of(ticket.reply_from) if ticket.reply_from else None
    words = mail_words(ticket.customer.language)
    context = {
        "ticket": ticket,
        "message": message,
        "signed": _signed(by),
        "link": link,
        "signature": head.signature.strip() if head else "",
        **words.setting,
    }
    return outbound.write(
        kind="reply",
        to=to,
        to_name=name,
        subject=f"Re: {ticket.subject} [#{ticket.id}]",
        template="tickets/mail/reply",
        context=context,
        secret=link is not None,  # for the link; what was written stands in the message
        delay=timedelta(seconds=settings().undo_send_seconds),
        topic=topic_of(ticket),
        answers=_last_mail(ticket),
        automatic=by is None,
        letterhead=head,
    )


def _signed(by: Account | None) -> str:
    return by.name if by else settings().company_name


def _last_mail(ticket: Ticket) -> str:
    """The Message-ID of the last mail that somebody wrote on it, so that programs which know no
    other of ours show the answer below it."""
    statement = (
        select(Message.mail_id)
        .where(Message.ticket_id == ticket.id, Message.mail_id.is_not(None))
        .order_by(Message.id.desc())
        .limit(1)
    )
    return session.scalar(statement) or ""


def add_watcher(ticket: Ticket, email: str, name: str = "", *, by: Account | None = None) -> bool:
    """From now on `email` (in lower case) gets a copy of each reply. Twice is harmless; False when
    they have it already, or when there are too many."""
    known = {watcher.email for watcher in ticket.watchers}
    known |= {address.email for address in ticket.customer.addresses}
    if email in known or len(ticket.watchers) >= MOST_WATCHERS:
        return False
    watcher = TicketWatcher(ticket_id=ticket.id, email=email, name=name, added_at=now())
    ticket.watchers.append(watcher)
    ticket.has_parts = True
    session.flush()
    record(WatcherAdded(ticket.id, watcher.id), by=by)
    return True


def remove_watcher(ticket: Ticket, email: str, *, by: Account | None) -> None:
    """No copy goes to that address (in lower case) any more. Twice is harmless."""
    for watcher in list(ticket.watchers):
        if watcher.email == email:
            ticket.watchers.remove(watcher)
            session.delete(watcher)
            record(WatcherRemoved(ticket.id, watcher.id), by=by)
