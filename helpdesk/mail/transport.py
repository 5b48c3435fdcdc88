"""Whoever carries mails: a mail server, or the outbox of a demo.

What went wrong is told apart by what the sender may do next: try again, give up, or not know.
"""

from email.message import EmailMessage
from typing import Protocol

from helpdesk.core.settings import settings
from helpdesk.mail.message import as_bytes


class NotTaken(Exception):
    """The server surely did not take the mail; it may be tried again later."""


class Deferred(NotTaken):
    """The server said of this recipient or mail: not now (a reply of 4xx)."""


class ServerAway(NotTaken):
    """No server could be talked to; the next mail would fare no better."""


class Refused(Exception):
    """The server will never take this mail (a reply of 5xx). `blames_address` where it said that
    nobody can be written to there; else it disliked this mail, or us."""

    def __init__(self, reason: str, *, blames_address: bool) -> None:
        super().__init__(reason)
        self.blames_address = blames_address


class Unknown(Exception):
    """The whole mail was sent and no answer came: it was taken, or it was not."""


class Transport(Protocol):
    """Carries the mails of one batch; close it afterwards."""

    def send(self, message: EmailMessage, return_path: str, to: str) -> None:
        """Hand over one mail; no error means that it was taken.

        Raises NotTaken, Refused or Unknown.
        """

    def close(self) -> None:
        """There is nothing more to send."""


class Outbox:
    """Takes every mail at once. The row is what the pages of the outbox show."""

    def send(self, message: EmailMessage, return_path: str, to: str) -> None:
        """Take it; one that cannot be written out fails here as it would outside."""
        as_bytes(message)

    def close(self) -> None:
        """Nothing was opened."""


def transport() -> Transport:
    """The carrier of this installation. Nothing is connected yet."""
    from helpdesk.mail.signing import signer
    from helpdesk.mail.smtp import MailServer

    config = settings()
    if not config.smtp_url:
        return Outbox()
    return MailServer(config.smtp_url, config.public_host, signer())
