"""How the database is connected to."""

import time
from typing import Any

from sqlalchemy.exc import InvalidatePoolError

FRESH = 0.5
"""For so many seconds after it was used a connection is taken to be there, without asking: a job
that goes from row to row would ask as often as it works."""


def engine_options(url: str) -> dict[str, Any]:
    """Engine options for the database behind `url`."""
    # An error must not carry what people wrote, or a link that signs in, into logs and pages.
    # The connection that was used last knows most: what it asked before, what has not changed.
    usual = {"hide_parameters": True, "pool_use_lifo": True}
    if url.startswith("sqlite"):
        # isolation_level=None: the driver's own implicit BEGIN silently loses updates.
        return usual | {"connect_args": {"isolation_level": None, "timeout": 15}}
    pool = {"pool_size": 8, "max_overflow": 8, "pool_recycle": 1800}
    return usual | pool


def set_pragmas(connection: Any, _record: Any) -> None:
    """What every connection to SQLite is told first."""
    cursor = connection.cursor()
    for pragma in (
        "journal_mode=WAL",
        "foreign_keys=ON",
        "busy_timeout=15000",
        "synchronous=FULL",
        "cache_size=-32000",
        "mmap_size=268435456",
        "temp_store=MEMORY",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def set_plans(connection: Any, _record: Any) -> None:
    """What every connection to PostgreSQL is told first.

    A plan that is made once for all values takes a tag that one ticket has for one that every
    second has: of a million tickets the tenth count of ten views took twenty times as long as the
    first. Compiling takes longer than the statements of a page.
    """
    connection.autocommit = True
    connection.execute("SET plan_cache_mode = force_custom_plan")
    connection.execute("SET jit = off")
    connection.autocommit = False


def note_use(_connection: Any, record: Any) -> None:
    """A connection was made, or is given back."""
    record.info["used_at"] = time.monotonic()


def look_whether_there(connection: Any, record: Any, _fairy: Any) -> None:
    """A connection to PostgreSQL is taken up again. One that is gone is replaced, and so are those
    that were made before."""
    if time.monotonic() - record.info["used_at"] < FRESH:
        return
    from psycopg import Error

    try:
        connection.autocommit = True
        connection.execute("SELECT 1")
        connection.autocommit = False
    except Error as error:
        raise InvalidatePoolError from error
