"""Answers that are kept for as long as nobody writes to the database.

Counts and names stand on every page, and most pages are opened while nothing has changed. The
database says so itself, for less than an answer costs: PostgreSQL by the transactions that a
snapshot sees, SQLite by a counter of what other connections wrote. An answer is handed out again
only under the same stamp, so it is never older than what a new question would find.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from functools import wraps
from itertools import count
from typing import NamedTuple, ParamSpec, TypeVar, cast

from sqlalchemy import Connection, Engine, event, text

from helpdesk.core.db import by_hand, reading, session

P = ParamSpec("P")
T = TypeVar("T")
HELD = 1024
"""Answers of one question that are kept, the latest ones."""

_NUMBERS = count(1)
_SNAPSHOT = text("SELECT CAST(pg_current_snapshot() AS text)")


class Stamp(NamedTuple):
    """Equal stamps see equal data."""

    told_by: Hashable
    """The database, or on SQLite the connection: each has a counter of its own."""
    version: Hashable


def while_unchanged(question: Callable[P, T], *, most: int = HELD) -> Callable[P, T]:
    """Ask `question` again only after something was written. Its arguments are hashable and say
    all that its answer depends on besides the database; nobody may change what it gives back. The
    latest `most` answers are kept."""
    held: OrderedDict[Hashable, tuple[Stamp, T]] = OrderedDict()

    @wraps(question)
    def answer(*args: P.args, **kwargs: P.kwargs) -> T:
        stamp = _stamp()
        if stamp is None:
            return question(*args, **kwargs)
        key = (stamp.told_by, args)
        found = held.get(key)
        if found is None or found[0] != stamp:
            found = held[key] = (stamp, question(*args, **kwargs))
            while len(held) > most:
                held.popitem(last=False)
        return found[1]

    return answer


def _stamp() -> Stamp | None:
    """What this transaction sees; None while it may write itself."""
    current = reading()
    if current is None:
        return None
    if current.stamp is None:
        current.connection = connection = session.connection()
        ask = _of_sqlite if connection.dialect.name == "sqlite" else _of_postgresql
        current.stamp = ask(connection)
    return cast(Stamp, current.stamp)


def _of_postgresql(connection: Connection) -> Stamp:
    return Stamp(connection.engine.url, connection.scalar(_SNAPSHOT))


def _of_sqlite(connection: Connection) -> Stamp:
    # The counter tells a connection of the others' writes alone; its own are counted beside it.
    info = connection.info
    if "number" not in info:
        info["number"] = next(_NUMBERS)
    (others,) = by_hand(connection, "PRAGMA data_version").fetchone()
    return Stamp(info["number"], (info.get("commits", 0), others))


@event.listens_for(Engine, "commit")
def _count_commit(connection: Connection) -> None:
    if reading() is None:
        connection.info["commits"] = connection.info.get("commits", 0) + 1
