"""The databases that tests run on: built once, wiped between tests in a few milliseconds."""

import sqlite3
from abc import ABC, abstractmethod
from functools import cache
from pathlib import Path

import psycopg
from flask import Flask
from sqlalchemy import Table

from helpdesk.core.db import Model, db
from helpdesk.core.jobs import connection as redis
from helpdesk.core.search import INDEXES
from helpdesk.reports.rollups import marks


def build_schema(app: Flask) -> None:
    """Make every table of the models, and let the database mark what reports counted already."""
    with app.app_context(), db.engine.begin() as connection:
        Model.metadata.create_all(connection)
        marks.watch(connection)


def let_go(app: Flask) -> None:
    """Close what an application holds open, of its database and of Redis."""
    with app.app_context():
        db.engine.dispose()
        redis().close()


@cache
def tables() -> tuple[Table, ...]:
    """All tables of the models, those that are pointed at first; sorting them takes a while."""
    return tuple(Model.metadata.sorted_tables)


class Database(ABC):
    """An address, and a way to forget every row."""

    url: str

    @abstractmethod
    def close(self) -> None:
        """Let go of it."""

    @abstractmethod
    def wipe(self) -> None:
        """Delete every row and begin numbering anew."""


class SQLite(Database):
    """A file of its own for this test process."""

    def __init__(self, path: Path) -> None:
        self.url = f"sqlite:///{path}"
        self.connection = sqlite3.connect(path, isolation_level=None, timeout=20)

    def wipe(self) -> None:
        self.connection.executescript(_wipe_script())

    def close(self) -> None:
        self.connection.close()


@cache
def _wipe_script() -> str:
    """Foreign keys are off in the connection that runs it, so the order does not matter."""
    # Where nothing is kept for reports, no trigger marks what goes.
    emptied = ["report_kept", *(table.name for table in tables()), *INDEXES, "sqlite_sequence"]
    deletes = "".join(f'DELETE FROM "{table}";' for table in emptied)
    return f"BEGIN IMMEDIATE;{deletes}COMMIT;"


class PostgreSQL(Database):
    """A server of its own for this test process."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.connection = psycopg.connect(
            url.replace("postgresql+psycopg://", "postgresql://"), autocommit=True
        )
        self.ready = False

    def wipe(self) -> None:
        if not self.ready:
            self.connection.execute(_wipe_function())
            self.connection.execute("SET session_replication_role = replica")  # no foreign keys
            self.ready = True
        self.connection.execute("SELECT wipe()")

    def close(self) -> None:
        self.connection.close()


def _wipe_function() -> str:
    """Deletes only where there is something: most tests fill a few tables."""
    names = [*(table.name for table in tables()), *INDEXES]
    numbered = [
        (table.name, column.name)
        for table in tables()
        if (column := table.autoincrement_column) is not None
    ]
    restarts = {
        name: f"PERFORM setval(pg_get_serial_sequence('\"{name}\"', '{column}'), 1, false);"
        for name, column in numbered
    }
    steps = "\n".join(
        f'IF EXISTS (SELECT 1 FROM "{name}") THEN DELETE FROM "{name}"; END IF;'
        + restarts.get(name, "")
        for name in names
    )
    return (
        f"CREATE OR REPLACE FUNCTION wipe() RETURNS void LANGUAGE plpgsql AS $$BEGIN {steps} END$$"
    )
