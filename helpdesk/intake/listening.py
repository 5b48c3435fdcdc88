"""The door for mail servers: SMTP (RFC 5321) and LMTP (RFC 2033) on one port. Whoever greets with
LHLO gets an answer for each recipient. A mail is acknowledged once it is stored for good; where
that is not possible now, its sender keeps it and tries again."""

import asyncio
import contextlib
import logging
import signal
from collections.abc import AsyncIterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

from aiosmtpd.smtp import SMTP, Envelope, syntax
from flask import Flask

from helpdesk.core.crash import crash_point
from helpdesk.core.db import transaction
from helpdesk.intake.keeping import NeverTaken, TooLarge, keep, largest
from helpdesk.intake.models import Door

log = logging.getLogger(__name__)

THREADS = 8
"""Mails that are stored at the same moment."""
PATIENCE = 20.0
"""Seconds that mails have which are under way when we are told to stop."""
_CHUNK = 256 * 1024
_AT_ONCE = 16 * _CHUNK
"""Bytes; the reader never holds so many."""
_END = b"\r\n.\r\n"
LATER = "451 4.3.0 Not stored now; try again later"


class MailServer(SMTP):
    """aiosmtpd's server, reading a mail in large pieces instead of line by line: mails have lines
    of any length, and 50 MB of them must not take seconds."""

    line_length_limit = _CHUNK
    speaks_lmtp = False
    largest = 0
    """Bytes of the largest mail."""

    @syntax("LHLO hostname")
    async def smtp_LHLO(self, arg: str) -> None:  # noqa: N802 - the library finds it by this name
        self.speaks_lmtp = True
        await self.smtp_EHLO(arg)

    async def smtp_DATA(self, arg: str) -> None:  # noqa: N802
        if await self.check_helo_needed() or await self.check_auth_needed("DATA"):
            return
        envelope = self.envelope
        if envelope is None or not envelope.rcpt_tos:
            await self.push("503 5.5.1 Say RCPT first")
            return
        await self.push("354 End with a dot on a line of its own")
        envelope.content = await self._read_mail()
        status = await self.event_handler.store(envelope, self.speaks_lmtp)
        self._set_post_data_state()  # type: ignore[no-untyped-call]  # the library's
        answers = len(envelope.rcpt_tos) if self.speaks_lmtp else 1
        await self.push("\r\n".join([status] * answers))
        crash_point("mail_acknowledged")

    async def _read_mail(self) -> bytes | None:
        """The mail without the dots that SMTP adds (4.5.2); None when it is too large."""
        found, whole = bytearray(b"\r\n"), True  # so that its end can also be its beginning
        while True:
            self._reset_timeout()
            piece = await self._reader.read(_AT_ONCE)
            if not piece:
                raise asyncio.IncompleteReadError(b"", None)
            searched = max(0, len(found) - len(_END) + 1)
            found += piece
            end = found.find(_END, searched)
            if end >= 0:
                break
            if len(found) > self.largest + len(_END) + 2:
                whole = False  # read on, to answer when its sender listens
                del found[: 1 - len(_END)]
        self._give_back(bytes(found[end + len(_END) :]))
        if not whole or end > self.largest:
            return None
        return bytes(found[2 : end + 2]).removeprefix(b".").replace(b"\r\n.", b"\r\n")

    def _give_back(self, rest: bytes) -> None:
        """What a hasty sender wrote after its mail is the next command. The reader is empty: it
        holds less than was asked for, and nothing came since."""
        if rest and not self._reader.at_eof():
            self._reader.feed_data(rest)


class Store:
    """Stores what a connection brings, in threads with a database session each."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.pool = ThreadPoolExecutor(THREADS, thread_name_prefix="mail")
        self.under_way = 0

    async def store(self, envelope: Envelope, lmtp: bool) -> str:
        """Store one mail; the line to answer with."""
        content = envelope.content
        if content is None:
            return "552 5.3.4 The mail is too large"
        raw = content if isinstance(content, bytes) else content.encode()
        door = Door.LMTP if lmtp else Door.SMTP
        loop = asyncio.get_running_loop()
        self.under_way += 1
        try:
            return await loop.run_in_executor(
                self.pool, self._keep, raw, door, envelope.mail_from or "", envelope.rcpt_tos
            )
        finally:
            self.under_way -= 1

    def _keep(self, raw: bytes, door: Door, sent_from: str, sent_to: Sequence[str]) -> str:
        try:
            with self.app.app_context(), transaction():
                keep(raw, door, sent_from=sent_from, sent_to=sent_to)
            crash_point("mail_kept")
        except TooLarge as error:
            return f"552 5.3.4 {error.message}"
        except NeverTaken as error:
            return f"554 5.6.0 {error.message}"
        except Exception:
            log.exception("A mail could not be stored; its sender keeps it.")
            return LATER
        return "250 2.0.0 Stored"


async def listen(app: Flask, host: str, port: int, path: Path | None = None) -> None:
    """Take mails until told to stop (TERM, INT), see `serve`."""
    loop, stop = asyncio.get_running_loop(), asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    async with serve(app, host, port, path):
        await stop.wait()


@contextlib.asynccontextmanager
async def serve(app: Flask, host: str, port: int, path: Path | None = None) -> AsyncIterator[None]:
    """Take mails at `host:port`, or at the socket `path`, inside; what is under way at its end is
    finished. Raises OSError where one cannot listen there."""
    store, loop = Store(app), asyncio.get_running_loop()
    with app.app_context():
        limit = largest()
    new = partial(_server, store, limit, loop)
    if path is None:
        server = await loop.create_server(new, host, port)
    else:
        path.unlink(missing_ok=True)
        server = await loop.create_unix_server(new, str(path))
    try:
        yield
    finally:
        server.close()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(_finish(store), PATIENCE)


def _server(store: Store, limit: int, loop: asyncio.AbstractEventLoop) -> MailServer:
    server = MailServer(
        store,
        data_size_limit=limit,
        enable_SMTPUTF8=True,
        decode_data=False,
        hostname="localhost",
        ident="helpdesk",
        loop=loop,
    )
    server.largest = limit
    return server


async def _finish(store: Store) -> None:
    while store.under_way:
        await asyncio.sleep(0.05)
    await asyncio.sleep(0.05)  # for the answers to leave
    store.pool.shutdown(wait=False)
