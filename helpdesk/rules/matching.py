"""Asking one ticket what many rules want to know, in one statement.

A filter falls into conditions each of which can be fulfilled by itself, so that one can say which
was not. What several rules ask is asked once. The conditions are those of lists and searches.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import tzinfo
from functools import lru_cache
from itertools import islice
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, bindparam, func, select
from sqlalchemy.exc import DBAPIError

from helpdesk.core.clock import now
from helpdesk.core.db import ask, session
from helpdesk.core.paging import AnySelect
from helpdesk.tickets.filters import Filter, FilterError
from helpdesk.tickets.filters.clauses import Clause, Words, joined
from helpdesk.tickets.filters.conditions import conditions
from helpdesk.tickets.filters.naming import Known, Names
from helpdesk.tickets.filters.reading import Reading
from helpdesk.tickets.models import Ticket

Unit = tuple[Clause, ...]
"""What can be fulfilled or not by itself: a clause, or all the words that are looked for."""
AT_ONCE = 300
"""Conditions of one statement; databases have room for a thousand or two."""


@dataclass
class Verdicts:
    """What a ticket fulfils, and what could not be asked."""

    held: dict[Unit, bool] = field(default_factory=dict)
    errors: dict[Unit, str] = field(default_factory=dict)

    def missed(self, wanted: Iterable[Unit]) -> list[Unit]:
        """Those of these conditions that are not fulfilled."""
        return [unit for unit in wanted if not self.held.get(unit, False)]

    def error(self, wanted: Iterable[Unit]) -> str:
        """Why one of them could not be asked, or nothing."""
        return next((self.errors[unit] for unit in wanted if unit in self.errors), "")


@lru_cache(maxsize=2048)
def units_of(wanted: Filter) -> tuple[Unit, ...]:
    """The conditions of a filter, one by one."""
    said = tuple(clause for clause in wanted.clauses if isinstance(clause, Words))
    others = tuple((clause,) for clause in wanted.clauses if not isinstance(clause, Words))
    return (*others, said) if said else others


def in_words(unit: Unit) -> str:
    """A condition as it is written in filters."""
    return joined(unit)


def verdicts_on(ticket_id: int, wanted: Iterable[Unit], reading: Reading) -> Verdicts:
    """What the ticket fulfils of all that is wanted; nothing where there is no such ticket."""
    found = Verdicts()
    session.flush()
    lasting: list[Unit] = []
    passing: list[Unit] = []
    for unit in dict.fromkeys(wanted):
        (lasting if Filter(unit).is_timeless else passing).append(unit)
    if lasting:
        named = any(Filter(unit).names_anybody for unit in lasting)
        known = reading.names.known if named else None
        dialect = session.connection().dialect.name
        _ask_all(ticket_id, _held(tuple(lasting), known, reading.zone, dialect), found)
    if passing:
        _ask_all(ticket_id, _put(passing, reading), found)
    return found


class Question(NamedTuple):
    """Conditions put as a statement about one ticket, as many at once as a database has room for,
    and those that cannot be asked."""

    statements: tuple[tuple[tuple[Unit, ...], AnySelect], ...]
    errors: Mapping[Unit, str]


@lru_cache(maxsize=256)
def _held(units: tuple[Unit, ...], known: Known | None, zone: tzinfo, _dialect: str) -> Question:
    """The question that is the same each time: putting it takes longer than asking it. `known` is
    who and what its conditions may name; each database looks for words in a way of its own."""
    names = Names(None) if known is None else Names.of(known)
    return _put(units, Reading(None, now(), zone, names, one=True))


def _put(units: Iterable[Unit], reading: Reading) -> Question:
    columns: dict[Unit, ColumnElement[bool]] = {}
    errors = {}
    for unit in units:
        try:
            columns[unit] = condition_of(unit, reading)
        except FilterError as error:
            errors[unit] = error.message
    left, statements = iter(columns.items()), []
    while some := dict(islice(left, AT_ONCE)):
        statements.append((tuple(some), _statement(some)))
    return Question(tuple(statements), errors)


def _ask_all(ticket_id: int, question: Question, found: Verdicts) -> None:
    found.errors.update(question.errors)
    for units, statement in question.statements:
        _ask(ticket_id, units, statement, found)


def condition_of(unit: Unit, reading: Reading) -> ColumnElement[bool]:
    """The condition for the database. Raises FilterError for people and teams that are gone."""
    return func.coalesce(and_(*conditions(unit, reading)), False)


def _ask(ticket_id: int, units: Sequence[Unit], statement: AnySelect, found: Verdicts) -> None:
    """Ask all in one statement; where the database refuses it, one by one, so that one that cannot
    be asked spoils no other."""
    try:
        with session.begin_nested():
            row = ask(statement, {"asked": ticket_id}).one_or_none()
    except DBAPIError as error:
        if len(units) == 1:
            found.errors[units[0]] = f"The database refuses it: {type(error.orig).__name__}."
            return
        for unit, column in zip(units, statement.selected_columns, strict=True):
            _ask(ticket_id, (unit,), _about_one(column), found)
        return
    if row is not None:
        found.held.update(zip(units, map(bool, row), strict=True))


def _statement(columns: Mapping[Unit, ColumnElement[bool]]) -> AnySelect:
    labelled = [column.label(f"c{number}") for number, column in enumerate(columns.values())]
    return _about_one(*labelled)


def _about_one(*columns: ColumnElement[Any]) -> AnySelect:
    return select(*columns).select_from(Ticket).where(Ticket.id == bindparam("asked"))
