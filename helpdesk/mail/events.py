"""What happens to mails on their way."""

from dataclasses import dataclass
from typing import ClassVar

from helpdesk.core.journal import Event


class MailEvent(Event):
    subject: ClassVar[tuple[str, str]] = ("mail", "email_id")


@dataclass(frozen=True)
class MailBounced(MailEvent):
    """The server refused the mail for ever: because of its address, or because of the mail."""

    email_id: int
    address_to_blame: bool = True


@dataclass(frozen=True)
class MailInDoubt(MailEvent):
    """Nobody knows whether the mail was taken, and it must not go out twice."""

    email_id: int


@dataclass(frozen=True)
class MailParked(MailEvent):
    """It was tried often enough; a person decides."""

    email_id: int


@dataclass(frozen=True)
class MailSentAgain(MailEvent):
    """A person had it sent once more."""

    email_id: int
    before: str


@dataclass(frozen=True)
class MailLeft(MailEvent):
    """A person decided to leave it at that."""

    email_id: int
    before: str
