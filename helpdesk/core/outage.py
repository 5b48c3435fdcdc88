"""Telling a database that is away, or full, from a fault in our own statements."""

import sqlite3

from sqlalchemy.exc import DBAPIError

_PASSING = {
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_READONLY,
}


def is_outage(error: DBAPIError) -> bool:
    """Whether the same may succeed later: the server is gone or starting, the disk is full, others
    hold what is needed. SQLite calls a wrong statement by the same name as all of that."""
    if isinstance(error.orig, sqlite3.Error):
        code: int = getattr(error.orig, "sqlite_errorcode", 0)
        return code & 0xFF in _PASSING
    import psycopg  # here, since most of those who use SQLite have no other need of it

    return error.connection_invalidated or isinstance(error.orig, psycopg.OperationalError)
