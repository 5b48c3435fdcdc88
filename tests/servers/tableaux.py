"""What stands in the database and in Redis at a moment, to be put back in little time."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any, NamedTuple

from psycopg.types.json import Jsonb
from sqlalchemy import DateTime

from helpdesk.core.clock import now
from helpdesk.core.db import UTCDateTime, db, session, transaction
from helpdesk.core.jobs import connection as redis
from helpdesk.core.search import INDEXES
from tests.servers.databases import tables


class Rows(NamedTuple):
    """All rows of a table as its driver gives them; `moments` are the places of columns of time."""

    table: str
    columns: Sequence[str]
    moments: frozenset[int]
    rows: Sequence[Sequence[Any]]


class Tableau:
    """Everything as it is `at` a moment, when it was done. When it is put back its moments are
    moved to then, in whole seconds, and none into the future, however long it took to do it."""

    def __init__(self, at: datetime) -> None:
        self.sqlite = db.engine.dialect.name == "sqlite"
        self.at = at
        self.tables = list(self._filled())
        self.queues = {key: redis().dump(key) or b"" for key in redis().scan_iter()}

    def put_back(self) -> bool:
        """Write it into an empty database and Redis; False where there is something in them."""
        if not is_empty():
            return False
        at = now()
        with transaction():
            driver = session.connection().connection.cursor()
            # Rows come table by table, also those that point at one another.
            driver.execute(
                "PRAGMA defer_foreign_keys=ON"
                if self.sqlite
                else "SET LOCAL session_replication_role = replica"
            )
            for table in self.tables:
                names = ", ".join(f'"{name}"' for name in table.columns)
                marks = ", ".join(["?" if self.sqlite else "%s"] * len(table.columns))
                driver.executemany(
                    f'INSERT INTO "{table.table}" ({names}) VALUES ({marks})',
                    [self._moved_to(at, table, row) for row in table.rows],
                )
            if not self.sqlite:
                driver.execute(self._restart_numbers())
        for key, dumped in self.queues.items():
            redis().restore(key, 0, dumped)
        return True

    def _filled(self) -> Iterator[Rows]:
        driver = session.connection().connection.cursor()
        for name, columns, moments in _columns(self.sqlite):
            wanted = ", ".join(f'"{column}"' for column in columns)
            rows = driver.execute(f'SELECT {wanted} FROM "{name}"').fetchall()
            if rows:
                yield Rows(name, columns, moments, rows)
        session.rollback()

    def _moved_to(self, now: datetime, table: Rows, row: Sequence[Any]) -> list[Any]:
        moved = [
            self._moved(value, now) if place in table.moments else value
            for place, value in enumerate(row)
        ]
        return [Jsonb(value) if isinstance(value, dict | list) else value for value in moved]

    def _moved(self, value: Any, now: datetime) -> Any:
        if value is None:
            return None
        at = datetime.fromisoformat(value).replace(tzinfo=UTC) if self.sqlite else value
        then = now + timedelta(seconds=round((at - self.at).total_seconds()))
        return then.strftime("%Y-%m-%d %H:%M:%S.%f") if self.sqlite else then

    def _restart_numbers(self) -> str:
        filled = {table.table for table in self.tables}
        return "SELECT " + ", ".join(
            f"setval(pg_get_serial_sequence('\"{table}\"', '{column.name}'),"
            f' (SELECT max("{column.name}") FROM "{table}"))'
            for table in tables()
            if table.name in filled and (column := table.autoincrement_column) is not None
        )


def is_empty() -> bool:
    """Whether no table holds a row, and Redis no key."""
    if redis().dbsize():
        return False
    filled = session.connection().exec_driver_sql(_is_filled()).scalar()
    session.rollback()
    return not filled


@cache
def _is_filled() -> str:
    some = " OR ".join(f'EXISTS (SELECT 1 FROM "{table.name}")' for table in tables())
    return f"SELECT {some}"


def _columns(sqlite: bool) -> Iterator[tuple[str, list[str], frozenset[int]]]:
    for table in tables():
        columns = [column for column in table.columns if column.computed is None]
        moments = {place for place, column in enumerate(columns) if _is_moment(column.type)}
        yield table.name, [column.name for column in columns], frozenset(moments)
    for name in INDEXES:
        yield name, _indexed(name, sqlite), frozenset()


def _is_moment(kind: object) -> bool:
    return isinstance(kind, UTCDateTime | DateTime)


def _indexed(name: str, sqlite: bool) -> list[str]:
    if not sqlite:
        return ["id", "words"]
    found = session.connection().exec_driver_sql(f'PRAGMA table_info("{name}")')
    return ["rowid", *(row[1] for row in found)]
