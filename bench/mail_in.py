"""`python -m bench.mail_in`: ordinary mails through LMTP to stored rows, as many as will go."""

import argparse
import os
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import func, select

from bench.surroundings import config_of, database, variables
from config import ROOT
from helpdesk import create_app
from helpdesk.cli.running.lifeline import die_with
from helpdesk.core.db import db, session, transaction
from helpdesk.intake.models import InboundEmail
from tests.servers.databases import build_schema
from tests.servers.ports import free_port
from tests.servers.valkey import Valkey

SIZE = 20_000
"""Bytes of a mail."""
WARM_UP = 1.0
"""Seconds that do not count."""


def main() -> None:
    """Run on each database that the command line asks for."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--db", nargs="*", default=["sqlite", "postgresql"])
    options.add_argument("--seconds", type=float, default=8)
    options.add_argument("--clients", type=int, default=8)
    chosen = options.parse_args()
    for name in chosen.db:
        with (
            tempfile.TemporaryDirectory(prefix="helpdesk-bench-") as folder,
            Valkey() as valkey,
            database(name, Path(folder)) as url,
        ):
            run(name, url, valkey.url, Path(folder), chosen.seconds, chosen.clients)


def run(name: str, url: str, redis: str, folder: Path, seconds: float, clients: int) -> None:
    """Send for so many seconds over so many connections, and print what was stored."""
    environment = variables(url, redis, folder, free_port())
    app = create_app(config_of(environment))
    build_schema(app)
    with listener(environment) as (port, process):
        time.sleep(0.1)
        sender = Sender(port)
        threads = [threading.Thread(target=sender.send, args=(n,)) for n in range(clients)]
        for thread in threads:
            thread.start()
        time.sleep(WARM_UP)
        before, spent = sender.acknowledged, processor_time(process.pid)
        started = time.monotonic()
        time.sleep(seconds)
        count, took = sender.acknowledged - before, time.monotonic() - started
        spent = processor_time(process.pid) - spent
        sender.stop.set()
        for thread in threads:
            thread.join()
        with app.app_context(), transaction(write=False):
            stored = session.scalar(select(func.count()).select_from(InboundEmail))
            lost = sender.acknowledged - (stored or 0)
        with app.app_context():
            db.engine.dispose()
    print(
        f"{name}: {count / took:.0f} mails of {SIZE // 1000} KB a second through LMTP over"
        f" {clients} connections, {1000 * spent / max(count, 1):.1f} ms of processor time each;"
        f" {sender.acknowledged} acknowledged, {lost} of them not stored"
    )


class Sender:
    """A mail server with many mails."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.stop = threading.Event()
        self.acknowledged = 0
        self.lock = threading.Lock()
        self.lines = ("All work and no play makes the queue a dull place. " * 2)[:76] + "\r\n"

    def send(self, client: int) -> None:
        """One mail after the other by one connection."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=30) as line:
            answers = line.makefile("rb")
            answers.readline()
            line.sendall(b"LHLO bench\r\n")
            while answers.readline()[3:4] == b"-":
                pass
            number = 0
            while not self.stop.is_set():
                number += 1
                line.sendall(b"MAIL FROM:<a@b.example>\r\nRCPT TO:<support@c.example>\r\nDATA\r\n")
                for _ in range(3):
                    answers.readline()
                line.sendall(self.mail(client, number))
                if not answers.readline().startswith(b"250"):
                    raise RuntimeError("A mail was not taken.")
                with self.lock:
                    self.acknowledged += 1

    def mail(self, client: int, number: int) -> bytes:
        """An ordinary mail like no other, with the dot at its end."""
        head = (
            f"From: Rosa <rosa{number % 50}@harbor.example>\r\nTo: support@c.example\r\n"
            f"Subject: No. {number}\r\n"
            f"Message-ID: <{client}.{number}.{time.time_ns()}@b.example>\r\n"
            "Date: Mon, 02 Mar 2026 08:00:00 +0000\r\n\r\n"
        )
        return (head + self.lines * ((SIZE - len(head)) // len(self.lines)) + ".\r\n").encode()


@contextmanager
def listener(environment: dict[str, str]) -> Iterator[tuple[int, "subprocess.Popen[bytes]"]]:
    """`flask mail listen` as a process of its own, and its port."""
    port, parent = free_port(), os.getpid()
    command = ["-m", "flask", "--app", "wsgi", "mail", "listen", "--port", str(port)]
    process = subprocess.Popen(
        [sys.executable, *command],
        cwd=ROOT,
        env={**os.environ, **environment},
        preexec_fn=lambda: die_with(parent),  # noqa: PLW1509 - does no more than two system calls
    )
    try:
        wait_for(port)
        yield port, process
    finally:
        process.terminate()
        process.wait(30)


def wait_for(port: int) -> None:
    """Return when somebody listens there. Raises TimeoutError."""
    for _ in range(600):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise TimeoutError(f"Nobody listens at {port}.")


def processor_time(number: int) -> float:
    """Seconds of processor time that a process has used."""
    fields = Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    main()
