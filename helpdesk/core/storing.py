"""Writing a new row past the unit of work.

A flush works out what depends on what, for everything that changed and for every relationship of
it; of a single row that takes five times as long as the INSERT. A row that refers to others by
their ids alone, all of which are known, has no need of that.
"""

from functools import cache
from typing import NamedTuple

from sqlalchemy import ColumnDefault, Insert, insert, inspect

from helpdesk.core.db import Model, ask, session


class _Kind(NamedTuple):
    statement: Insert
    columns: frozenset[str]
    defaults: dict[str, object]


def store(row: Model) -> None:
    """Insert a new row now. The session holds it from then on as it holds what it flushed.

    Its columns are called like its attributes, and who listens to flushes does not hear of it.
    Raises IntegrityError.
    """
    kind, state = _kind(type(row)), inspect(row)
    values = kind.defaults | {
        name: value
        for name, value in state.dict.items()
        if name in kind.columns and value is not None
    }
    made = ask(kind.statement, values)
    state.dict.update(values)
    if made.returns_rows:
        state.dict.update(made.one()._mapping)
    held = session()  # is told as by `add` and a flush, so that a savepoint takes the row back
    held._save_impl(state)
    held._register_persistent({state})


def add(row: Model) -> None:
    """Store a new row now, or with all others where nothing is to be flushed yet."""
    if session.autoflush:
        store(row)
    else:
        session.add(row)


@cache
def _kind(model: type[Model]) -> _Kind:
    table = Model.metadata.tables[model.__tablename__]
    made = [c for c in table.columns if c is table.autoincrement_column or c.computed is not None]
    statement = insert(table)
    return _Kind(
        statement.returning(*made) if made else statement,
        frozenset(table.columns.keys()),
        {c.key: c.default.arg for c in table.columns if isinstance(c.default, ColumnDefault)},
    )
