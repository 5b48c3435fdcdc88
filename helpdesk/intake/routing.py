"""Which ticket a mail belongs to: by what only somebody could know who had a mail of ours."""

from dataclasses import dataclass

from sqlalchemy import select

from helpdesk.core.db import session
from helpdesk.core.ids import by_id
from helpdesk.intake.models import InboundEmail
from helpdesk.mail.identity import is_reply_key, tag_in, topic_of
from helpdesk.mail.models import OutboundEmail
from helpdesk.mail.parsing import Mail
from helpdesk.tickets.models import Message, Ticket
from helpdesk.tickets.survivors import survivor_of

MOST = 20
"""Tickets that one mail can point at; more are not looked for."""


@dataclass(frozen=True)
class Pointer:
    """A sign of ours in a mail. `seen` is the last message that its reader knew, where it tells;
    `key` is that of a reply address, which was made for one reader alone."""

    number: int
    topic: str
    seen: int | None = None
    key: str = ""

    def was_made_for(self, address: str) -> bool:
        """Whether it is a reply address that only this reader was given."""
        return bool(self.key) and is_reply_key(self.key, self.topic, address)


def pointers_in(email: InboundEmail, mail: Mail) -> list[Pointer]:
    """Every sign in the mail, the surest first: reply addresses, In-Reply-To, References with the
    newest first. A number in a subject is none: anybody can write one."""
    addresses = [*email.sent_to, *mail.delivered_to]
    addresses += [box.address for box in (*mail.to, *mail.cc)]
    ids = [*mail.in_reply_to, *reversed(mail.references)]
    found = [_by_address(address) for address in addresses] + [_by_id(id_) for id_ in ids]
    unique = dict.fromkeys(pointer for pointer in found if pointer)
    return list(unique)[:MOST]


def _by_address(address: str) -> Pointer | None:
    tag = tag_in(address)
    return _pointer(tag[0], key=tag[1]) if tag else None


def _by_id(id_: str) -> Pointer | None:
    topic = topic_of(id_)
    if topic is None:
        return None
    return _pointer(topic, seen=_last_message_before(id_))


def _pointer(topic: str, key: str = "", seen: int | None = None) -> Pointer | None:
    name, *numbers = topic.split("-")
    if name != "ticket" or not 1 <= len(numbers) <= 2:
        return None
    if not all(number.isdigit() and len(number) < 19 for number in numbers):
        return None
    return Pointer(int(numbers[0]), topic, int(numbers[1]) if numbers[1:] else seen, key)


def _last_message_before(id_: str) -> int | None:
    """The message that a mail of ours carried."""
    statement = (
        select(Message.id)
        .join(OutboundEmail, OutboundEmail.id == Message.outbound_id)
        .where(OutboundEmail.message_id == id_.strip())
    )
    return session.scalar(statement)


def ticket_behind(pointer: Pointer) -> Ticket | None:
    """The ticket, or None where there is none (any more)."""
    return by_id(Ticket, pointer.number)


def is_genuine(pointer: Pointer, ticket: Ticket, sender: str) -> bool:
    """Whether we made it. An id proves that by itself; a reply address was made for the sender,
    or for somebody else who takes part in the ticket."""
    if not pointer.key:
        return True
    readers = {address.email for address in ticket.customer.addresses}
    readers |= {watcher.email for watcher in ticket.watchers}
    messages = survivor_of(ticket).messages
    readers |= {message.author.email for message in messages if message.author}
    return any(pointer.was_made_for(reader) for reader in {sender, *readers})
