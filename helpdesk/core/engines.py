"""How the database is connected to."""

from typing import Any


def engine_options(url: str) -> dict[str, Any]:
    """Engine options for the database behind `url`."""
    # An error must not carry what people wrote, or a link that signs in, into logs and pages.
    # The connection that was used last knows most: what it asked before, what has not changed.
    usual = {"hide_parameters": True, "pool_use_lifo": True}
    if url.startswith("sqlite"):
        # isolation_level=None: the driver's own implicit BEGIN silently loses updates.
        return usual | {"connect_args": {"isolation_level": None, "timeout": 15}}
    pool = {"pool_pre_ping": True, "pool_size": 8, "max_overflow": 8, "pool_recycle": 1800}
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
