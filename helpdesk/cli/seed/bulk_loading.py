"""Putting millions of rows into a database, by the road that each of them has for it.

Everything is one transaction: it is there whole, or not at all. Indexes and foreign keys are taken
off before and put back after, which checks them once for all rows instead of once for each.
"""

import json
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from enum import Enum
from functools import cache, lru_cache
from sqlite3 import OperationalError
from typing import Any

from sqlalchemy import Column, Connection, ForeignKeyConstraint, Table, delete, func, select, text
from sqlalchemy.schema import AddConstraint, DropConstraint

from helpdesk.core.db import Model, db, session
from helpdesk.core.search import Document
from helpdesk.core.search.postgresql import PostgreSQLIndex, vector
from helpdesk.core.search.sqlite import SQLiteIndex, row_of
from helpdesk.core.words import words_in
from helpdesk.reports.models import KeptCount
from helpdesk.reports.rollups.marks import unwatch, watch
from helpdesk.tickets.indexing import TABLE as TICKETS

Cell = str | int | float | None
Row = tuple[Cell, ...]

_DAY = 24 * 3600
_dates: dict[int, str] = {}


def moment(seconds: int | None) -> str | None:
    """A moment (seconds since 1970, UTC) as both databases read it."""
    if seconds is None:
        return None
    day, rest = divmod(seconds, _DAY)
    if day not in _dates:
        _dates[day] = datetime.fromtimestamp(day * _DAY, UTC).date().isoformat()
    return f"{_dates[day]} {_time(rest)}"


@cache
def _time(seconds: int) -> str:
    """A time of day."""
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}.000000"


class Sheet:
    """Rows of one table on their way into the database. Columns with a plain default that are not
    named get it."""

    def __init__(self, table: str, *columns: str, numbered: bool = True) -> None:
        self.table: Table = Model.metadata.tables[table]
        self.numbered = numbered
        given = ("id", *columns) if numbered else columns
        others = {
            column.name: _default(column)
            for column in self.table.columns
            if column.name not in given and column.default is not None
        }
        self.columns = (*given, *others)
        self.rest: Row = tuple(others.values())
        self.last_id = 0
        self.written = 0
        self.rows: list[Row] = []

    def add(self, *cells: Cell) -> int:
        """Add a row under the next number, and give back that number."""
        self.last_id += 1
        self.rows.append((self.last_id, *cells, *self.rest))
        return self.last_id

    def next_id(self) -> int:
        """Take the next number for a row that follows later."""
        self.last_id += 1
        return self.last_id

    def put(self, *cells: Cell) -> None:
        """Add a row that has its number already, or a row of a table without numbers."""
        self.rows.append((*cells, *self.rest))

    def take(self) -> list[Row]:
        """The rows so far; the sheet is empty afterwards."""
        rows, self.rows = self.rows, []
        self.written += len(rows)
        return rows


def _default(column: "Column[Any]") -> Cell:
    value = getattr(column.default, "arg", None)
    if callable(value):  # an empty list or table
        return json.dumps(value(None))
    plain = value.value if isinstance(value, Enum) else value
    if isinstance(plain, bool):
        return int(plain)
    if not isinstance(plain, str | int | float):
        raise TypeError(f"{column} has a default that this cannot write.")
    return plain


class Loading(ABC):
    """One load of some sheets and of what is found of tickets; `ready` prepares the connection and
    gives it back as it was."""

    def __init__(self, sheets: Sequence[Sheet], documents: list[Document]) -> None:
        self.sheets, self.documents = sheets, documents

    @property
    def tables(self) -> list[Table]:
        return [sheet.table for sheet in self.sheets]

    @contextmanager
    def ready(self) -> Iterator[None]:
        """Around the transaction."""
        yield

    def begin(self) -> None:
        """In the transaction: number on from what is there, and take off what slows us down."""
        for sheet in self.sheets:
            if sheet.numbered:
                highest = session.scalar(select(func.max(sheet.table.c.id)))
                sheet.last_id = highest or 0
        self.take_off(session.connection())

    def flush(self) -> None:
        """Write what the sheets hold."""
        for sheet in self.sheets:
            if sheet.rows:
                self.write(sheet)
        self.write_documents()
        self.documents.clear()

    def end(self) -> None:
        """Write the rest, and put back what was taken off."""
        self.flush()
        self.put_back(session.connection())

    def take_off(self, connection: Connection) -> None:
        """Take off every index that is ours to make again, and what marks days as changed: no
        count that was kept is true any longer."""
        unwatch(connection)
        connection.execute(delete(KeptCount))
        for table in self.tables:
            for index in table.indexes:
                index.drop(connection, checkfirst=True)

    def put_back(self, connection: Connection) -> None:
        """Make the indexes again."""
        for table in self.tables:
            for index in sorted(table.indexes, key=lambda index: str(index.name)):
                index.create(connection)
        watch(connection)

    @abstractmethod
    def write(self, sheet: Sheet) -> None:
        """Write the rows of one sheet."""

    @abstractmethod
    def write_documents(self) -> None:
        """Write what is found of tickets."""

    @abstractmethod
    def tidy(self) -> None:
        """After the transaction: let the database learn what it holds."""


