"""Asking one ticket what many rules want to know, in one statement.

A filter falls into conditions each of which can be fulfilled by itself, so that one can say which
was not. What several rules ask is asked once. The conditions are those of lists and searches.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import islice

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.exc import DBAPIError

from helpdesk.core.db import ask, session
from helpdesk.core.paging import AnySelect
from helpdesk.tickets.filters import Filter, FilterError
from helpdesk.tickets.filters.clauses import Clause, Words, joined
from helpdesk.tickets.filters.conditions import conditions
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
    columns: dict[Unit, ColumnElement[bool]] = {}
    for unit in dict.fromkeys(wanted):
        try:
            columns[unit] = condition_of(unit, reading)
        except FilterError as error:
            found.errors[unit] = error.message
    session.flush()
    left = iter(columns.items())
    while some := dict(islice(left, AT_ONCE)):
        _ask(ticket_id, some, found)
    return found


def condition_of(unit: Unit, reading: Reading) -> ColumnElement[bool]:
    """The condition for the database. Raises FilterError for people and teams that are gone."""
    return func.coalesce(and_(*conditions(unit, reading)), False)


def _ask(ticket_id: int, columns: Mapping[Unit, ColumnElement[bool]], found: Verdicts) -> None:
    """Ask all in one statement; where the database refuses it, one by one, so that one that cannot
    be asked spoils no other."""
    try:
        with session.begin_nested():
            row = ask(_statement(ticket_id, columns)).one_or_none()
    except DBAPIError as error:
        if len(columns) == 1:
            (unit,) = columns
            found.errors[unit] = f"The database refuses it: {type(error.orig).__name__}."
            return
        for unit, column in columns.items():
            _ask(ticket_id, {unit: column}, found)
        return
    if row is not None:
        found.held.update(zip(columns, map(bool, row), strict=True))


def _statement(ticket_id: int, columns: Mapping[Unit, ColumnElement[bool]]) -> AnySelect:
    labelled = [column.label(f"c{number}") for number, column in enumerate(columns.values())]
    return select(*labelled).select_from(Ticket).where(Ticket.id == ticket_id)
