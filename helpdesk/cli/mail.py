"""`flask mail …`: handing mails in, and seeing what became of them."""

import asyncio
import json
import signal
import sys
import threading
from os import EX_DATAERR, EX_OK, EX_TEMPFAIL
from pathlib import Path
from typing import Any

import click
from flask import current_app
from flask.cli import with_appcontext

from helpdesk.core.crash import crash_point
from helpdesk.core.db import transaction


@click.group("mail")
def mail_group() -> None:
    """Mail in."""


@mail_group.command()
@click.option("--sender", help="The return path of the envelope, where there is one.")
@click.argument("recipients", nargs=-1)
@with_appcontext
def deliver(sender: str | None, recipients: tuple[str, ...]) -> None:
    """Take one mail from standard input. Ends with 0 once it is stored for good, with 65 when it
    can never be taken, and with 75 for everything else: try again later (sysexits.h)."""
    sys.exit(take_from_standard_input(sender, recipients))


def take_from_standard_input(sender: str | None, recipients: tuple[str, ...]) -> int:
    """How the command ends: 0 once the mail is stored, 65 never, 75 for everything else."""
    try:
        from helpdesk.intake.keeping import NeverTaken, keep, largest
        from helpdesk.intake.models import Door

        try:
            raw = sys.stdin.buffer.read(largest() + 1)
            with transaction():
                keep(raw, Door.PIPE, sent_from=sender, sent_to=recipients)
            crash_point("mail_kept")
        except NeverTaken as error:
            click.echo(error.message, err=True)
            return EX_DATAERR
    except BaseException as error:  # noqa: BLE001 - whatever it is, the mail must come again
        click.echo(f"Not stored, try again: {type(error).__name__}: {error}", err=True)
        return EX_TEMPFAIL
    return EX_OK


@mail_group.command("log")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@with_appcontext
def mail_log(as_json: bool) -> None:
    """Every mail that came in, in order, and what became of it."""
    from helpdesk.intake.queries import whole_log

    with transaction(write=False):
        for row in whole_log():
            if as_json:
                click.echo(json.dumps(_line(row._asdict()), ensure_ascii=False))
            else:
                outcome = row.outcome or "waiting"
                click.echo(f"{row.received_at:%Y-%m-%d %H:%M} {outcome:<10} {row.subject[:60]}")


def _line(row: dict[str, Any]) -> dict[str, object]:
    return {
        "sha256": row["sha256"],
        "message_id": row["message_id"],
        "outcome": row["outcome"],
        "ticket": row["ticket_id"],
        "text": row["text"],
        "attachments": row["attachments"],
        "reason": row["reason"],
        "received_at": row["received_at"].isoformat(),
        "door": row["door"],
    }


@mail_group.command()
@with_appcontext
def process() -> None:
    """Read and act on everything that waits, here and now; a worker does it by itself."""
    from helpdesk.intake.jobs import process_next

    count = 0
    while process_next():
        count += 1
    click.echo(f"{count} dealt with.")


@mail_group.command()
@click.argument("name")
@with_appcontext
def token(name: str) -> None:
    """Make a token with which the program NAME hands in mails at POST /inbound/mime."""
    from helpdesk.intake.tokens import make_token

    with transaction():
        _, words = make_token(name)
    click.echo(words)


@mail_group.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Where to listen.")
@click.option("--port", default=8025, show_default=True, type=int)
@click.option("--socket", type=click.Path(path_type=Path), help="A Unix socket in place of a port.")
@with_appcontext
def listen(host: str, port: int, socket: Path | None) -> None:
    """Take mail by SMTP and LMTP. Whoever reaches this port can hand in mail: let it be your mail
    server alone."""
    from helpdesk.cli.roles import begin
    from helpdesk.intake import listening

    begin("mail listen")
    app = current_app._get_current_object()  # type: ignore[attr-defined]  # the proxy's own way to what it stands for
    try:
        asyncio.run(listening.listen(app, host, port, socket))
    except OSError as error:
        raise click.ClickException(
            f"Cannot listen at {socket or f'{host}:{port}'}: {error}"
        ) from error


@mail_group.command()
@with_appcontext
def fetch() -> None:
    """Read the mailboxes that an administrator added, by IMAP, until told to stop. `flask up` runs
    this by itself while there are any; twice does no harm."""
    from helpdesk.cli.roles import begin
    from helpdesk.intake.fetching import read_all

    begin("mail fetch")
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    read_all(current_app._get_current_object(), stop)  # type: ignore[attr-defined]  # the proxy's own way to what it stands for
