"""An answer is kept for as long as nobody writes, and not a moment longer."""

from collections.abc import Callable
from contextvars import Context

import pytest
from flask import Flask
from sqlalchemy import Engine, func, insert, select

from helpdesk.accounts.models import Team
from helpdesk.core.db import ask, db, session, transaction
from helpdesk.core.unchanged import while_unchanged

Count = Callable[[], int]


@pytest.fixture
def asked() -> list[int]:
    return []


@pytest.fixture
def teams(app: Flask, asked: list[int]) -> Count:
    @while_unchanged
    def how_many() -> int:
        asked.append(1)
        return int(ask(select(func.count()).select_from(Team)).scalar_one())

    return how_many


def read(question: Count) -> int:
    with transaction(write=False):
        return question()


def add(name: str) -> None:
    with transaction():
        session.add(Team(name=name))


def test_the_second_page_does_not_ask_again(teams: Count, asked: list[int]) -> None:
    assert [read(teams), read(teams), read(teams)] == [0, 0, 0]
    assert len(asked) == 1


def test_what_this_process_wrote_is_seen(teams: Count) -> None:
    assert read(teams) == 0
    add("Billing")
    assert read(teams) == 1


def test_what_another_connection_wrote_is_seen(teams: Count) -> None:
    assert read(teams) == 0
    with transaction(write=False):
        session.connection()  # keeps its connection busy, so that the next one is another
        Context().run(_write_elsewhere, db.engine)
    assert read(teams) == 1


def _write_elsewhere(engine: Engine) -> None:
    with engine.begin() as other:
        other.execute(insert(Team).values(name="Billing", restricted=False))


def test_while_writing_every_answer_is_fresh(teams: Count) -> None:
    assert read(teams) == 0
    with transaction():
        session.add(Team(name="Billing"))
        session.flush()
        assert teams() == 1
    assert read(teams) == 1


def test_what_was_dropped_is_not_believed(teams: Count) -> None:
    with transaction() as current:
        session.add(Team(name="Billing"))
        session.flush()
        assert teams() == 1
        current.drop()
    assert read(teams) == 0


def test_each_argument_has_an_answer_of_its_own(app: Flask) -> None:
    @while_unchanged
    def is_there(name: str) -> bool:
        return ask(select(Team.id).where(Team.name == name)).first() is not None

    add("Billing")
    with transaction(write=False):
        assert (is_there("Billing"), is_there("Sales")) == (True, False)
        assert (is_there("Billing"), is_there("Sales")) == (True, False)


def test_it_is_kept_where_the_pool_holds_several_connections(
    teams: Count, asked: list[int]
) -> None:
    several = [db.engine.connect() for _ in range(3)]
    for connection in several:
        connection.close()
    assert [read(teams), read(teams), read(teams)] == [0, 0, 0]
    assert len(asked) == 1
