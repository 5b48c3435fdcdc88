"""What the portal does when something happened."""

from datetime import timedelta

from sqlalchemy import func, select

from helpdesk.accounts.events import ProfileChanged
from helpdesk.accounts.models import Account
from helpdesk.core.clock import now
from helpdesk.core.db import session
from helpdesk.customers.actions import edit
from helpdesk.customers.models import Address
from helpdesk.customers.queries import customer_of
from helpdesk.mail import outbound
from helpdesk.mail.models import OutboundEmail
from helpdesk.portal.promise import promise_in_mail
from helpdesk.tickets.events import TicketFiled
from helpdesk.tickets.links import link_for
from helpdesk.tickets.mailwords import mail_words
from helpdesk.tickets.models import Message, Ticket

CONFIRMATION = "confirmation"
WINDOW = timedelta(hours=1)
MOST_A_DAY_UNVERIFIED = 3
TOO_LATE = timedelta(days=1)
"""A confirmation that comes later than this confuses; imports bring old requests."""


def acknowledge(event: TicketFiled) -> None:
    """Confirm that a request arrived: at most once an hour and address, so that nobody can use us
    to flood somebody.

    Unless the owner of a proven address wrote it, it carries nothing of what was written, because
    the sender may be a stranger: not the subject, not even the name.
    """
    ticket = session.get_one(Ticket, event.ticket_id)
    address = _address_of(ticket)
    if (
        event.quiet
        or address is None
        or event.channel == "desk"
        or now() - ticket.created_at > TOO_LATE
    ):
        return
    session.refresh(address, with_for_update=True)  # two requests at once are counted one by one
    if _has_had_enough(address):
        return
    proven = address.verified_at is not None
    known = proven and _came_from_its_owner(ticket, event.message_id)
    words = mail_words(ticket.customer.language)
    own = promise_in_mail(ticket.id, ticket.customer) if known else ""
    outbound.write(
        kind=CONFIRMATION,
        to=address.email,
        to_name=ticket.customer.name if known else "",
        subject=words.received_subject.format(n=ticket.id, subject=ticket.subject)
        if known
        else words.stranger_subject,
        template="portal/mail/received" if known else "portal/mail/confirm_address",
        context={
            "ticket": ticket,
            "promise": own,
            **words.setting,
            "proven": proven,
            "url": link_for(ticket, ticket.customer, address.email),
        },
        secret=True,  # the link opens the request, so it is kept as a hash alone
        automatic=True,
        topic=f"ticket-{ticket.id}",
        answers=session.get_one(Message, event.message_id).mail_id or "",
    )


def _is_late_or_unwanted(event: TicketFiled, ticket: Ticket) -> bool:
    too_late = now() - ticket.created_at > TOO_LATE
    return too_late or event.quiet or event.channel == "desk"


def _address_of(ticket: Ticket) -> Address | None:
    """Where mail about the ticket goes, unless it comes back from there."""
    email = ticket.customer.email
    found = (a for a in ticket.customer.addresses if a.email == email and not a.bounced_at)
    return next(found, None)


def _came_from_its_owner(ticket: Ticket, message_id: int) -> bool:
    """Somebody signed in wrote it, or somebody who could read the request that it follows."""
    message = session.get_one(Message, message_id)
    return message.author_id is not None or ticket.follows_id is not None


def _has_had_enough(address: Address) -> bool:
    if _confirmations(address.email, WINDOW):
        return True
    return address.verified_at is None and (
        _confirmations(address.email, timedelta(days=1)) >= MOST_A_DAY_UNVERIFIED
    )


def _confirmations(email: str, within: timedelta) -> int:
    statement = select(func.count()).where(
        OutboundEmail.to_address == email,
        OutboundEmail.kind == CONFIRMATION,
        OutboundEmail.created_at > now() - within,
    )
    return session.scalar(statement) or 0


def rename_customer(event: ProfileChanged) -> None:
    """Somebody changed her name or time zone: her record follows."""
    account = session.get(Account, event.account_id)
    customer = customer_of(account) if account else None
    if account is not None and customer is not None:
        edit(customer, {"name": account.name, "time_zone": account.time_zone}, by=account)
