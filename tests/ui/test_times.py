"""Times are told the way people tell them, in the reader's own time zone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from flask import g

from helpdesk.ui import times

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)  # a Friday
pytestmark = pytest.mark.usefixtures("reading")


@pytest.fixture(autouse=True)
def _noon() -> Iterator[None]:
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.mark.parametrize(
    ("before", "text"),
    [
        (timedelta(seconds=20), "just now"),
        (timedelta(minutes=35), "35 min ago"),
        (timedelta(hours=4, minutes=50), "4 h ago"),
        (timedelta(days=13), "13 d ago"),
        (timedelta(days=23), "3 wk ago"),
        (timedelta(minutes=-38), "in 38 min"),
        (timedelta(days=-2), "in 2 d"),
    ],
)
def test_how_long_ago(before: timedelta, text: str) -> None:
    assert f">{text}</time>" in times.ago(NOON - before)


@pytest.mark.parametrize(
    ("before", "text"),
    [
        (timedelta(seconds=20), "now"),
        (timedelta(minutes=35), "35 m"),
        (timedelta(hours=4), "4 h"),
        (timedelta(days=1), "1 d"),
        (timedelta(weeks=3), "3 w"),
    ],
)
def test_ages_are_short(before: timedelta, text: str) -> None:
    assert f">{text}</time>" in times.age(NOON - before)


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (38 * 60 + 59, "38 min"),
        (0, "0 min"),
        (5 * 3600, "5 h"),
        (3 * 86400, "3 d"),
        (-23 * 60, "23 min over"),
        (-20 * 86400, "2 wk over"),
    ],
)
def test_how_long_is_left(seconds: int, text: str) -> None:
    due = NOON + timedelta(seconds=seconds)
    assert f" data-left>{text}</time>" in times.left(due)
    assert times.lefts()(due) == times.left(due)


def test_the_exact_time_is_in_the_element() -> None:
    element = times.ago(NOON - timedelta(hours=4))
    assert 'datetime="2026-11-20T08:00:00Z"' in element
    assert 'title="Fri 20 Nov 2026, 08:00"' in element


@pytest.mark.parametrize(
    ("moment", "text"),
    [
        (datetime(2026, 11, 20, 9, 17, tzinfo=UTC), "today, 09:17"),
        (datetime(2026, 11, 19, 14, 2, tzinfo=UTC), "yesterday, 14:02"),
        (datetime(2026, 11, 21, 8, 0, tzinfo=UTC), "tomorrow, 08:00"),
        (datetime(2026, 11, 24, 15, 0, tzinfo=UTC), "Tue 15:00"),
        (datetime(2026, 11, 1, 9, 12, tzinfo=UTC), "1 Nov, 09:12"),
        (datetime(2025, 11, 1, 9, 12, tzinfo=UTC), "1 Nov 2025"),
    ],
)
def test_when_something_was_or_will_be(moment: datetime, text: str) -> None:
    assert f">{text}</time>" in times.when(moment)


def test_times_are_those_of_the_reader() -> None:
    g.zone = times._zone_named("Pacific/Auckland")
    assert ">today, 22:30</time>" not in times.when(NOON)
    assert ">tomorrow, 01:00</time>" not in times.when(NOON)
    assert ">today, 01:00</time>" in times.when(NOON)


def test_an_unknown_zone_is_read_as_utc() -> None:
    assert times._zone_named("Mars/Olympus") is UTC


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(20, "0 min"), (1380, "23 min"), (6720, "1 h 52"), (7200, "2 h"), (187_200, "2 d 4 h")],
)
def test_durations(seconds: int, text: str) -> None:
    assert times.duration(seconds) == text


def test_nothing_is_told_of_no_time() -> None:
    assert times.ago(None) == times.when(None) == times.day(None) == ""
    assert times.duration(None) == "–"


def test_days_name_their_year_only_when_it_is_another() -> None:
    assert times.day(date(2026, 1, 12)) == "12 Jan"
    assert times.day(date(2025, 1, 12)) == "12 Jan 2025"
