"""The two ways in which the supervisor starts a process: a program of its own, or itself forked.

What is forked goes on from an application that is loaded already: it is there in milliseconds and
shares its memory. Session, standard input, signal handlers and connections are its own.
"""

import os
import signal
import subprocess
from collections.abc import Callable, Sequence
from multiprocessing import parent_process
from multiprocessing.context import ForkProcess
from pathlib import Path
from typing import Protocol

from config import ROOT
from helpdesk.cli.running.lifeline import die_with
from helpdesk.core.db import db, session

STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
"""The signals that ask the supervisor to stop."""


class Process(Protocol):
    """What there is to know and to do about a process; a Popen is one."""

    @property
    def pid(self) -> int | None:
        """Its number."""

    def poll(self) -> int | None:
        """Its status, or the number of the signal that ended it below zero; None while it runs."""

    def wait(self) -> int | None:
        """The same, once it ended."""

    def terminate(self) -> None:
        """Ask it to end."""

    def kill(self) -> None:
        """End it."""


def execute(command: Sequence[str]) -> Process:
    """Start a program, in a session of its own; it dies with us."""
    parent = os.getpid()
    return subprocess.Popen(
        command,
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        start_new_session=True,
        preexec_fn=lambda: die_with(parent),  # noqa: PLW1509 - we have no threads
    )


def fork(name: str, body: Callable[[], object]) -> Process:
    """Go on with `body` in a process of its own, in a session of its own; it dies with us.

    No connection to the database crosses: SQLite would take the locks of ours for its own.
    """
    session.remove()
    db.engine.dispose()
    process = _Fork(body, name)
    process.start()
    return process


class _Fork(ForkProcess):
    """A forked process, with the words of a Popen."""

    def __init__(self, body: Callable[[], object], name: str) -> None:
        super().__init__(name=name)
        self.body = body

    def start(self) -> None:
        """Fork, while signals wait: one that came before `run` would meet our handlers there."""
        before = signal.pthread_sigmask(signal.SIG_BLOCK, STOPPING)
        try:
            super().start()
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)

    def run(self) -> None:
        """What the new process does."""
        parent = parent_process()
        die_with((parent and parent.pid) or 0)
        os.setsid()
        with Path(os.devnull).open() as nothing:
            os.dup2(nothing.fileno(), 0)
        for number in STOPPING:
            signal.signal(number, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, STOPPING)
        self.body()

    def poll(self) -> int | None:
        """How it ended; None while it runs."""
        return self.exitcode

    def wait(self) -> int | None:
        """How it ended, once it did."""
        self.join()
        return self.exitcode