class SQLiteLoading(Loading):
    """Without write-ahead log where nobody else has the file open: new pages then go straight to
    their place, and undoing a failed load is cutting the file short."""

    @contextmanager
    def ready(self) -> Iterator[None]:
        db.engine.dispose()  # so that the connection we prepare is the one that is used
        with db.engine.connect() as connection:
            driver = connection.connection.driver_connection
            for pragma in (
                "busy_timeout=0",
                "journal_mode=TRUNCATE",
                "busy_timeout=15000",
                "foreign_keys=OFF",
                "cache_size=-256000",
                "temp_store=FILE",
                "threads=2",
            ):
                _pragma(driver, pragma)
        try:
            yield
        finally:
            db.engine.dispose()  # the next connection has the usual settings, and the log again

    def write(self, sheet: Sheet) -> None:
        names = ", ".join(f'"{name}"' for name in sheet.columns)
        marks = ", ".join("?" * len(sheet.columns))
        statement = f'INSERT INTO "{sheet.table.name}" ({names}) VALUES ({marks})'  # noqa: S608 - names of our own tables
        driver: Any = session.connection().connection.driver_connection
        driver.executemany(statement, sheet.take())

    def take_off(self, connection: Connection) -> None:
        super().take_off(connection)
        self._tell_index("'hashsize', 67108864")  # fewer and larger pieces of the index

    def put_back(self, connection: Connection) -> None:
        super().put_back(connection)
        self._tell_index("'hashsize', 1048576")
        self._tell_index("'optimize', NULL")

    def _tell_index(self, command: str) -> None:
        told = f"INSERT INTO {TICKETS}({TICKETS}, rank) VALUES({command})"
        session.connection().exec_driver_sql(told)

    def write_documents(self) -> None:
        index = SQLiteIndex(TICKETS)
        driver: Any = session.connection().connection.driver_connection
        driver.executemany(index.insert, [row_of(one, _words_in) for one in self.documents])

    def tidy(self) -> None:
        with db.engine.connect() as connection:
            driver: Any = connection.connection.driver_connection
            driver.execute("ANALYZE")


class PostgreSQLLoading(Loading):
    """By COPY."""

    def take_off(self, connection: Connection) -> None:
        connection.execute(text("SET LOCAL TIME ZONE 'UTC'"))
        connection.execute(text("SET LOCAL maintenance_work_mem = '256MB'"))
        for key in self._foreign_keys():
            connection.execute(DropConstraint(key))
        PostgreSQLIndex(TICKETS).drop_index(connection)
        super().take_off(connection)

    def put_back(self, connection: Connection) -> None:
        super().put_back(connection)
        PostgreSQLIndex(TICKETS).create_index(connection)
        for key in self._foreign_keys():
            connection.execute(AddConstraint(key))
        for sheet in self.sheets:
            if sheet.numbered and sheet.last_id:
                sequence = func.pg_get_serial_sequence(f'"{sheet.table.name}"', "id")
                connection.execute(select(func.setval(sequence, sheet.last_id)))

    def _foreign_keys(self) -> list[ForeignKeyConstraint]:
        keys = [key for table in self.tables for key in table.foreign_key_constraints]
        return sorted(keys, key=lambda key: str(key.name))

    def write(self, sheet: Sheet) -> None:
        names = ", ".join(f'"{name}"' for name in sheet.columns)
        driver: Any = session.connection().connection.driver_connection
        with (
            driver.cursor() as cursor,
            cursor.copy(f'COPY "{sheet.table.name}" ({names}) FROM STDIN') as copy,
        ):
            for row in sheet.take():
                copy.write_row(row)

    def write_documents(self) -> None:
        driver: Any = session.connection().connection.driver_connection
        with (
            driver.cursor() as cursor,
            cursor.copy(f"COPY {TICKETS} (id, words) FROM STDIN") as copy,
        ):
            for one in self.documents:
                copy.write_row((one.id, vector(one, _words_in)))

    def tidy(self) -> None:
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM (ANALYZE)"))


def _pragma(driver: Any, pragma: str) -> None:
    try:
        driver.execute(f"PRAGMA {pragma}").fetchall()
    except OperationalError:  # somebody else has the file open: then with the log, a bit slower
        if not pragma.startswith("journal_mode"):
            raise


# What mass data is written with stands in it again and again.
_words_in = lru_cache(maxsize=20_000)(words_in)


def loading_for(sheets: Sequence[Sheet], documents: list[Document]) -> Loading:
    """The way to load into the database of the application."""
    kind = SQLiteLoading if db.engine.dialect.name == "sqlite" else PostgreSQLLoading
    return kind(sheets, documents)
