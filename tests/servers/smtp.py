"""A real SMTP server on loopback that keeps what it is sent, and misbehaves when asked to."""

import asyncio
import email
import email.policy
from email.message import EmailMessage
from typing import Self

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.servers.ports import free_port


class Sink:
    """Takes every mail. What it took is in `messages`, oldest first.

    `refuse` answers RCPT with that line ("550 no such user"); `refuse_data` answers the end of
    DATA with it; `die_after_data` takes the mail and closes the connection without an answer, so
    that the sender cannot know.
    """

    def __init__(self) -> None:
        self.messages: list[EmailMessage] = []
        self.recipients: list[list[str]] = []
        self.refuse: str | None = None
        self.refuse_data: str | None = None
        self.die_after_data = False
        port = free_port()
        self.url = f"smtp://127.0.0.1:{port}"
        self.controller = Controller(
            _Handler(self), hostname="127.0.0.1", port=port, decode_data=False
        )

    def __enter__(self) -> Self:
        self.controller.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.controller.stop()

    def behave(self) -> None:
        """Forget everything, refuse nothing."""
        self.messages.clear()
        self.recipients.clear()
        self.refuse = self.refuse_data = None
        self.die_after_data = False

    def to(self, address: str) -> list[EmailMessage]:
        """The mails that went to this address."""
        pairs = zip(self.messages, self.recipients, strict=True)
        return [message for message, recipients in pairs if address in recipients]

    @property
    def last(self) -> EmailMessage:
        """The newest mail; raises IndexError when there is none."""
        return self.messages[-1]

    def __len__(self) -> int:
        return len(self.messages)


class _Handler:
    """What aiosmtpd calls; it reads every attribute of this object, so there are no others."""

    def __init__(self, sink: Sink) -> None:
        self.sink = sink

    async def handle_RCPT(  # noqa: N802 - the library's name for it
        self,
        _server: SMTP,
        _session: Session,
        envelope: Envelope,
        address: str,
        _options: list[str],
    ) -> str:
        if self.sink.refuse:
            return self.sink.refuse
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        if self.sink.refuse_data:
            return self.sink.refuse_data
        content = envelope.content
        raw = content.encode() if isinstance(content, str) else content or b""
        self.sink.messages.append(email.message_from_bytes(raw, policy=email.policy.default))
        self.sink.recipients.append(list(envelope.rcpt_tos))
        if self.sink.die_after_data and isinstance(server.transport, asyncio.Transport):
            server.transport.abort()
        return "250 OK"


def text_of(message: EmailMessage) -> str:
    """The plain text of a mail."""
    part = message.get_body(("plain",))
    assert part is not None
    return str(part.get_content())
