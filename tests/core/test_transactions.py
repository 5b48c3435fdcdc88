"""Everything inside a transaction is kept together or not at all."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from flask import Flask
from sqlalchemy import insert, select, text
from sqlalchemy.exc import DBAPIError, StatementError

from helpdesk.accounts.models import Team
from helpdesk.core import engines
from helpdesk.core.db import abandon, after_commit, after_drop, ask, db, session, transaction
from helpdesk.core.journal import JournalEntry


def names() -> list[str]:
    with transaction(write=False):
        return list(session.scalars(select(Team.name).order_by(Team.name)))


def test_what_was_done_is_kept(app: Flask) -> None:
    with transaction():
        session.add(Team(name="Billing"))
    assert names() == ["Billing"]


def test_an_error_keeps_nothing(app: Flask) -> None:
    def fail() -> None:
        with transaction():
            session.add(Team(name="Billing"))
            session.flush()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert names() == []


def test_dropping_keeps_nothing_and_raises_nothing(app: Flask) -> None:
    with transaction() as current:
        session.add(Team(name="Billing"))
        session.flush()
        current.drop()
    assert names() == []


def test_abandoning_makes_room_for_an_error_page(app: Flask) -> None:
    with transaction():
        session.add(Team(name="Billing"))
        session.flush()
        abandon()
        assert session.scalar(select(Team)) is None
    assert names() == []


def test_transactions_do_not_nest(app: Flask) -> None:
    with pytest.raises(RuntimeError, match="open already"), transaction(), transaction():
        pass


def test_after_an_error_the_next_one_works(app: Flask) -> None:
    with pytest.raises(ZeroDivisionError), transaction():
        raise ZeroDivisionError
    with transaction():
        session.add(Team(name="Billing"))
    assert names() == ["Billing"]


def test_reading_refuses_to_write(app: Flask) -> None:
    with transaction(write=False):
        session.add(Team(name="Billing"))
        with pytest.raises(RuntimeError, match="must not write"):
            session.flush()
        session.expunge_all()
    assert names() == []


def test_reading_refuses_to_write_past_the_session(app: Flask) -> None:
    with (
        pytest.raises(DBAPIError, match=r"read.?only"),
        transaction(write=False),
    ):
        ask(insert(Team).values(name="Billing"))
    with transaction():
        session.add(Team(name="Sales"))
    assert names() == ["Sales"]


@pytest.mark.databases("postgresql")
def test_what_was_prepared_outlives_reading(app: Flask) -> None:
    for _ in range(12):
        with transaction(write=False):
            ask(select(Team.id))
    with transaction(write=False):
        assert session.scalar(text("SELECT count(*) FROM pg_prepared_statements")) >= 1


def test_what_comes_after_comes_after(app: Flask) -> None:
    seen: list[list[str]] = []
    with transaction():
        session.add(Team(name="Billing"))
        after_commit(lambda: seen.append(names()))
        assert not seen
    assert seen == [["Billing"]]


def test_after_a_drop_only_the_cleaning_up_is_done(app: Flask) -> None:
    done: list[str] = []
    with transaction() as current:
        after_commit(lambda: done.append("kept"))
        after_drop(lambda: done.append("dropped"))
        current.drop()
    assert done == ["dropped"]


def test_nothing_can_come_after_no_transaction(app: Flask) -> None:
    with pytest.raises(RuntimeError, match="No transaction is open"):
        after_commit(lambda: None)


@pytest.mark.databases("sqlite")
@pytest.mark.parametrize(
    ("pragma", "value"),
    [("journal_mode", "wal"), ("foreign_keys", 1), ("synchronous", 2), ("busy_timeout", 15000)],
)
def test_sqlite_keeps_what_it_promised(app: Flask, pragma: str, value: object) -> None:
    with db.engine.connect() as connection:
        assert connection.execute(text(f"PRAGMA {pragma}")).scalar() == value


def entry(at: datetime) -> JournalEntry:
    return JournalEntry(at=at, event="E", subject_kind="x", subject_id=1, data={})


def test_a_moment_comes_back_in_utc(app: Flask) -> None:
    berlin = datetime(2026, 7, 1, 12, tzinfo=timezone(timedelta(hours=2)))
    with transaction():
        session.add(entry(berlin))
    with transaction(write=False):
        at = session.scalar(select(JournalEntry.at))
    assert at == berlin
    assert at is not None
    assert at.utcoffset() == timedelta(0)


def test_a_moment_without_a_zone_is_refused(app: Flask) -> None:
    with transaction() as current:
        session.add(entry(datetime(2026, 7, 1, tzinfo=UTC).replace(tzinfo=None)))
        with pytest.raises(StatementError, match="without a time zone"):
            session.flush()
        current.drop()


def test_what_must_be_cleaned_up_is_also_after_an_exception(app: Flask) -> None:
    cleaned: list[str] = []
    with pytest.raises(ZeroDivisionError), transaction():
        after_drop(lambda: cleaned.append("file"))
        raise ZeroDivisionError
    assert cleaned == ["file"]


def test_postgresql_plans_for_the_values_at_hand(app: Flask) -> None:
    """One plan for all values took twenty times as long where a tag is rare."""
    with app.app_context(), transaction(write=False):
        if session.get_bind().dialect.name == "postgresql":
            shown = [session.scalar(text(f"SHOW {name}")) for name in ("plan_cache_mode", "jit")]
            assert shown == ["force_custom_plan", "off"]


@pytest.mark.databases("postgresql")
def test_a_connection_that_rested_and_is_gone_is_replaced(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    with transaction(write=False):
        number = session.scalar(text("SELECT pg_backend_pid()"))
    session.remove()
    with db.engine.connect(), db.engine.connect() as other:  # the first one is that one
        other.execute(text("SELECT pg_terminate_backend(:n, 5000)"), {"n": number})
    monkeypatch.setattr(engines, "FRESH", 0)
    with transaction(write=False):
        assert session.scalar(text("SELECT pg_backend_pid()")) != number
