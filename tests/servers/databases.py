"""The databases that tests run on: built once, wiped between tests in a few milliseconds."""

import sqlite3
from abc import ABC, abstractmethod
from functools import cache
from pathlib import Path
from typing import Any

import psycopg
from flask import Flask
from sqlalchemy import Table, make_url

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


CONNECTIONS: dict[str, Any] = {}
"""By address: a driver's own connection, which minds no foreign keys and keeps what it planned; the
application's plans each statement anew."""


@cache
def ask_for_filled(*others: str) -> str:
    """The statement that names the tables that hold a row, of `others` first: most tests fill a
    few."""
    names = [*others, *(table.name for table in tables()), *INDEXES]
    return " UNION ALL ".join(
        f"SELECT '{name}' WHERE EXISTS (SELECT 1 FROM \"{name}\")" for name in names
    )


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
        self.connection = sqlite3.connect(
            path, isolation_level=None, timeout=20, cached_statements=500
        )
        CONNECTIONS[self.url] = self.connection

    def wipe(self) -> None:
        # Where nothing is kept for reports, no trigger marks what goes.
        filled = self.connection.execute(ask_for_filled("report_kept", "sqlite_sequence"))
        self.connection.execute("BEGIN IMMEDIATE")
        for (table,) in filled.fetchall():
            self.connection.execute(f'DELETE FROM "{table}"')
        self.connection.execute("COMMIT")

    def close(self) -> None:
        del CONNECTIONS[self.url]
        self.connection.close()


class PostgreSQL(Database):
    """A server of its own for this test process."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.connection = psycopg.connect(
            url.replace("postgresql+psycopg://", "postgresql://"), autocommit=True
        )
        self.ready = False
        CONNECTIONS[make_url(url).render_as_string()] = self.connection

    def wipe(self) -> None:
        if not self.ready:
            self.connection.execute(_wipe_function())
            self.connection.execute("SET session_replication_role = replica")  # no foreign keys
            self.ready = True
        self.connection.execute("SELECT wipe()")

    def close(self) -> None:
        del CONNECTIONS[make_url(self.url).render_as_string()]
        self.connection.close()


def _wipe_function() -> str:
    """Deletes only where there is something: most tests fill a few tables."""
    names = [*(table.name for table in tables()), *INDEXES]
    deletes = "".join(
        f'IF EXISTS (SELECT 1 FROM "{name}") THEN DELETE FROM "{name}"; END IF;' for name in names
    )
    restarts = (
        "PERFORM setval(seqrelid, 1, false) FROM pg_sequence"
        " WHERE pg_sequence_last_value(seqrelid) IS NOT NULL;"
    )
    return (
        f"CREATE OR REPLACE FUNCTION wipe() RETURNS void LANGUAGE plpgsql AS"
        f" $$BEGIN {deletes} {restarts} END$$"
    )
