"""Business hours: when people work, and how much of that lies between two moments.

A moment belongs to the hours when the clock on the wall there and then shows a time inside one of
the blocks of that weekday, and the date is not a holiday. Everything else follows from this one
rule: on the night when clocks go forward an hour is missing from the block, on the night when they
go back the repeated hour counts twice, and where a zone skipped a whole date there is none.

No minutes are counted one by one: the open spans of a year are worked out once, with running sums,
and both questions are answered by bisection.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cached_property, lru_cache
from itertools import pairwise
from typing import NamedTuple
from zlib import crc32
from zoneinfo import ZoneInfo

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
STEP = timedelta(microseconds=1)
SECOND = 1_000_000
MINUTE = 60 * SECOND
DAY = 24 * 60 * MINUTE
DAY_MINUTES = 24 * 60
HORIZON = 20
"""Years after which `add` gives up: such hours are open for minutes a year."""
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


class Block(NamedTuple):
    """Open on that weekday (0 is Monday) from `start` up to `end`, in minutes of the wall clock
    since midnight; `end` may be 1440."""

    day: int
    start: int
    end: int


@dataclass(frozen=True)
class Hours:
    """The blocks of a week in an IANA time zone, and the dates on which nobody works."""

    zone: str
    week: tuple[Block, ...]
    holidays: frozenset[date] = field(default=frozenset())

    @cached_property
    def never_close(self) -> bool:
        """Whether this is calendar time."""
        return not self.holidays and sum(b.end - b.start for b in self.week) == 7 * DAY_MINUTES

    def is_open(self, at: datetime) -> bool:
        """Whether `at` lies inside the hours."""
        moment = _ticks(at)
        opened, closed, _ = _year(self, at.astimezone(UTC).year)
        place = bisect_right(opened, moment) - 1
        return place >= 0 and moment < closed[place]

    def between(self, start: datetime, end: datetime) -> timedelta:
        """Business time from `start` to `end`, to the microsecond; none when it ends first."""
        if end <= start:
            return timedelta(0)
        if self.never_close:
            return end - start
        first, last = start.astimezone(UTC).year, end.astimezone(UTC).year
        total = sum(_total(self, year) for year in range(first, last))
        return STEP * (total + self._worked(end) - self._worked(start))

    def add(self, start: datetime, span: timedelta) -> datetime | None:
        """The first moment by which `span` of business time has passed since `start`, so that
        `between(start, add(start, span)) == span`.

        None when that takes more than HORIZON years, as with hours that are never open.
        """
        if span <= timedelta(0):
            return start
        if self.never_close:
            return start + span
        first = start.astimezone(UTC).year
        left = span // STEP + self._worked(start)
        for year in range(first, first + HORIZON if self.week else first):
            total = _total(self, year)
            if left <= total:
                return self._moment(year, left)
            left -= total
        return None

    def _worked(self, at: datetime) -> int:
        """Business time in the year of `at` (UTC) before it."""
        moment = _ticks(at)
        opened, closed, before = _year(self, at.astimezone(UTC).year)
        place = bisect_right(opened, moment) - 1
        return before[place] + min(moment, closed[place]) - opened[place] if place >= 0 else 0

    def _moment(self, year: int, worked: int) -> datetime:
        """When so much of that year was worked; at the end of a span rather than at the start of
        the next one."""
        opened, _, before = _year(self, year)
        place = bisect_left(before, worked) - 1
        return EPOCH + STEP * (opened[place] + worked - before[place])


class Meter:
    """`Hours.between` for very many waits, in whole seconds since 1970: each year is laid out once,
    and a wait costs two bisections."""

    def __init__(self, hours: Hours) -> None:
        self._hours = hours
        self._years = range(0)
        self._begin = self._end = 0
        self._opened: list[int] = []
        self._closed: list[int] = []
        self._before: list[int] = []

    def between(self, start: int, end: int) -> int:
        """Business seconds from `start` to `end`; none when it ends first."""
        if end <= start:
            return 0
        if self._hours.never_close:
            return end - start
        if not (self._begin <= start and end < self._end):
            self._reach(start)
            self._reach(end)
        return self._worked(end) - self._worked(start)

    def _worked(self, second: int) -> int:
        place = bisect_right(self._opened, second) - 1
        if place < 0:
            return 0
        return self._before[place] + min(second, self._closed[place]) - self._opened[place]

    def _reach(self, second: int) -> None:
        """Lay out the years up to that of `second`, too."""
        year = (EPOCH + timedelta(seconds=second)).year
        known = self._years or range(year, year)
        self._years = range(min(known.start, year), max(known.stop, year + 1))
        if self._years == known:
            return
        self._begin, self._end = (
            _ticks(datetime(edge, 1, 1, tzinfo=UTC)) // SECOND
            for edge in (self._years.start, self._years.stop)
        )
        self._opened, self._closed, self._before = [], [], []
        worked = 0
        for each in self._years:
            opened, closed, _ = _year(self._hours, each)
            for first, last in zip(opened, closed, strict=True):
                self._opened.append(first // SECOND)
                self._closed.append(last // SECOND)
                self._before.append(worked)
                worked += (last - first) // SECOND


ALWAYS = Hours("UTC", tuple(Block(day, 0, DAY_MINUTES) for day in range(7)))
"""Calendar time."""


def overlapping(week: Iterable[Block]) -> tuple[Block, Block] | None:
    """The first two blocks that share time, or None."""
    in_order = sorted(week)
    for one, next_one in pairwise(in_order):
        if one.day == next_one.day and next_one.start < one.end:
            return one, next_one
    return None


def fingerprint(zone: str, year: int) -> str:
    """A text that changes when the rules of a zone do, as far as that year and the two after it:
    countries change their clocks, and due times must be counted anew."""
    stretches = [_stretches(ZoneInfo(zone), year + more) for more in range(3)]
    return f"{year} {crc32(repr([list(one) for one in stretches]).encode()):08x}"


class _Year(NamedTuple):
    """The open spans of one year (UTC) in order, in microseconds since 1970, and beside each how
    much was open before it in that year."""

    opened: list[int]
    closed: list[int]
    before: list[int]


def _ticks(at: datetime) -> int:
    return (at - EPOCH) // STEP


def _total(hours: Hours, year: int) -> int:
    opened, closed, before = _year(hours, year)
    return before[-1] + closed[-1] - opened[-1] if before else 0


@lru_cache(maxsize=512)
def _year(hours: Hours, year: int) -> _Year:
    spans = sorted(_spans(hours, year))
    found = _Year([], [], [])
    worked = 0
    for start, end in spans:
        if found.closed and found.closed[-1] == start:
            found.closed[-1] = end
        else:
            found.opened.append(start)
            found.closed.append(end)
            found.before.append(worked)
        worked += end - start
    return found


def _spans(hours: Hours, year: int) -> Iterator[tuple[int, int]]:
    """What is open within each stretch of the year that has one offset from UTC."""
    by_day: list[list[Block]] = [[b for b in hours.week if b.day == day] for day in range(7)]
    for begin, until, offset in _stretches(ZoneInfo(hours.zone), year):
        for day in range((begin + offset) // DAY, (until + offset) // DAY + 1):
            today = date.fromordinal(EPOCH.toordinal() + day)
            if today in hours.holidays:
                continue
            for block in by_day[today.weekday()]:
                midnight = day * DAY - offset
                start = max(begin, midnight + block.start * MINUTE)
                end = min(until, midnight + block.end * MINUTE)
                if start < end:
                    yield start, end


def _stretches(zone: ZoneInfo, year: int) -> Iterator[tuple[int, int, int]]:
    """Start, end and offset of each stretch of the year between two changes of the clocks."""
    begin, end = (
        _ticks(datetime(year, 1, 1, tzinfo=UTC)),
        _ticks(datetime(year + 1, 1, 1, tzinfo=UTC)),
    )
    start, offset = begin, _offset(zone, begin)
    for day in range(begin, end, DAY):
        tomorrow = min(day + DAY, end) - 1
        if (later := _offset(zone, tomorrow)) != offset:
            change = _change(zone, max(day - 1, begin), tomorrow, offset)
            yield start, change, offset
            start, offset = change, later
    yield start, end, offset


def _change(zone: ZoneInfo, before: int, after: int, offset: int) -> int:
    """The first second between the two that no longer has that offset."""
    low, high = before // 1_000_000, after // 1_000_000
    while high - low > 1:
        middle = (low + high) // 2
        if _offset(zone, middle * 1_000_000) == offset:
            low = middle
        else:
            high = middle
    return high * 1_000_000


def _offset(zone: ZoneInfo, ticks: int) -> int:
    offset = (EPOCH + STEP * ticks).astimezone(zone).utcoffset() or timedelta(0)
    return offset // STEP
