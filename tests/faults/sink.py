"""A mail server as a process of its own: it notes the Message-ID of each mail it takes, and then
answers, or dies on its caller.

python -m tests.faults.sink PORT LEDGER SHARE
"""

import asyncio
import email
import random
import sys
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


class Handler:
    """What the server does with a mail. `share` of them get no answer after they were taken."""

    def __init__(self, ledger: Path, share: float) -> None:
        self.ledger = ledger
        self.share = share
        self.dice = random.Random(1)

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - the library's name for it
        content = envelope.content
        message = email.message_from_bytes(content if isinstance(content, bytes) else b"")
        with self.ledger.open("a") as ledger:
            ledger.write(f"{message['Message-ID']}\n")
        if self.dice.random() < self.share and isinstance(server.transport, asyncio.Transport):
            server.transport.abort()
        return "250 OK"


def main(port: str, ledger: str, share: str) -> None:
    """Serve until killed."""
    handler = Handler(Path(ledger), float(share))
    controller = Controller(handler, hostname="127.0.0.1", port=int(port), decode_data=False)
    controller.start()
    sys.stdin.read()  # ends when whoever started us does


if __name__ == "__main__":
    main(*sys.argv[1:])
