"""When a rule may write to a customer, and when it keeps silent."""

from datetime import timedelta

from sqlalchemy import func, select

from helpdesk.core.clock import now
from helpdesk.core.db import session
from helpdesk.core.journal import JournalEntry
from helpdesk.customers.models import Customer
from helpdesk.tickets.events import CustomerWrote, TicketFiled
from helpdesk.tickets.models import Message, MessageKind, Ticket

A_DAY = timedelta(days=1)
MOST_A_DAY = 4
"""Messages of rules to one customer in a day, whatever the tickets."""
BY_RULE = "rule"
"""The channel of messages that rules write."""


def why_silent(ticket: Ticket) -> str:
    """What keeps a rule from writing to the customer now, or nothing.

    A machine is never answered, by whatever way its message came; a stranger who typed somebody's
    address must not have us write what they please to it (RFC 3834, 4).
    """
    if _asked_by_machine(ticket.id):
        return "a machine wrote it, and machines are not answered"
    last = _last_of_the_customer(ticket.id)
    if last is not None and last == MessageKind.AUTOMATIC:
        return "the last message was an automatic answer, and machines are not answered"
    return _unreachable(ticket.customer) or _too_often(ticket.customer_id)


def _unreachable(customer: Customer) -> str:
    address = next((one for one in customer.addresses if one.email == customer.email), None)
    if address is None:
        return "we have no address of the customer"
    if address.bounced_at is not None:
        return "mail to the customer’s address comes back"
    return "" if address.verified_at else "the customer’s address is not verified"


def _too_often(customer_id: int) -> str:
    if _written_today(customer_id) < MOST_A_DAY:
        return ""
    return f"rules wrote to the customer {MOST_A_DAY} times within a day already"


def _asked_by_machine(ticket_id: int) -> bool:
    """Whether a machine filed it and no person wrote since."""
    asked = (TicketFiled.__name__, CustomerWrote.__name__)
    statement = (
        select(JournalEntry)
        .where(
            JournalEntry.subject_kind == "ticket",
            JournalEntry.subject_id == ticket_id,
            JournalEntry.event.in_(asked),
        )
        .order_by(JournalEntry.id.desc())
        .limit(1)
    )
    last = session.scalar(statement)
    return last is not None and bool(last.data.get("quiet"))


def _last_of_the_customer(ticket_id: int) -> str | None:
    """The kind of the last message that came from outside."""
    came = (MessageKind.CUSTOMER, MessageKind.AUTOMATIC)
    statement = (
        select(Message.kind)
        .where(Message.ticket_id == ticket_id, Message.kind.in_(came), Message.channel != BY_RULE)
        .order_by(Message.id.desc())
        .limit(1)
    )
    return session.scalar(statement)


def _written_today(customer_id: int) -> int:
    statement = (
        select(func.count())
        .select_from(Message)
        .join(Ticket, Ticket.id == Message.ticket_id)
        .where(
            Ticket.customer_id == customer_id,
            Message.kind == MessageKind.AUTOMATIC,
            Message.channel == BY_RULE,
            Message.created_at > now() - A_DAY,
        )
    )
    return session.scalar(statement) or 0
