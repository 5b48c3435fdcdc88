"""What no person writes: messages of rules to the customer, and their notes."""

from dataclasses import dataclass

from helpdesk.core.errors import Conflict
from helpdesk.core.journal import record
from helpdesk.tickets import conversation
from helpdesk.tickets.events import NoteAdded, TicketEvent
from helpdesk.tickets.mailing import mail_reply
from helpdesk.tickets.models import Message, MessageKind, Status, Ticket


@dataclass(frozen=True)
class AutomaticMessageSent(TicketEvent):
    """A rule wrote to the customer. It is no answer by a person: nobody waits any less."""

    ticket_id: int
    customer_id: int
    message_id: int


def tell_customer(ticket: Ticket, body: str, *, key: str | None = None) -> Message:
    """A public message in the company's name, mailed as an automatic one (RFC 3834). The same
    `key` tells once.

    Raises Conflict on a closed ticket, Invalid for an empty or over-long text.
    """
    if earlier := conversation.written_before(key):
        return earlier
    if ticket.status is Status.CLOSED:
        raise Conflict("This ticket is closed for good; nobody can be written to.")
    kind = MessageKind.AUTOMATIC
    message = conversation.add_message(ticket, kind, body, None, None, "rule", form_key=key)
    message.outbound_id = mail_reply(ticket, message, None).to_customer
    record(AutomaticMessageSent(ticket.id, ticket.customer_id, message.id))
    return message


def note(ticket: Ticket, body: str, *, key: str | None = None) -> Message:
    """A note of nobody in particular. The same `key` notes once. Raises Invalid."""
    if earlier := conversation.written_before(key):
        return earlier
    kind = MessageKind.NOTE
    message = conversation.add_message(ticket, kind, body, None, None, "rule", form_key=key)
    record(NoteAdded(ticket.id, message.id))
    return message
