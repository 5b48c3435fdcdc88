"""What follows from what: the entry of the journal because of which things are done just now."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


class Actor(Protocol):
    """Whoever does things: an account has an id and a name."""

    @property
    def id(self) -> int: ...
    @property
    def name(self) -> str: ...


@dataclass(frozen=True)
class Cause:
    """What is recorded just now follows from this entry; `actor` is said to do it."""

    entry_id: int | None
    actor: str | None = None


class NotYet(Exception):
    """Raised by a reaction for which it is too early; nothing that it did is kept."""

    def __init__(self, at: datetime) -> None:
        super().__init__(f"not before {at.isoformat()}")
        self.at = at


_cause: ContextVar[Cause | None] = ContextVar("cause", default=None)


@contextmanager
def because(entry_id: int | None, actor: str | None = None) -> Iterator[None]:
    """What is recorded inside follows from that entry, if from any; what no account does, `actor`
    did."""
    token = _cause.set(Cause(entry_id, actor))
    try:
        yield
    finally:
        _cause.reset(token)


def cause() -> int | None:
    """The entry that a reaction is told of just now, or that something is done because of."""
    held = _cause.get()
    return held.entry_id if held else None


def actor_of(by: Actor | None) -> tuple[int | None, str | None]:
    """Id and name of who is said to do something; without an id for what no account does."""
    held = _cause.get()
    if by is not None:
        return by.id, by.name
    return None, held.actor if held else None
