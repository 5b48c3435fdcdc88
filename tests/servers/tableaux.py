"""What stands in the database and in Redis at a moment, to be put back in little time."""

import itertools
import sqlite3
import weakref
from collections.abc import Container, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import DateTime

from helpdesk.core.clock import now
from helpdesk.core.db import UTCDateTime, db
from helpdesk.core.jobs import connection as redis
from helpdesk.core.search import INDEXES
from tests.servers.databases import CONNECTIONS, ask_for_filled, tables


class Rows(NamedTuple):
    """All rows of a table as its driver gives them; `moments` are the places of columns of time."""

    table: str
    columns: Sequence[str]
    moments: frozenset[int]
    rows: Sequence[Sequence[Any]]


class Tableau:
    """Everything as it is `at` a moment, when it was done. When it is put back at another, its
    moments are moved to then, in whole seconds, and none into the future, however long it took to
    do it."""

    def __init__(self, at: datetime) -> None:
        kept = InPython if db.engine.dialect.name == "sqlite" else InPostgreSQL
        self.kept = kept(at)
        self.queues = {key: redis().dump(key) or b"" for key in redis().scan_iter()}

    def put_back(self) -> bool:
        """Write it into an empty database and Redis; False where there is something in them."""
        if not is_empty():
            return False
        self.kept.write(now())
        with redis().pipeline(transaction=False) as pipeline:
            for key, dumped in self.queues.items():
                pipeline.restore(key, 0, dumped)
            pipeline.execute()
        return True


class InPython:
    """Rows of SQLite, kept here: it has no server that would have to be asked for each."""

    def __init__(self, at: datetime) -> None:
        self.at = at
        self.connection: sqlite3.Connection = CONNECTIONS[_address()]
        self.tables = list(self._rows())
        # After pages were put back every connection has to read the schema and plan anew.
        self.is_large = sum(len(table.rows) for table in self.tables) > 1000
        self.pages = sqlite3.connect(":memory:")
        weakref.finalize(self, self.pages.close)
        self.connection.backup(self.pages)

    def write(self, at: datetime) -> None:
        """Insert them all; at the same moment the pages are enough, with no trigger and no index
        at work."""
        if at == self.at and self.is_large:
            self.pages.backup(self.connection)
            return
        self.connection.execute("BEGIN IMMEDIATE")
        for table in self.tables:
            names = ", ".join(f'"{name}"' for name in table.columns)
            marks = ", ".join("?" * len(table.columns))
            self.connection.executemany(
                f'INSERT INTO "{table.table}" ({names}) VALUES ({marks})',
                [self._moved_to(at, table, row) for row in table.rows],
            )
        self.connection.execute("COMMIT")

    def _rows(self) -> Iterator[Rows]:
        for name, columns, moments in _columns():
            wanted = ", ".join(f'"{column}"' for column in columns)
            rows = self.connection.execute(f'SELECT {wanted} FROM "{name}"').fetchall()
            yield Rows(name, columns, moments, rows)

    def _moved_to(self, at: datetime, table: Rows, row: Sequence[Any]) -> list[Any]:
        return [
            self._moved(value, at) if place in table.moments and value is not None else value
            for place, value in enumerate(row)
        ]

    def _moved(self, value: str, at: datetime) -> str:
        was = datetime.fromisoformat(value).replace(tzinfo=UTC)
        then = at + timedelta(seconds=round((was - self.at).total_seconds()))
        return then.strftime("%Y-%m-%d %H:%M:%S.%f")


class InPostgreSQL:
    """Rows kept by the server beside the tables, moments as what lies between them and the moment
    of the tableau; a function writes them all in one visit."""

    _numbers = itertools.count(1)

    def __init__(self, at: datetime) -> None:
        self.at = at
        self.schema = f"tableau_{next(self._numbers)}"
        self.connection = CONNECTIONS[_address()]
        self.connection.execute(f"CREATE SCHEMA {self.schema}")
        steps = dict(self._steps(at))
        self.connection.execute(
            f"CREATE FUNCTION {self.schema}.put_back(timestamptz, boolean) RETURNS void"
            " LANGUAGE plpgsql AS"
            f" $$BEGIN {''.join(steps.values())} {_restart_numbers(steps)} END$$"
        )

    def write(self, at: datetime) -> None:
        """Have the server insert them all; its connection minds no foreign keys."""
        same = at == self.at
        self.connection.execute(f"SELECT {self.schema}.put_back(%s, %s)", (at, same))

    def _steps(self, at: datetime) -> Iterator[tuple[str, str]]:
        """Keep a copy of each table: its name, and the statement that puts its rows back."""
        for name, columns, moments in _columns():
            kept = f'{self.schema}."{name}"'
            wanted = [
                f'"{column}" - \'{at}\' AS "{column}"' if place in moments else f'"{column}"'
                for place, column in enumerate(columns)
            ]
            copy = f'CREATE TABLE {kept} AS SELECT {", ".join(wanted)} FROM "{name}"'
            self.connection.execute(copy)
            yield name, _insertion(name, kept, columns, moments)


def _insertion(name: str, kept: str, columns: Sequence[str], moments: frozenset[int]) -> str:
    names = ", ".join(f'"{column}"' for column in columns)
    values = ", ".join(
        f'$1 + CASE WHEN $2 THEN "{column}"'
        f' ELSE make_interval(secs => round(extract(epoch FROM "{column}"))) END'
        if place in moments
        else f'"{column}"'
        for place, column in enumerate(columns)
    )
    return f'INSERT INTO "{name}" ({names}) SELECT {values} FROM {kept};'


def _restart_numbers(filled: Container[str]) -> str:
    return "".join(
        f"PERFORM setval(pg_get_serial_sequence('\"{table}\"', '{column.name}'),"
        f' (SELECT max("{column.name}") FROM "{table}"));'
        for table in tables()
        if table.name in filled and (column := table.autoincrement_column) is not None
    )


def is_empty() -> bool:
    """Whether no table holds a row, and Redis no key."""
    return not redis().dbsize() and not _filled()


def can_be_kept() -> bool:
    """Whether this is a database of tests/servers/databases.py."""
    return _address() in CONNECTIONS


def _filled() -> set[str]:
    connection = CONNECTIONS[_address()]
    options = {} if isinstance(connection, sqlite3.Connection) else {"prepare": True}
    return {name for (name,) in connection.execute(ask_for_filled(), **options)}


def _address() -> str:
    return db.engine.url.render_as_string()


def _columns() -> Iterator[tuple[str, list[str], frozenset[int]]]:
    """The tables that hold rows, each with its columns and the places of moments among them."""
    filled = _filled()
    for table in tables():
        if table.name in filled:
            columns = [column for column in table.columns if column.computed is None]
            moments = {place for place, column in enumerate(columns) if _is_moment(column.type)}
            yield table.name, [column.name for column in columns], frozenset(moments)
    for name in filled.intersection(INDEXES):
        yield name, _indexed(name), frozenset()


def _is_moment(kind: object) -> bool:
    return isinstance(kind, UTCDateTime | DateTime)


def _indexed(name: str) -> list[str]:
    if db.engine.dialect.name != "sqlite":
        return ["id", "words"]
    found = CONNECTIONS[_address()].execute(f'PRAGMA table_info("{name}")')
    return ["rowid", *(row[1] for row in found)]
