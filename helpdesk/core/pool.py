"""Connections that rested are tried before they are used."""

from time import monotonic
from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.exc import InvalidatePoolError

RESTED = 1.0
"""Seconds in the pool after which a connection has to show that it is still good."""


def try_rested_connections(engine: Engine) -> None:
    """Replace every connection of the pool when one that rested turns out to be broken.

    `pool_pre_ping` asks before each request, a round trip more for each. What breaks within a
    second of its last use breaks requests at work as well; after the first of them the pool
    starts anew.
    """

    @event.listens_for(engine, "checkin")
    def _note(_connection: Any, record: Any) -> None:
        record.info["returned_at"] = monotonic()

    @event.listens_for(engine, "checkout")
    def _try(connection: Any, record: Any, _proxy: Any) -> None:
        returned_at = record.info.get("returned_at")
        rested = returned_at is not None and monotonic() - returned_at > RESTED
        if rested and not _answers(engine, connection):
            raise InvalidatePoolError("The database went away meanwhile.")


def _answers(engine: Engine, connection: Any) -> bool:
    try:
        return engine.dialect.do_ping(connection)
    except engine.dialect.loaded_dbapi.Error:
        return False
