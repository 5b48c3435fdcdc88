"""Changing many tickets together: what changes ask of each is read for all of them at once, and
what they lead to is written at once.

    with together(tickets, TicketPause, SlaClock):
        for ticket in tickets: …          # verbs as ever; they ask by `rows_of` and `once`

Nothing is flushed inside, so only what asks in these two ways may be done there: see
`Change.goes_together`.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Hashable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from sqlalchemy import inspect, select

from helpdesk.core import storing
from helpdesk.core.db import Model, session

M = TypeVar("M", bound=Model)
P = ParamSpec("P")
T = TypeVar("T")


@dataclass
class _Held:
    tickets: frozenset[int]
    rows: dict[type[Model], dict[int, list[Any]]] = field(default_factory=dict)
    answers: dict[Hashable, Any] = field(default_factory=dict)


_held: ContextVar[_Held | None] = ContextVar("together", default=None)


@contextmanager
def together(ticket_ids: Collection[int], *kinds: type[Model]) -> Iterator[None]:
    """Read the rows of these kinds for tickets that the caller has locked, and flush what happens
    inside at the end. When something is raised, the caller drops all of it."""
    session.flush()
    held = _Held(frozenset(ticket_ids))
    for kind in kinds:
        column = inspect(kind).columns["ticket_id"]
        found = held.rows[kind] = defaultdict(list)
        ordered = select(kind).where(column.in_(ticket_ids)).order_by(*inspect(kind).primary_key)
        for row in session.scalars(ordered):
            found[getattr(row, "ticket_id")].append(row)  # noqa: B009 - a Model has none by itself
    token = _held.set(held)
    try:
        with session.no_autoflush:
            yield
    finally:
        _held.reset(token)
    session.flush()


def are_together() -> bool:
    """Whether many tickets are changed together just now, and nothing is to be flushed."""
    return _held.get() is not None


def rows_of(kind: type[M], ticket_id: int) -> Sequence[M]:
    """The rows of one ticket, in the order of their keys."""
    if (known := _known(kind, ticket_id)) is not None:
        return list(known)
    column = inspect(kind).columns["ticket_id"]
    ordered = select(kind).where(column == ticket_id).order_by(*inspect(kind).primary_key)
    return session.scalars(ordered).all()


def add_row(row: Model, ticket_id: int) -> None:
    """A row that a ticket has from now on, with all that it says."""
    storing.add(row)
    if (known := _known(type(row), ticket_id)) is not None:
        known.append(row)


def delete_row(row: Model, ticket_id: int) -> None:
    """A row that a ticket has no longer."""
    session.delete(row)
    if (known := _known(type(row), ticket_id)) is not None:
        known.remove(row)


def _known(kind: type[M], ticket_id: int) -> list[M] | None:
    held = _held.get()
    if held is None or ticket_id not in held.tickets or kind not in held.rows:
        return None
    return held.rows[kind][ticket_id]


def once(question: Callable[P, T]) -> Callable[P, T]:
    """Ask a question only once for all tickets that are changed together. None of them changes its
    answer, and its arguments are hashable."""

    @wraps(question)
    def answer(*args: P.args, **kwargs: P.kwargs) -> T:
        held = _held.get()
        if held is None:
            return question(*args, **kwargs)
        key = (question, args)
        if key not in held.answers:
            held.answers[key] = question(*args, **kwargs)
        found: T = held.answers[key]
        return found

    return answer
