"""What happened is kept with its change, and what follows from it is told once it was kept."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import ClassVar

import pytest
from flask import Flask
from sqlalchemy import select

from helpdesk.core import journal
from helpdesk.core.clock import now
from helpdesk.core.db import session, transaction
from helpdesk.core.journal import (
    FIRST_WAIT,
    GRACE,
    MAX_ATTEMPTS,
    Event,
    JournalEntry,
    record,
    record_each,
    retry,
)
from tests.conftest import Clock
from tests.servers.valkey import Valkey
from tests.work import Work


@dataclass(frozen=True)
class LampLit(Event):
    subject: ClassVar[tuple[str, str]] = ("lamp", "lamp_id")
    lamp_id: int
    at: datetime | None = None
    watts: list[int] | None = None


told: list[str] = []
broken: set[str] = set()


def first(event: LampLit) -> None:
    _note("first", event)


def second(event: LampLit) -> None:
    _note("second", event)


def _note(name: str, event: LampLit) -> None:
    told.append(f"{name} {event.lamp_id}")
    if name in broken:
        raise ValueError(f"{name} is broken")


@pytest.fixture(autouse=True)
def _table(app: Flask) -> Iterator[None]:
    before = app.extensions["helpdesk.reactions"]
    app.extensions["helpdesk.reactions"] = {LampLit: (first, second)}
    told.clear()
    broken.clear()
    yield
    app.extensions["helpdesk.reactions"] = before


def light(lamp_id: int = 1) -> int:
    with transaction():
        lit = record(LampLit(lamp_id))
        session.flush()
        return lit.id


def entry(entry_id: int) -> JournalEntry:
    session.rollback()
    return session.get_one(JournalEntry, entry_id)


def test_an_event_comes_back_as_it_was(app: Flask) -> None:
    event = LampLit(7, datetime(2026, 3, 2, 9, tzinfo=UTC), [40, 60])
    with transaction():
        recorded = record(event)
        session.flush()
        entry_id = recorded.id
    assert entry(entry_id).to_event() == event
    assert (entry(entry_id).subject_kind, entry(entry_id).subject_id) == ("lamp", 7)


def test_every_reaction_is_told_once_the_change_is_kept(work: Work) -> None:
    entry_id = light()
    assert not told
    work()
    assert told == ["first 1", "second 1"]
    assert entry(entry_id).tell_at is None


def test_many_events_at_once_are_told_as_one_by_one(work: Work) -> None:
    with transaction():
        record_each([LampLit(1), LampLit(2)])
    work()
    assert sorted(told) == ["first 1", "first 2", "second 1", "second 2"]


def test_nothing_is_told_of_what_was_dropped(work: Work) -> None:
    with transaction() as current:
        record(LampLit(1))
        current.drop()
    work.tick()
    assert not told


def test_telling_twice_tells_once(work: Work) -> None:
    entry_id = light()
    work()
    journal.tell(entry_id)
    assert told == ["first 1", "second 1"]


def test_without_redis_the_sweep_tells(app: Flask, clock: Clock, redis_server: Valkey) -> None:
    redis_server.kill()
    light()
    journal.tell_untold()
    assert not told, "the wake-up call may still be on its way"
    clock.move(seconds=GRACE.total_seconds())
    journal.tell_untold()
    assert told == ["first 1", "second 1"]


def test_a_broken_reaction_stops_no_other_and_is_tried_again(app: Flask, clock: Clock) -> None:
    broken.add("first")
    entry_id = light()
    journal.tell(entry_id)
    assert told == ["first 1", "second 1"]
    assert "first is broken" in (entry(entry_id).error or "")
    broken.clear()
    clock.move(minutes=5)
    journal.tell_untold()
    assert told == ["first 1", "second 1", "first 1"], "the second one was not told again"
    assert (entry(entry_id).tell_at, entry(entry_id).error) == (None, None)


def test_each_attempt_begins_with_another_reaction(app: Flask, clock: Clock) -> None:
    broken.update({"first", "second"})
    entry_id = light()
    journal.tell(entry_id)
    clock.move(minutes=1)
    journal.tell(entry_id)
    assert told == ["first 1", "second 1", "second 1", "first 1"]


def test_a_reaction_that_never_works_is_parked_with_its_reason(app: Flask, clock: Clock) -> None:
    broken.add("first")
    entry_id = light()
    for _ in range(MAX_ATTEMPTS + 1):
        clock.move(days=1)
        journal.tell_untold()
    assert entry(entry_id).parked_at is not None
    assert "first is broken" in (entry(entry_id).error or "")
    told.clear()
    clock.move(days=1)
    journal.tell_untold()
    assert not told


def test_waits_grow_from_attempt_to_attempt(app: Flask, clock: Clock) -> None:
    broken.add("first")
    entry_id, waits = light(), []
    for _ in range(MAX_ATTEMPTS):
        journal.tell(entry_id)
        again = entry(entry_id).tell_at
        assert again is not None
        waits.append(again - now())
        clock.move(days=1)
    assert waits == sorted(set(waits))


def test_a_parked_entry_is_taken_up_again(clock: Clock, work: Work) -> None:
    entry_id = light()
    with transaction():
        parked = session.get_one(JournalEntry, entry_id)
        parked.parked_at, parked.tell_at = now(), None
    with transaction():
        retry(session.get_one(JournalEntry, entry_id))
    work()
    assert told == ["first 1", "second 1"]
    assert entry(entry_id).parked_at is None


def test_what_a_reaction_wrote_is_dropped_when_it_fails(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    def write_and_fail(_event: LampLit) -> None:
        record(LampLit(99))
        raise ValueError

    app.extensions["helpdesk.reactions"] = {LampLit: (write_and_fail,)}
    journal.tell(light())
    session.rollback()
    assert session.scalars(select(JournalEntry.subject_id)).all() == [1]


def test_the_sweep_leaves_poison_for_the_end(
    app: Flask, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried, fresh = light(1), light(2)
    with transaction():
        session.get_one(JournalEntry, tried).attempts = 3
    order: list[int] = []
    monkeypatch.setattr(journal, "_tell", order.append)
    clock.move(minutes=5)
    journal.tell_untold()
    assert order == [fresh, tried]


def test_one_call_tells_what_waits_as_well(app: Flask) -> None:
    first, second, third = light(1), light(2), light(3)
    journal.tell(second)
    assert [entry(each).tell_at for each in (first, second, third)] == [None] * 3
    assert told[:2] == ["first 2", "second 2"], "what it was asked for comes first"


def test_what_somebody_else_is_telling_is_left_to_them(app: Flask, clock: Clock) -> None:
    taken = light(1)
    with transaction():
        begun = session.get_one(JournalEntry, taken)
        begun.attempts, begun.tell_at = 1, now() + FIRST_WAIT
    journal.tell(taken)
    journal.tell(light(2))
    assert told == ["first 2", "second 2"]
    clock.move(minutes=1)
    journal.tell_untold()
    assert told[2:] == ["second 1", "first 1"], "but not if they died over it"


def test_an_entry_that_nobody_can_read_any_more_holds_up_no_other(
    app: Flask, clock: Clock, work: Work
) -> None:
    with transaction():
        old, new = record(LampLit(1)), record(LampLit(2))
        old.event = "LampOfAnEarlierVersion"
        session.flush()
        old_id, new_id = old.id, new.id
    clock.move(minutes=1)
    work.tick(failing=True)
    assert told == ["first 2", "second 2"]
    old, new = session.get_one(JournalEntry, old_id), session.get_one(JournalEntry, new_id)
    assert old.parked_at is not None
    assert old.tell_at is None
    assert new.tell_at is None
