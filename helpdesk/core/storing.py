"""Writing new rows past the unit of work.

A flush works out what depends on what, for everything that changed and for every relationship of
it; of a single row that takes five times as long as the INSERT. A row that refers to others by
their ids alone, all of which are known, has no need of that.
"""

from collections.abc import Iterable, Sequence
from functools import cache
from typing import NamedTuple

from sqlalchemy import ColumnDefault, Insert, insert, inspect
from sqlalchemy.orm import InstanceState

from helpdesk.core.db import Model, ask, session


class _Kind(NamedTuple):
    one: Insert
    many: Insert
    columns: frozenset[str]
    defaults: dict[str, object]


def store(row: Model) -> None:
    """Insert a new row now. The session holds it from then on as it holds what it flushed.

    Its columns are called like its attributes, and who listens to flushes does not hear of it.
    Raises IntegrityError.
    """
    kind, state = _kind(type(row)), inspect(row)
    values = kind.defaults | _given(state, kind)
    made = ask(kind.one, values)
    state.dict.update(values)
    if made.returns_rows:
        state.dict.update(made.one()._mapping)
    _hold([state])


def store_all(rows: Sequence[Model]) -> None:
    """The same for many rows of one kind, in as few statements as the database can. A column that
    one of them fills is NULL in those that do not. Raises IntegrityError."""
    if not rows:
        return
    kind, states = _kind(type(rows[0])), [inspect(row) for row in rows]
    given = [_given(state, kind) for state in states]
    common = dict.fromkeys(sorted({name for each in given for name in each})) | kind.defaults
    values = [common | each for each in given]
    made = ask(kind.many, values)
    for state, stored in zip(states, values, strict=True):
        state.dict.update(stored)
    if made.returns_rows:
        for state, row in zip(states, made.mappings(), strict=True):
            state.dict.update(row)
    _hold(states)


def _given(state: InstanceState[Model], kind: _Kind) -> dict[str, object]:
    return {
        name: value
        for name, value in state.dict.items()
        if name in kind.columns and value is not None
    }


def _hold(states: Iterable[InstanceState[Model]]) -> None:
    held = session()  # is told as by `add` and a flush, so that a savepoint takes the rows back
    for state in states:
        held._save_impl(state)
    held._register_persistent(set(states))


def add(row: Model) -> None:
    """Store a new row now, or with all others where nothing is to be flushed yet."""
    if session.autoflush:
        store(row)
    else:
        session.add(row)


def add_all(rows: Sequence[Model]) -> None:
    """The same for many rows of one kind."""
    if session.autoflush:
        store_all(rows)
    else:
        session.add_all(rows)


@cache
def _kind(model: type[Model]) -> _Kind:
    table = Model.metadata.tables[model.__tablename__]
    made = [c for c in table.columns if c is table.autoincrement_column or c.computed is not None]
    statement = insert(table)
    return _Kind(
        statement.returning(*made) if made else statement,
        statement.returning(*made, sort_by_parameter_order=True) if made else statement,
        frozenset(table.columns.keys()),
        {c.key: c.default.arg for c in table.columns if isinstance(c.default, ColumnDefault)},
    )
