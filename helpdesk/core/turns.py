"""Taking turns: no kind of work keeps the others waiting.

A worker that always serves the most impatient queue first serves the others never while a mass
mail goes out. So a job that goes on for long asks whether it may, and a worker hands out its time
by what each queue had of it lately.
"""

import time
from collections.abc import Sequence

from helpdesk.core.jobs import anything_waits_besides

TURN = 2.0
"""Seconds that a batch has while other queues wait."""
LOOKS_EVERY = 0.1
"""Seconds between two looks at whether anything waits, each of which asks Redis."""
BATCH_SECONDS = 60.0
"""After this long a batch ends in any case; well below what a job may take."""
FORGOTTEN = 30.0
"""After so many seconds half of the time that a queue had is forgotten."""


class Turn:
    """The time of one batch in the queue `name`."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.began = time.monotonic()
        self.asked, self.waits = self.began - LOOKS_EVERY, False

    def goes_on(self) -> bool:
        """Whether there is time for another row."""
        at = time.monotonic()
        took = at - self.began
        if took < TURN:
            return took < BATCH_SECONDS
        if at - self.asked >= LOOKS_EVERY:
            self.waits, self.asked = anything_waits_besides(self.name), at
        return took < BATCH_SECONDS and not self.waits


class Shares:
    """How much of its time a worker gave to each queue lately."""

    def __init__(self, names: Sequence[str]) -> None:
        self.had = dict.fromkeys(names, 0.0)
        self.at = time.monotonic()

    def give(self, name: str, seconds: float) -> None:
        """A job of this queue took so long."""
        now = time.monotonic()
        kept = 0.5 ** ((now - self.at) / FORGOTTEN)
        self.had = {each: had * kept for each, had in self.had.items()}
        self.had[name] += seconds
        self.at = now

    def order(self) -> list[str]:
        """The queues as they are to be served: who had a turn more than another comes after it,
        otherwise by patience."""
        return sorted(self.had, key=lambda name: round(self.had[name] / TURN))
