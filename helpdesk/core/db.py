"""The database: one base class, one session, one place that commits."""

import sqlite3
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any, TypeAlias, TypeVar, cast

from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import (
    JSON,
    BigInteger,
    Connection,
    CursorResult,
    DateTime,
    Dialect,
    Engine,
    Enum,
    Executable,
    Integer,
    MetaData,
    Numeric,
    event,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Session, mapped_column
from sqlalchemy.types import TypeDecorator

from helpdesk.core.crash import crash_point
from helpdesk.core.engines import look_whether_there, note_use, set_plans, set_pragmas

Json: TypeAlias = dict[str, Any]
T = TypeVar("T")


class UTCDateTime(TypeDecorator[datetime]):
    """An aware moment; naive input is refused. SQLite gives back naive values: UTC is attached."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"A moment without a time zone cannot be stored: {value!r}")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None or value.tzinfo is not None:
            return value
        return value.replace(tzinfo=UTC)


JSON_TYPE = JSON().with_variant(JSONB(), "postgresql")
BIG_ID = BigInteger().with_variant(Integer(), "sqlite")

Id = Annotated[int, mapped_column(BIG_ID, primary_key=True)]


class Model(DeclarativeBase):
    """Base of every table; names constraints so that migrations can name them too."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {
        datetime: UTCDateTime(),
        Decimal: Numeric(12, 2),
        dict[str, Any]: JSON_TYPE,
        list[Any]: JSON_TYPE,
        StrEnum: Enum(
            StrEnum,
            native_enum=False,
            create_constraint=False,
            length=20,
            values_callable=lambda members: [member.value for member in members],
        ),
    }


db = SQLAlchemy(metadata=Model.metadata)
session = db.session


@dataclass
class Transaction:
    """One unit of work: kept whole at its end, or dropped whole."""

    write: bool
    dropped: bool = False
    stamp: Hashable = None
    """What `unchanged` knows the data of a reading transaction by."""
    connection: Connection | None = None
    """What `ask` asks with."""
    gathered: dict[Callable[[set[int]], object], set[int]] = field(default_factory=dict)
    last_callbacks: list[Callable[[], object]] = field(default_factory=list)
    kept_callbacks: list[Callable[[], object]] = field(default_factory=list)
    kept_items: dict[Callable[[list[Any]], object], list[Any]] = field(default_factory=dict)
    dropped_callbacks: list[Callable[[], object]] = field(default_factory=list)

    def drop(self) -> None:
        """Leave no trace of this transaction."""
        self.dropped = True


_current: ContextVar[Transaction | None] = ContextVar("transaction", default=None)


@contextmanager
def transaction(*, write: bool = True) -> Iterator[Transaction]:
    """Everything inside is kept together or not at all.

    Opened once, at the edge: by the application for a request, by a job for each step, by a
    command. A reading transaction (`write=False`) refuses to flush changes.

    Raises RuntimeError when one is open already: transactions do not nest.
    """
    if _current.get() is not None:
        raise RuntimeError("A transaction is open already; open one at the edge only.")
    session.rollback()  # end whatever reading came before, so that this one sees the present
    current = Transaction(write)
    token = _current.set(current)
    try:
        yield current
        if not current.dropped:
            if write:
                _finish(current)
            # One that only read is committed too: a rollback makes psycopg forget all that it had
            # prepared, and PostgreSQL would plan the same statements anew for each page.
            session.commit()
    except BaseException:
        current.drop()
        raise
    finally:
        _current.reset(token)
        if current.dropped:
            session.rollback()
            _call(current.dropped_callbacks)
    if not current.dropped and current.kept_callbacks:
        crash_point("after_commit_before_enqueue")
        _call(current.kept_callbacks)


def _finish(current: Transaction) -> None:
    """Let everything that was gathered be dealt with, and what that leads to."""
    session.flush()
    while current.gathered:
        then, ids = current.gathered.popitem()
        then(ids)
        session.flush()
    _call(current.last_callbacks)


def _call(callbacks: list[Callable[[], object]]) -> None:
    for callback in callbacks:
        callback()


