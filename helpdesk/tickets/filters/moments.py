"""Days and spans in filters: 2026-01-31, 2026-01, today, 7d, 2026-01-01..2026-02-01.

A length of time such as 7d or 12h is the moment so long ago: `created>7d` is what came since then.
"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo

_AGO = re.compile(r"(\d{1,4})(mo|[mhdwy])")
_SPANS = {
    "m": timedelta(minutes=1),
    "h": timedelta(hours=1),
    "d": timedelta(days=1),
    "w": timedelta(weeks=1),
    "mo": timedelta(days=30),
    "y": timedelta(days=365),
}
_MONTH = re.compile(r"(\d{4})-(\d{2})")
_YEAR = re.compile(r"\d{4}")
WORDS = ("today", "yesterday", "this-week", "last-week", "this-month", "last-month")
_DAY = timedelta(days=1)
# Databases and time zones have room to move at both ends of all time.
_FIRST, _LAST = datetime(1, 1, 2, tzinfo=UTC), datetime(9999, 12, 30, tzinfo=UTC)


@dataclass(frozen=True)
class Span:
    """From the first moment to before the last one."""

    first: datetime
    end: datetime


def checked(text: str) -> str:
    """A moment or range as it is written in filters. Raises ValueError for what is none."""
    first, dots, last = text.lower().replace("_", "-").partition("..")
    parts = [part for part in (first, last) if part]
    if not parts or (dots and len(parts) == 2 and ".." in last):
        raise ValueError(f"“{text}” is not a range of days.")
    for part in parts:
        _check(part)
    begins, ends = _days_of(first), _days_of(last)
    if begins and ends and begins[0] >= ends[1]:
        raise ValueError(f"“{text}” ends before it begins. Write the earlier day first.")
    return f"{first}{dots}{last}"


def _check(text: str) -> None:
    if text in WORDS or _AGO.fullmatch(text):
        return
    if _days_of(text) is None:
        raise ValueError(
            f"“{text}” is not a day. Write 2026-01-31, 2026-01, today, or 7d for seven days ago."
        )


def is_relative(text: str) -> bool:
    """Whether it means another time tomorrow."""
    return any(part in WORDS or bool(_AGO.fullmatch(part)) for part in text.split(".."))


def span(text: str, at: datetime, zone: tzinfo) -> Span:
    """The time that a checked text means at the moment `at`, its days those of `zone`."""
    first, dots, last = text.partition("..")
    if not dots:
        return (
            Span(edges(first, at, zone).first, _LAST)
            if _AGO.fullmatch(first)
            else (edges(first, at, zone))
        )
    return Span(
        edges(first, at, zone).first if first else _FIRST,
        edges(last, at, zone).end if last else _LAST,
    )


def edges(text: str, at: datetime, zone: tzinfo) -> Span:
    """Where the days of a text that is no range begin and end; a length of time is one moment."""
    if ago := _AGO.fullmatch(text):
        moment = _ago(int(ago[1]), ago[2], at)
        return Span(moment, moment)
    today = at.astimezone(zone).date()
    days = _named(text, today) or _days_of(text)
    if days is None:
        raise ValueError(f"“{text}” was not checked.")
    return Span(_midnight(days[0], zone), _midnight(days[1], zone))


def _ago(number: int, unit: str, at: datetime) -> datetime:
    try:
        return max(at - number * _SPANS[unit], _FIRST)
    except OverflowError:
        return _FIRST


def _named(text: str, today: date) -> tuple[date, date] | None:
    """First day, and the day behind the last one."""
    monday = today - _DAY * today.weekday()
    month = today.replace(day=1)
    last_month = (month - _DAY).replace(day=1)
    return {
        "today": (today, today + _DAY),
        "yesterday": (today - _DAY, today),
        "this-week": (monday, monday + 7 * _DAY),
        "last-week": (monday - 7 * _DAY, monday),
        "this-month": (month, _next_month(month)),
        "last-month": (last_month, month),
    }.get(text)


def _days_of(text: str) -> tuple[date, date] | None:
    try:
        if _YEAR.fullmatch(text):
            return date(int(text), 1, 1), date(int(text) + 1, 1, 1)
        if found := _MONTH.fullmatch(text):
            first = date(int(found[1]), int(found[2]), 1)
            return first, _next_month(first)
        day = date.fromisoformat(text) if len(text) == 10 else None
        return (day, day + _DAY) if day else None
    except (ValueError, OverflowError):
        return None


def _next_month(first: date) -> date:
    return (first + 31 * _DAY).replace(day=1)


def _midnight(day: date, zone: tzinfo) -> datetime:
    moment = datetime(day.year, day.month, day.day, tzinfo=zone)
    try:
        return min(max(moment.astimezone(UTC), _FIRST), _LAST)
    except (OverflowError, ValueError):
        return _FIRST if day.year < 5000 else _LAST
