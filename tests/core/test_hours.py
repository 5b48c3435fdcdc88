"""Business hours: every answer is compared with the clock on the wall, read minute by minute."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpdesk.core.hours import ALWAYS, EPOCH, Block, Hours, Meter, overlapping

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
OFFICE = tuple(
    Block(day, *span) for day in range(5) for span in ((9 * 60, 12 * 60), (13 * 60, 17 * 60))
)
# Whole and half hours, both hemispheres, midnight changes, changes one minute after midnight, a
# winter time that is the exception, a date that never was, and no change at all.
ZONES = (
    "Europe/Berlin",
    "America/New_York",
    "Australia/Lord_Howe",
    "America/Sao_Paulo",
    "America/St_Johns",
    "America/Havana",
    "Africa/Casablanca",
    "Europe/Dublin",
    "Pacific/Apia",
    "Asia/Kolkata",
    "UTC",
)
# Nights on which the clocks of one of them changed, a leap day, the turn of a year.
NIGHTS = (
    datetime(2026, 3, 29, tzinfo=UTC),
    datetime(2026, 10, 25, tzinfo=UTC),
    datetime(2026, 3, 8, 5, tzinfo=UTC),
    datetime(2026, 11, 1, 4, tzinfo=UTC),
    datetime(2026, 4, 4, 14, tzinfo=UTC),
    datetime(2018, 11, 4, 2, tzinfo=UTC),
    datetime(2011, 11, 6, 2, tzinfo=UTC),
    datetime(2011, 12, 30, 9, tzinfo=UTC),
    datetime(2026, 2, 15, 1, tzinfo=UTC),
    datetime(2024, 2, 29, tzinfo=UTC),
    datetime(2025, 12, 31, 20, tzinfo=UTC),
)


def shown_open(hours: Hours, at: datetime) -> bool:
    """What the clock on the wall says."""
    wall = at.astimezone(ZoneInfo(hours.zone))
    minute = wall.hour * 60 + wall.minute
    inside = any(b.day == wall.weekday() and b.start <= minute < b.end for b in hours.week)
    return inside and wall.date() not in hours.holidays


def minutes_open(hours: Hours, start: datetime, end: datetime) -> timedelta:
    """The slow way; both ends on whole minutes."""
    count = (end - start) // MINUTE
    return MINUTE * sum(shown_open(hours, start + MINUTE * n) for n in range(count))


@st.composite
def weeks(draw: st.DrawFn) -> tuple[Block, ...]:
    """Up to three blocks a day, on minutes, some over half the night, some touching."""
    blocks = []
    for day in range(7):
        cuts = draw(st.lists(st.integers(0, 1440), max_size=6, unique=True))
        cuts = sorted(cuts)[: len(cuts) // 2 * 2]
        blocks += [Block(day, a, b) for a, b in zip(cuts[::2], cuts[1::2], strict=True)]
    return tuple(blocks)


near_a_change = st.builds(
    lambda night, minutes: night + MINUTE * minutes,
    st.sampled_from(NIGHTS),
    st.integers(-3000, 3000),
)
all_hours = st.builds(
    Hours,
    st.sampled_from(ZONES),
    weeks(),
    st.frozensets(st.sampled_from([n.date() + DAY * d for n in NIGHTS for d in (-1, 0, 1)])),
)


@settings(max_examples=30, deadline=None)
@given(hours=all_hours, start=near_a_change, length=st.integers(0, 2880))
def test_between_agrees_with_the_clock_on_the_wall(
    hours: Hours, start: datetime, length: int
) -> None:
    end = start + MINUTE * length
    assert hours.between(start, end) == minutes_open(hours, start, end)


@settings(max_examples=60, deadline=None)
@given(hours=all_hours, start=near_a_change, lengths=st.lists(st.integers(0, 10**8), min_size=2))
def test_a_meter_agrees_with_between(hours: Hours, start: datetime, lengths: list[int]) -> None:
    meter, begin = Meter(hours), (start - EPOCH) // timedelta(seconds=1)
    for length in lengths:
        expected = hours.between(start, start + timedelta(seconds=length))
        assert meter.between(begin, begin + length) == expected.total_seconds()
    assert meter.between(begin, begin - 1) == 0


@settings(max_examples=60, deadline=None)
@given(hours=all_hours, at=near_a_change)
def test_is_open_agrees_with_the_clock_on_the_wall(hours: Hours, at: datetime) -> None:
    assert hours.is_open(at) == shown_open(hours, at)


@settings(max_examples=60, deadline=None)
@given(
    hours=all_hours,
    start=near_a_change,
    micros=st.integers(0, 59_999_999),
    span=st.timedeltas(timedelta(0), timedelta(days=30)),
)
def test_between_is_the_inverse_of_add(
    hours: Hours, start: datetime, micros: int, span: timedelta
) -> None:
    start += timedelta(microseconds=micros)
    due = hours.add(start, span)
    if due is None:
        assert sum(b.end - b.start for b in hours.week) < 60
        return
    assert hours.between(start, due) == span
    if span:
        assert hours.between(start, due - timedelta(microseconds=1)) < span, "not the first such"


@settings(max_examples=30, deadline=None)
@given(hours=all_hours, moments=st.lists(near_a_change, min_size=3, max_size=3))
def test_spans_add_up(hours: Hours, moments: list[datetime]) -> None:
    first, second, third = sorted(moments)
    parts = hours.between(first, second) + hours.between(second, third)
    assert parts == hours.between(first, third)


def berlin(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=ZoneInfo("Europe/Berlin"))  # type: ignore[arg-type,misc]  # year, month, day, hour, minute


OFFICE_IN_BERLIN = Hours("Europe/Berlin", OFFICE)


@pytest.mark.parametrize(
    ("start", "hours", "due"),
    [
        (berlin(2026, 11, 23, 9), 4, berlin(2026, 11, 23, 14)),  # over lunch
        (berlin(2026, 11, 23, 11, 59), 0, berlin(2026, 11, 23, 11, 59)),
        (berlin(2026, 11, 27, 16), 2, berlin(2026, 11, 30, 10)),  # over the weekend
        (berlin(2026, 11, 23, 13), 4, berlin(2026, 11, 23, 17)),  # not the next morning
        (berlin(2026, 11, 22, 3), 1, berlin(2026, 11, 23, 10)),  # asked on Sunday night
        (berlin(2026, 3, 27, 16), 2, berlin(2026, 3, 30, 10)),  # clocks went forward between
        (berlin(2024, 2, 28, 16), 2, berlin(2024, 2, 29, 10)),  # a leap day is a day
        (berlin(2026, 12, 31, 16), 2, berlin(2027, 1, 1, 10)),  # the turn of the year
    ],
)
def test_add_finds_the_moment(start: datetime, hours: int, due: datetime) -> None:
    assert OFFICE_IN_BERLIN.add(start, HOUR * hours) == due


def test_a_holiday_is_passed_over_even_at_the_edges_of_the_year() -> None:
    closed = Hours("Europe/Berlin", OFFICE, frozenset({date(2026, 12, 31), date(2027, 1, 1)}))
    assert closed.add(berlin(2026, 12, 30, 16), 2 * HOUR) == berlin(2027, 1, 4, 10)
    assert closed.between(berlin(2026, 12, 31, 0), berlin(2027, 1, 2, 0)) == timedelta(0)


def test_a_night_shift_is_an_hour_short_or_long_when_clocks_change() -> None:
    night = Hours("Europe/Berlin", tuple(Block(day, 0, 6 * 60) for day in range(7)))
    spring = night.between(berlin(2026, 3, 29), berlin(2026, 3, 30))
    autumn = night.between(berlin(2026, 10, 25), berlin(2026, 10, 26))
    assert (spring, autumn) == (5 * HOUR, 7 * HOUR)


def test_a_block_that_begins_in_the_missing_hour_begins_when_it_is_over() -> None:
    hours = Hours("Europe/Berlin", (Block(6, 150, 300),))  # Sundays, 2:30 to 5:00
    assert hours.between(berlin(2026, 3, 29), berlin(2026, 3, 30)) == 2 * HOUR


def test_calendar_time_is_plain_time() -> None:
    start = berlin(2026, 3, 28, 12)
    assert ALWAYS.add(start, DAY) == start + DAY
    assert ALWAYS.between(start, start + 400 * DAY) == 400 * DAY


def test_hours_that_are_never_open_reach_nothing() -> None:
    assert Hours("UTC", ()).add(berlin(2026, 1, 1), HOUR) is None
    assert Hours("UTC", ()).between(berlin(2026, 1, 1), berlin(2030, 1, 1)) == timedelta(0)
    assert Hours("UTC", (Block(0, 0, 1),)).add(berlin(2026, 1, 1), 1000 * DAY) is None


def test_what_ends_before_it_begins_is_nothing() -> None:
    assert OFFICE_IN_BERLIN.between(berlin(2026, 3, 3), berlin(2026, 3, 2)) == timedelta(0)


def test_overlapping_blocks_are_found() -> None:
    assert overlapping(OFFICE) is None
    assert overlapping([Block(0, 540, 720), Block(0, 720, 800)]) is None
    assert overlapping([Block(1, 700, 800), Block(1, 540, 701)]) is not None