def ask(
    statement: Executable,
    parameters: Mapping[str, object] | Sequence[Mapping[str, object]] | None = None,
) -> CursorResult[*tuple[Any, ...]]:
    """What a statement about columns finds, in the current transaction; changes that are not
    flushed yet are not seen. The ORM's way of handing over entities takes as long as asking."""
    if (current := _current.get()) is None:
        return session.connection().execute(statement, parameters)
    connection = current.connection
    if connection is None or connection.closed or session().in_nested_transaction():
        # This takes as long as a short question, and begins the savepoint that was asked for.
        connection = current.connection = session.connection()
    return connection.execute(statement, parameters)


def _open_transaction() -> Transaction:
    current = _current.get()
    if current is None:
        raise RuntimeError("No transaction is open; open one with `transaction()`.")
    return current


def reading() -> Transaction | None:
    """The current transaction if it only reads, else None."""
    current = _current.get()
    return None if current is None or current.write else current


def gather(ids: Iterable[int], then: Callable[[set[int]], object]) -> None:
    """Hand `ids` to `then` at the end of the current transaction, in it, together with all that
    were gathered for it. Outside a transaction nothing is kept, so nothing is gathered."""
    if (current := _current.get()) is not None:
        current.gathered.setdefault(then, set()).update(ids)


def at_last(callback: Callable[[], object]) -> None:
    """Call back when everything is written and has its id, just before it is kept; for what only
    reads, such as an id that is to be told about. Never when the transaction is dropped."""
    _open_transaction().last_callbacks.append(callback)


def after_commit(callback: Callable[[], object]) -> None:
    """Call back once the current transaction is kept; never when it is dropped."""
    _open_transaction().kept_callbacks.append(callback)


def after_commit_with(item: T, then: Callable[[list[T]], object]) -> None:
    """Hand `item` to `then` once the current transaction is kept, together with all that were left
    to it, in their order; never when the transaction is dropped."""
    current = _open_transaction()
    items = current.kept_items.setdefault(then, [])
    if not items:
        current.kept_callbacks.append(lambda: then(items))
    items.append(item)


def after_drop(callback: Callable[[], object]) -> None:
    """Call back when the current transaction is dropped, to clean up outside the database."""
    _open_transaction().dropped_callbacks.append(callback)


def abandon() -> None:
    """Drop what the current transaction did so far, so that an error page can be drawn."""
    if (current := _current.get()) is not None:
        current.drop()
    session.rollback()


def init_app(app: Flask) -> None:
    """Bind the session to the application's database and prepare its engine."""
    db.init_app(app)
    with app.app_context():
        _prepare(db.engine)


def _prepare(engine: Engine) -> None:
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", set_pragmas)
        event.listen(engine, "begin", _begin_on_sqlite)
    else:
        event.listen(engine, "connect", set_plans)
        event.listen(engine, "connect", note_use)
        event.listen(engine, "checkin", note_use)
        event.listen(engine, "checkout", look_whether_there)
        event.listen(engine, "begin", _begin_on_postgresql)


def _begin_on_sqlite(connection: Connection) -> None:
    # A deferred transaction that reads first and writes later can fail half-way when another
    # writer came between; one that will write takes the lock at its start.
    current = _current.get()
    read_only = current is not None and not current.write
    if connection.info.get("read_only", False) is not read_only:
        by_hand(connection, f"PRAGMA query_only={'ON' if read_only else 'OFF'}")
        connection.info["read_only"] = read_only
    by_hand(connection, "BEGIN" if current is None or read_only else "BEGIN IMMEDIATE")


def _begin_on_postgresql(connection: Connection) -> None:
    # psycopg says it together with BEGIN, before the first statement.
    driver = connection.connection.driver_connection
    if driver is not None:
        read_only = reading() is not None
        if bool(driver.read_only) is not read_only:
            driver.read_only = read_only


def by_hand(connection: Connection, command: str) -> sqlite3.Cursor:
    """Give SQLite a command of its own, without the way of a statement, which takes longer than
    such a command."""
    driver = cast(sqlite3.Connection, connection.connection.driver_connection)
    return driver.execute(command)


@event.listens_for(Session, "before_flush")
def _refuse_writes_while_reading(flushing: Session, _context: Any, _instances: Any) -> None:
    current = _current.get()
    changed = flushing.new or flushing.deleted or any(map(flushing.is_modified, flushing.dirty))
    if current is not None and not current.write and changed:
        raise RuntimeError("A reading transaction must not write; GET changes nothing.")
