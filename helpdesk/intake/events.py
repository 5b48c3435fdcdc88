"""What happens to mails that came in."""

from dataclasses import dataclass
from typing import ClassVar

from helpdesk.core.journal import Event


class InboundEvent(Event):
    subject: ClassVar[tuple[str, str]] = ("inbound mail", "inbound_id")


@dataclass(frozen=True)
class MailQuarantined(InboundEvent):
    """A person decides what becomes of it."""

    inbound_id: int


@dataclass(frozen=True)
class MailReleased(InboundEvent):
    """A person let it out of quarantine."""

    inbound_id: int


@dataclass(frozen=True)
class MailReadAgain(InboundEvent):
    """A person had it processed again."""

    inbound_id: int
    before: str


class MailboxEvent(Event):
    subject: ClassVar[tuple[str, str]] = ("mailbox", "mailbox_id")


@dataclass(frozen=True)
class MailboxAdded(MailboxEvent):
    mailbox_id: int


@dataclass(frozen=True)
class MailboxChanged(MailboxEvent):
    mailbox_id: int
    fields: list[str]


@dataclass(frozen=True)
class MailboxRemoved(MailboxEvent):
    mailbox_id: int
    address: str


class MailTokenEvent(Event):
    subject: ClassVar[tuple[str, str]] = ("mail token", "token_id")


@dataclass(frozen=True)
class MailTokenMade(MailTokenEvent):
    token_id: int


@dataclass(frozen=True)
class MailTokenRevoked(MailTokenEvent):
    token_id: int
