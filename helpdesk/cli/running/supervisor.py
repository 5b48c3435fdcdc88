"""Keeps a few processes running, and takes all of them along when it ends."""

import contextlib
import logging
import os
import signal
import time
from collections.abc import Callable, Sequence
from types import FrameType
from typing import Self

from helpdesk.cli.running.processes import STOPPING, Process

log = logging.getLogger(__name__)

STEADY = 20.0
"""Seconds after which a child that ran counts as well again."""
ASKED_EVERY = 5.0
"""Seconds between two questions whether a child is wanted."""
PATIENCE = 20.0
"""Seconds that children have to finish what they are at."""
_FIRST_WAIT, _LONGEST_WAIT = 0.5, 30.0


class Child:
    """One process that is to run, in a session of its own so that it can be ended with its own."""

    def __init__(self, name: str, launch: Callable[[], Process]) -> None:
        self.name = name
        self.launch = launch
        self.process: Process | None = None
        self.started_at = 0.0
        self.start_at = 0.0
        self.wait = _FIRST_WAIT

    @property
    def running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def start(self) -> None:
        """Start the process."""
        self.started_at = time.monotonic()
        self.process = self.launch()

    def look_after(self) -> None:
        """Start the process when it is gone, after a wait that doubles while it keeps dying."""
        if self.running:
            return
        if self.process is not None:
            self._note_death(self.process)
        if time.monotonic() >= self.start_at:
            self.start()

    def _note_death(self, process: Process) -> None:
        lived = time.monotonic() - self.started_at
        self.end()
        self.wait = _FIRST_WAIT if lived > STEADY else min(self.wait * 2, _LONGEST_WAIT)
        self.start_at = time.monotonic() + self.wait
        self.process = None
        log.warning(
            "%s ended (%s); it starts again in %.0f s.", self.name, _why(process), self.wait
        )

    def ask_to_end(self) -> None:
        """Let it finish what it is at."""
        if self.process is not None and self.running:
            self.process.terminate()

    def end(self) -> None:
        """End it and whatever it started in its session, now."""
        if self.process is not None and self.process.pid is not None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.kill()  # its session may not have begun
            self.process.wait()


class ChildWhileWanted(Child):
    """A process that runs only while there is something for it to do, which is asked anew every few
    seconds; a question that fails leaves things as they are."""

    def __init__(
        self, name: str, launch: Callable[[], Process], wanted: Callable[[], bool]
    ) -> None:
        super().__init__(name, launch)
        self.asks, self.wanted, self.ask_at = wanted, False, 0.0

    def look_after(self) -> None:
        """Start or end the process, as it is wanted or not."""
        if time.monotonic() >= self.ask_at:
            self.ask_at = time.monotonic() + ASKED_EVERY
            with contextlib.suppress(Exception):
                self.wanted = self.asks()
        if self.wanted:
            super().look_after()
        else:
            self.ask_to_end()


class Supervisor:
    """Runs children until a signal asks it to stop.

    `base` serves the others: it is started as soon as the block is entered and stopped last.
    """

    def __init__(self, base: Child | None, children: Sequence[Child]) -> None:
        self.base = [base] if base else []
        self.children = children
        self.looping = False
        self.wishes_to_stop = 0

    def __enter__(self) -> Self:
        for number in STOPPING:
            signal.signal(number, self._on_signal)
        for child in self.base:
            child.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.looping = True  # from now on a signal is counted, and interrupts nothing
        self._stop(self.children)
        self._stop(self.base)

    def _on_signal(self, _number: int, _frame: FrameType | None) -> None:
        """The first signal asks to stop, a second one to stop at once."""
        self.wishes_to_stop += 1
        if not self.looping:
            raise KeyboardInterrupt

    def run(self, each_round: Callable[[], None]) -> None:
        """Look after the children, calling `each_round` in between, until told to stop."""
        self.looping = True
        while not self.wishes_to_stop:
            for child in (*self.base, *self.children):
                child.look_after()
            each_round()
            time.sleep(0.1)

    def _stop(self, children: Sequence[Child]) -> None:
        for child in children:
            child.ask_to_end()
        give_up_at = time.monotonic() + PATIENCE
        while any(child.running for child in children):
            if time.monotonic() > give_up_at or self.wishes_to_stop > 1:
                break
            time.sleep(0.05)
        for child in children:
            child.end()


def _why(process: Process) -> str:
    code = process.poll() or 0
    return f"signal {-code}" if code < 0 else f"status {code}"
