"""The doors for mail as processes that may die at any point, and the ledger in which whoever hands
in a mail notes that it was acknowledged."""

import asyncio
import os
import resource
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from flask import current_app

from helpdesk.cli.mail import take_from_standard_input
from helpdesk.cli.running.server import WebServer
from helpdesk.core.crash import crash_point
from helpdesk.core.db import session, transaction
from helpdesk.core.settings import settings
from helpdesk.intake.connecting import connected, source_of
from helpdesk.intake.fetching import look_into
from helpdesk.intake.keeping import digest
from helpdesk.intake.listening import listen
from helpdesk.intake.models import Mailbox
from helpdesk.intake.tokens import make_token


def note(sha256: str) -> None:
    """The sender knows now that the mail was taken, and forgets it."""
    with Path(os.environ["LEDGER"]).open("a") as ledger:
        ledger.write(f"{sha256}\n")


def deliver() -> None:
    """A mail server hands the mail in the file MAIL to the pipe; FULL leaves no room on the disk
    beyond so many bytes of a file."""
    if full := os.environ.get("FULL"):
        resource.setrlimit(resource.RLIMIT_FSIZE, (int(full), int(full)))
    path = Path(os.environ["MAIL"])
    with path.open() as sys.stdin:
        status = take_from_standard_input(None, ())
    crash_point("mail_acknowledged")
    if status == os.EX_OK:
        note(digest(path.read_bytes()))


def post() -> None:
    """A program hands it in over HTTP."""
    app = current_app._get_current_object()  # type: ignore[attr-defined]  # the proxy's own way
    with transaction():
        _, words = make_token("trial")
    raw = Path(os.environ["MAIL"]).read_bytes()
    answer = app.test_client().post(
        "/inbound/mime",
        data=raw,
        content_type="message/rfc822",
        headers={"Authorization": f"Bearer {words}"},
        base_url="http://127.0.0.1:8000",
    )
    if answer.status_code in {200, 201}:
        note(digest(raw))


def serve() -> None:
    """Our door for mail servers."""
    app = current_app._get_current_object()  # type: ignore[attr-defined]  # the proxy's own way
    asyncio.run(listen(app, "127.0.0.1", int(os.environ["MAIL_PORT"])))


def web() -> None:
    """The web server, with its processes."""
    app = current_app._get_current_object()  # type: ignore[attr-defined]  # the proxy's own way
    WebServer(app, replace(settings(), port=int(os.environ["WEB_PORT"]))).run()


def look() -> None:
    """The reader of a mailbox looks into it once."""
    app = current_app._get_current_object()  # type: ignore[attr-defined]  # the proxy's own way
    with transaction(write=False):
        source = source_of(session.get_one(Mailbox, int(os.environ["MAILBOX"])))
    with connected(source) as box:
        look_into(app, source, box)


ROLES: dict[str, Callable[[], None]] = {
    "deliver": deliver,
    "post": post,
    "listen": serve,
    "look": look,
    "web": web,
}
