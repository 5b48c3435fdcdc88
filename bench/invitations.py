"""How many invitations a second go out: all of them due at once, planned, written, and handed over
row by row to a mail server that answers at once.

python -m bench.invitations [--invitations 100000] [--db sqlite]
"""

import argparse
import asyncio
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import ColumnElement, func, select

from bench.crowd import fill
from bench.surroundings import PROCESSES, config_of, cpu_seconds, database, new_port, variables
from config import ROOT, Config
from helpdesk import create_app
from helpdesk.cli.running.lifeline import die_with
from helpdesk.core.db import Model, db, session, transaction
from helpdesk.mail.jobs import deliver_due
from helpdesk.mail.models import Delivery, OutboundEmail
from helpdesk.surveys.jobs import send_due
from helpdesk.surveys.models import Invitation, State
from tests.servers.valkey import Valkey

LOOKS_EVERY = 0.5
"""Seconds; counting a hundred thousand rows takes the processor from those who are measured."""
FEW = 2_000
"""As many as `make bench` takes; `--invitations 100000` is the whole crowd."""


@dataclass(frozen=True)
class Rate:
    """How it went; times in seconds."""

    database: str
    invitations: int
    written_after: float
    accepted_after: float
    processor: float
    """Of the workers alone, without the database's own processes and the mail server."""

    def __str__(self) -> str:
        written, accepted = (
            self.invitations / seconds for seconds in (self.written_after, self.accepted_after)
        )
        return (
            f"{self.database}: {self.invitations:,} invitations due at once, "
            f"written at {written:.0f}/s and handed over at {accepted:.0f}/s "
            f"in {self.accepted_after:.1f} s; "
            f"{1000 * self.processor / self.invitations:.1f} ms of the workers' processor time each"
        )


def measure(name: str, invitations: int) -> Rate:
    """Fill an empty database, let the workers loose, and wait until the last mail was taken."""
    with (
        tempfile.TemporaryDirectory(prefix="helpdesk-bench-") as folder,
        Valkey() as valkey,
        database(name, Path(folder)) as url,
        _sink() as port,
    ):
        environment = variables(url, valkey.url, Path(folder), new_port())
        environment["SMTP_URL"] = f"smtp://127.0.0.1:{port}"
        app = create_app(config_of({**os.environ, **environment}))
        with app.app_context():
            Model.metadata.create_all(db.engine)
            fill(invitations)
            return _run(name, invitations, environment)


def _run(name: str, invitations: int, environment: dict[str, str]) -> Rate:
    with _workers(environment) as workers:
        started, written, spent = time.monotonic(), 0.0, cpu_seconds(workers)
        while (accepted := _count(OutboundEmail.state == Delivery.ACCEPTED)) < invitations:
            if not written and not _count(Invitation.state == State.WAITING):
                written = time.monotonic() - started
            _refuse_losses()
            time.sleep(LOOKS_EVERY)
        ended, processor = time.monotonic() - started, cpu_seconds(workers) - spent
    return Rate(name, accepted, written or ended, ended, processor)


def _count(condition: ColumnElement[bool]) -> int:
    with transaction(write=False):
        return session.scalar(select(func.count()).where(condition)) or 0


def _refuse_losses() -> None:
    lost = (Delivery.PARKED, Delivery.BOUNCED, Delivery.IN_DOUBT)
    if _count(OutboundEmail.state.in_(lost)) or _count(Invitation.state == State.SUPPRESSED):
        raise RuntimeError("Some invitations did not go out.")


@contextmanager
def _workers(environment: dict[str, str]) -> Iterator[list[int]]:
    """Workers that have started and are let loose: a running installation has them."""
    started = [_process(["work"], environment) for _ in range(PROCESSES)]
    try:
        for process in started:
            assert process.stdout is not None  # noqa: S101 - it is a pipe
            process.stdout.readline()
        for process in started:
            assert process.stdin is not None  # noqa: S101 - likewise
            process.stdin.close()
        yield [process.pid for process in started]
    finally:
        for process in started:
            process.kill()
            process.wait()


def _process(arguments: list[str], environment: dict[str, str]) -> "subprocess.Popen[bytes]":
    parent = os.getpid()
    return subprocess.Popen(
        [sys.executable, "-m", "bench.invitations", *arguments],
        cwd=ROOT,
        env={**os.environ, **environment},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        start_new_session=True,
        preexec_fn=lambda: die_with(parent),  # noqa: PLW1509 - does no more than two system calls
    )


def work() -> None:
    """A worker that does nothing but what the clock wakes it for."""
    with create_app(Config.from_env()).app_context():
        print("ready", flush=True)
        sys.stdin.read()
        while True:
            send_due()
            deliver_due()
            time.sleep(0.05)


@contextmanager
def _sink() -> Iterator[int]:
    port = new_port()
    process = _process(["sink", str(port)], {})
    try:
        _wait_for(port)
        yield port
    finally:
        process.kill()
        process.wait()


def _wait_for(port: int) -> None:
    give_up_at = time.monotonic() + 60
    while True:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
        except ConnectionRefusedError:
            if time.monotonic() > give_up_at:
                raise
            time.sleep(0.1)
        else:
            return


class Sink(asyncio.Protocol):
    """A mail server that takes everything at once (RFC 5321), commands in a row too (RFC 2920)."""

    ANSWERS = {
        b"EHLO": b"250-sink\r\n250 PIPELINING\r\n",
        b"DATA": b"354 Go on\r\n",
        b"QUIT": b"221 Bye\r\n",
    }

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)  # noqa: S101 - asyncio's own promise
        self.transport, self.rest, self.in_data = transport, b"", False
        transport.write(b"220 sink\r\n")

    def data_received(self, data: bytes) -> None:
        self.rest += data
        self.transport.write(b"".join(self._answers()))

    def _answers(self) -> Iterator[bytes]:
        """What it says to each line and each mail that is whole."""
        while True:
            before, end, after = self.rest.partition(b"\r\n.\r\n" if self.in_data else b"\r\n")
            if not end:
                return
            self.rest = after
            command = b"" if self.in_data else before[:4].upper()
            self.in_data = command == b"DATA"
            yield self.ANSWERS.get(command, b"250 OK\r\n")


async def serve(port: int) -> None:
    """Take mails until killed."""
    server = await asyncio.get_running_loop().create_server(Sink, "127.0.0.1", port)
    await server.serve_forever()


def main() -> None:
    """Measure on each database and print a line for it; or be one of the processes of that."""
    match sys.argv[1:]:
        case ["work"]:
            work()
        case ["sink", port]:
            asyncio.run(serve(int(port)))
        case _:
            options = _options()
            for name in options.db or ["sqlite", "postgresql"]:
                print(measure(name, options.invitations), flush=True)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.invitations", description=__doc__)
    parser.add_argument("--invitations", type=int, default=FEW, help=f"how many ({FEW})")
    parser.add_argument("--db", choices=["sqlite", "postgresql"], action="append")
    return parser.parse_args()


if __name__ == "__main__":
    main()
