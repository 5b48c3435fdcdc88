"""A laboratory: a helpdesk of real processes that can be killed, and what came of it."""

import atexit
import json
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack, suppress
from functools import cache
from pathlib import Path
from typing import Self

from flask import Flask
from sqlalchemy import select

from config import ROOT, Config
from helpdesk import create_app
from helpdesk.cli.running.lifeline import die_with
from helpdesk.core.db import db, transaction
from helpdesk.core.db import session as rows
from helpdesk.mail.models import UNSETTLED, OutboundEmail
from tests.faults.nursery import SHORTER, prepare
from tests.servers.databases import build_schema
from tests.servers.ports import free_port
from tests.servers.valkey import Valkey


def trials(short: int, full: int) -> int:
    """How often to try: `short` times in `make test`, `full` times in `make faults`, or as often as
    HELPDESK_FAULT_TRIALS says."""
    if given := os.environ.get("HELPDESK_FAULT_TRIALS"):
        return int(given)
    return full if os.environ.get("HELPDESK_TRIALS") == "full" else short


class Lab:
    """Database, Valkey, mail server and a nursery for everything that is to be killed.

    `share` of the mails that the server takes get no answer. `database_url` is that of an empty
    database; by default a file of its own. Leaving the block ends everything.
    """

    def __init__(self, share: float = 0.0, database_url: str | None = None) -> None:
        memory = Path("/dev/shm")
        self.folder = Path(
            tempfile.mkdtemp(prefix="helpdesk-lab-", dir=memory if memory.is_dir() else None)
        )
        self.database_url = database_url or f"sqlite:///{self.folder}/lab.db"
        self.ledger = self.folder / "ledger"
        self.ledger.touch()
        self.share = share
        self.port = free_port()
        self.valkey = Valkey()
        self.dice = random.Random(7)
        self.stack = ExitStack()

    def __enter__(self) -> Self:
        try:
            self.stack.callback(shutil.rmtree, self.folder, ignore_errors=True)
            self.stack.enter_context(self.valkey)
            self.app = self._application()
            self._start_sink()
            self._start_nursery()
        except BaseException:
            self.stack.close()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.stack.close()

    def _application(self) -> Flask:
        config = Config(
            database_url=self.database_url,
            redis_url=self.valkey.url,
            smtp_url=f"smtp://127.0.0.1:{self.port}",
            mail_from="support@acorn-payroll.example",
            secret_key="a key for the laboratory and nothing else",
            instance_path=self.folder,
        )
        app = create_app(config)
        prepare(app)
        for module, name, value in SHORTER:
            self.stack.callback(setattr, module, name, getattr(module, name))
            setattr(module, name, value)
        build_schema(app)
        self.stack.enter_context(app.app_context())
        self.stack.callback(db.engine.dispose)
        return app

    def _start_sink(self) -> None:
        sink = _process("tests.faults.sink", str(self.port), str(self.ledger), str(self.share))
        self.stack.callback(_end, sink)

    def _start_nursery(self) -> None:
        address = str(self.folder / "nursery")
        environment = {
            "PATH": os.environ["PATH"],
            "DATABASE_URL": self.database_url.replace("+psycopg", ""),
            "REDIS_URL": self.valkey.url,
            "SMTP_URL": f"smtp://127.0.0.1:{self.port}",
            "MAIL_FROM": "support@acorn-payroll.example",
            "SECRET_KEY": "a key for the laboratory and nothing else",
            "INSTANCE_PATH": str(self.folder),
            "NURSERY": address,
        }
        with socket.socket(socket.AF_UNIX) as door:
            door.bind(address)
            door.listen(1)
            door.settimeout(60)
            self.stack.callback(self.kill, int(_ask(_mother(), json.dumps(environment))))
            nursery = self.stack.enter_context(door.accept()[0])
        self.orders = self.stack.enter_context(nursery.makefile("w"))
        self.answers = self.stack.enter_context(nursery.makefile("r"))
        assert self._answer() == "ready"

    def _answer(self) -> str:
        return self.answers.readline().strip()

    def start(self, role: str, **variables: str) -> int:
        """Start a process of that role; its number."""
        pairs = [f"{name}={value}" for name, value in variables.items()]
        print(role, *pairs, file=self.orders, flush=True)
        return int(self._answer())

    def kill(self, number: int) -> None:
        """Kill a process that we started, or a child of one, with -9."""
        with suppress(ProcessLookupError):  # it was faster
            os.kill(number, signal.SIGKILL)

    def horse_of(self, worker: int) -> int | None:
        """The process that runs a job for this worker at the moment."""
        try:
            children = Path(f"/proc/{worker}/task/{worker}/children").read_text().split()
        except OSError:
            return None
        return int(children[0]) if children else None

    def is_gone(self, number: int) -> bool:
        """Whether that process has ended."""
        return not Path(f"/proc/{number}").exists()

    def pause(self, longest: float) -> None:
        """Wait a random while of up to `longest` seconds."""
        time.sleep(self.dice.random() * longest)

    def wait_until(self, true: Callable[[], bool], seconds: float, what: str) -> float:
        """Wait until `true()` is; how long that took. Raises AssertionError after `seconds`."""
        started = time.monotonic()
        while not true():
            waited = time.monotonic() - started
            assert waited < seconds, f"{what}: not within {seconds} s"
            time.sleep(0.05)
        return time.monotonic() - started

    def mails(self) -> list[OutboundEmail]:
        """Every mail as it stands now."""
        with transaction(write=False):
            found = list(rows.scalars(select(OutboundEmail).order_by(OutboundEmail.id)))
            rows.expunge_all()
        return found

    def settled(self) -> bool:
        """Whether nothing waits and nothing is on its way."""
        with transaction(write=False):
            waiting = select(OutboundEmail.id).where(OutboundEmail.state.in_(UNSETTLED)).limit(1)
            return rows.scalar(waiting) is None

    def taken(self) -> Counter[str]:
        """How often the mail server took each Message-ID."""
        return Counter(self.ledger.read_text().split())


@cache
def _mother() -> subprocess.Popen[str]:
    """The process that has loaded the helpdesk and forks the nurseries of this test process."""
    process = _process("tests.faults.nursery")
    atexit.register(_end, process)
    assert process.stdout is not None
    assert process.stdout.readline().strip() == "ready"
    return process


def _ask(process: subprocess.Popen[str], line: str) -> str:
    assert process.stdin is not None
    assert process.stdout is not None
    print(line, file=process.stdin, flush=True)
    return process.stdout.readline().strip()


def _process(*module: str) -> subprocess.Popen[str]:
    parent = os.getpid()
    return subprocess.Popen(
        [sys.executable, "-m", *module],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"]},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
        preexec_fn=lambda: die_with(parent),  # noqa: PLW1509 - does no more than two system calls
    )


def _end(process: subprocess.Popen[str]) -> None:
    process.kill()
    process.wait()
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            pipe.close()
