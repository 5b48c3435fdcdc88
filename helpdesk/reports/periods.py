"""Periods of days in the company's time zone, each with the one it is compared with."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from helpdesk.core.errors import Invalid
from helpdesk.ui.times import MONTHS

FIRST_DAY = date(2000, 1, 1)
LONGEST_DAYS = 3660
DAYS_30 = 30
_DAY = timedelta(days=1)


class PeriodKind(StrEnum):
    DAYS = "30days"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"
    CUSTOM = "custom"


_MONTHS_IN = {PeriodKind.MONTH: 1, PeriodKind.QUARTER: 3, PeriodKind.YEAR: 12}
_AGAINST = {
    PeriodKind.DAYS: "the 30 days before",
    PeriodKind.WEEK: "the week before",
    PeriodKind.MONTH: "the month before",
    PeriodKind.QUARTER: "the quarter before",
    PeriodKind.YEAR: "the year before",
}


@dataclass(frozen=True)
class Span:
    """Whole days, first to last, both included, in a time zone."""

    first: date
    last: date
    zone: ZoneInfo

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    @property
    def start(self) -> datetime:
        """The first moment of it, in UTC."""
        return _midnight(self.first, self.zone)

    @property
    def end(self) -> datetime:
        """The first moment after it, in UTC."""
        return _midnight(self.last + _DAY, self.zone)

    @property
    def dates(self) -> str:
        """``16–22 Nov 2026``: first and last day, each part as short as can be."""
        return _dates(self.first, self.last)


@dataclass(frozen=True)
class Period(Span):
    """A span that somebody chose; `today` tells whether it is over."""

    kind: PeriodKind
    today: date

    @property
    def is_over(self) -> bool:
        return self.last < self.today

    @property
    def title(self) -> str:
        """``Week 47``, ``November 2026``, ``Last 30 days``."""
        match self.kind:
            case PeriodKind.DAYS:
                return "Last 30 days"
            case PeriodKind.WEEK:
                return f"Week {self.first.isocalendar().week}"
            case PeriodKind.MONTH:
                return f"{self.first:%B %Y}"
            case PeriodKind.QUARTER:
                return f"Quarter {(self.first.month + 2) // 3}, {self.first.year}"
            case PeriodKind.YEAR:
                return str(self.first.year)
        return self.dates

    @property
    def note(self) -> str:
        """The dates, and what it is compared with."""
        named = self.kind in (PeriodKind.CUSTOM, PeriodKind.YEAR)
        so_far = "" if self.is_over else "including today"
        return ", ".join(filter(None, ("" if named else self.dates, so_far, self.against)))

    @property
    def against(self) -> str:
        """``against the week before``."""
        if self.kind is PeriodKind.CUSTOM:
            return f"against {self.before.dates}"
        same = "the same days of " if not self.is_over and self.kind is not PeriodKind.DAYS else ""
        return f"against {same}{_AGAINST[self.kind]}"

    @property
    def elapsed(self) -> Span:
        """What of it has begun: a week of which two days are to come is five days."""
        return Span(self.first, max(self.first, min(self.last, self.today)), self.zone)

    @property
    def before(self) -> Span:
        """What it is compared with; of a period that is not over, as many days as have begun."""
        earlier = self._moved(-1)
        if self.is_over or self.kind is PeriodKind.DAYS:
            return Span(earlier.first, earlier.last, self.zone)
        last = earlier.first + timedelta(days=self.elapsed.days - 1)
        return Span(earlier.first, min(last, earlier.last), self.zone)

    @property
    def earlier(self) -> Period | None:
        """The period before, as one that can be chosen."""
        moved = self._moved(-1)
        return moved if moved.first >= FIRST_DAY else None

    @property
    def later(self) -> Period | None:
        """The period after; None where it has not begun."""
        moved = self._moved(1)
        return moved if moved.first <= self.today and self.last < self.today else None

    def during(self, span: Span) -> Period:
        """These very days, as a period that can stand in an address."""
        return Period(span.first, span.last, self.zone, PeriodKind.CUSTOM, self.today)

    def parts(self) -> dict[str, str]:
        """What stands in the address."""
        if self.kind is PeriodKind.CUSTOM:
            return {"period": "custom", "from": str(self.first), "to": str(self.last)}
        if self.kind is PeriodKind.DAYS:
            return {"period": self.kind.value}
        return {"period": self.kind.value, "on": str(self.first)}

    def _moved(self, steps: int) -> Period:
        if self.kind in _MONTHS_IN:
            count = _MONTHS_IN[self.kind]
            first = _month_after(self.first, count * steps)
            return replace(self, first=first, last=_month_after(first, count) - _DAY)
        by = timedelta(days=self.days * steps)
        kind = PeriodKind.WEEK if self.kind is PeriodKind.WEEK else PeriodKind.CUSTOM
        return replace(self, first=self.first + by, last=self.last + by, kind=kind)


def period_from(address: Mapping[str, str], today: date, zone: ZoneInfo) -> Period:
    """The period that an address names: `period`, with `on` (a day in it; without, the last that
    is over) or with `from` and `to`.

    Raises Invalid in words for what is no period.
    """
    name = address.get("period", "") or PeriodKind.DAYS.value
    if name not in list(PeriodKind):
        raise Invalid(f"There is no period “{name[:40]}”. Choose a week, month, quarter or year.")
    kind = PeriodKind(name)
    if kind is PeriodKind.CUSTOM:
        return _custom(_day(address, "from"), _day(address, "to"), today, zone)
    if kind is PeriodKind.DAYS:
        return Period(today - timedelta(days=DAYS_30 - 1), today, zone, kind, today)
    if address.get("on"):
        return period_around(_day(address, "on"), kind, today, zone)
    return period_around(today, kind, today, zone)._moved(-1)


def period_around(day: date, kind: PeriodKind, today: date, zone: ZoneInfo) -> Period:
    """The week, month, quarter or year that holds the day."""
    if kind is PeriodKind.WEEK:
        first = day - timedelta(days=day.weekday())
        return Period(first, first + timedelta(days=6), zone, kind, today)
    count = _MONTHS_IN[kind]
    first = date(day.year, (day.month - 1) // count * count + 1, 1)
    return Period(first, _month_after(first, count) - _DAY, zone, kind, today)


def trend(period: Period) -> tuple[Span, ...]:
    """The spans of a chart over time: the weeks of the period, twelve at least, up to the one
    that has begun; months when it is longer than half a year."""
    last = min(period.last, period.today)
    if period.days > 26 * 7:
        return tuple(_months(period.first, last, period.zone))
    until = last - timedelta(days=last.weekday())
    first = min(period.first - timedelta(days=period.first.weekday()), until - 11 * 7 * _DAY)
    weeks = range((until - first).days // 7 + 1)
    return tuple(week_of(first + timedelta(days=7 * week), period.zone) for week in weeks)


def months_of(period: Period, least: int = 6) -> tuple[Span, ...]:
    """The calendar months of the period, `least` at least, up to the one that has begun."""
    last = min(period.last, period.today)
    first = min(period.first, _month_after(last.replace(day=1), 1 - least))
    return tuple(_months(first, last, period.zone))


def week_of(monday: date, zone: ZoneInfo) -> Span:
    """The week that begins on this Monday."""
    return Span(monday, monday + timedelta(days=6), zone)


def label_of(span: Span) -> str:
    """``W47`` for a week, ``Nov 2026`` for a month."""
    if span.days == 7:
        return f"W{span.first.isocalendar().week}"
    return f"{MONTHS[span.first.month - 1]} {span.first.year}"


def name_of(span: Span, today: date) -> str:
    """``W47, 16–22 Nov 2026``, for the lines of a table; says where it is not over."""
    name = f"{label_of(span)}, {span.dates}" if span.days == 7 else label_of(span)
    return name if span.last < today else f"{name}, so far"


def _months(first: date, last: date, zone: ZoneInfo) -> Iterator[Span]:
    month = first.replace(day=1)
    while month <= last:
        following = _month_after(month, 1)
        yield Span(month, following - _DAY, zone)
        month = following


def _custom(first: date, last: date, today: date, zone: ZoneInfo) -> Period:
    if last < first:
        raise Invalid(f"The period ends on {last} before it begins on {first}.")
    if (last - first).days > LONGEST_DAYS:
        raise Invalid("A period can be ten years long.")
    return Period(first, last, zone, PeriodKind.CUSTOM, today)


def _day(address: Mapping[str, str], name: str) -> date:
    text = address.get(name, "")
    try:
        found = date.fromisoformat(text)
    except ValueError as error:
        words = f"“{text[:40]}” is no day." if text else f"The period has no “{name}”."
        raise Invalid(f"{words} Write it like 2026-11-16.") from error
    if not FIRST_DAY <= found <= date(2100, 1, 1):
        raise Invalid(f"{found} is too far away.")
    return found


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone).astimezone(UTC)


def _month_after(month: date, count: int) -> date:
    number = month.year * 12 + month.month - 1 + count
    return date(number // 12, number % 12 + 1, 1)


def _dates(first: date, last: date) -> str:
    end = f"{last.day} {MONTHS[last.month - 1]} {last.year}"
    if first == last:
        return end
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}–{end}"
    begin = f"{first.day} {MONTHS[first.month - 1]}"
    return f"{begin}{'' if first.year == last.year else f' {first.year}'} – {end}"
