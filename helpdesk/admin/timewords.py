"""How administrators write hours, days and lengths of time, and how these are shown again."""

import re
from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from helpdesk.core.errors import Invalid
from helpdesk.core.hours import DAYS, Block, overlapping
from helpdesk.tickets.hours import Holiday

_TIME = r"(\d{1,2})(?::([0-5]\d))?"
_BLOCK = re.compile(rf"{_TIME}\s*(?:-|–|—|to)\s*{_TIME}")
_SPAN = re.compile(r"(?:(\d+)\s*(?:h|hours?))?\s*(?:(\d+)\s*(?:m|min|minutes?)?)?")
_MOST_DAYS = 400


def blocks_of(day: int, text: str) -> list[Block]:
    """The blocks of one day out of `9:00–12:00, 13:00–17:00`; none out of nothing.

    Raises Invalid for what is no block, ends before it begins, or overlaps another.
    """
    blocks = [_block(day, part.strip()) for part in re.split(r"[,;]", text) if part.strip()]
    if both := overlapping(blocks):
        one, other = (times([block]) for block in both)
        raise Invalid(f"{DAYS[day]}: {one} and {other} overlap. Make one block of them.")
    return blocks


def _block(day: int, text: str) -> Block:
    found = _BLOCK.fullmatch(text)
    if found is None:
        raise Invalid(f"{DAYS[day]}: “{text}” is no block of hours. Write 9:00–12:00, 13:00–17:00.")
    start = int(found[1]) * 60 + int(found[2] or 0)
    end = int(found[3]) * 60 + int(found[4] or 0)
    if max(start, end) > 24 * 60:
        raise Invalid(f"{DAYS[day]}: “{text}” goes beyond 24:00.")
    if end <= start:
        tomorrow = DAYS[(day + 1) % 7]
        raise Invalid(
            f"{DAYS[day]}: “{text}” ends before it begins. For a night write {_time(start)}–24:00"
            f" here, and 0:00–{_time(end)} on {tomorrow}."
        )
    return Block(day, start, end)


def times(blocks: Iterable[Block]) -> str:
    """``9:00–12:00, 13:00–17:00``."""
    return ", ".join(f"{_time(block.start)}–{_time(block.end)}" for block in blocks)


def _time(minutes: int) -> str:
    return f"{minutes // 60}:{minutes % 60:02}"


def span_of(text: str) -> timedelta | None:
    """A length of time out of `4 h`, `30 min`, `1 h 30` or `90` (minutes); None out of nothing.

    Raises Invalid for anything else.
    """
    text = text.strip().lower()
    if not text:
        return None
    found = _SPAN.fullmatch(text)
    if found is None or len(text) > 20:
        raise Invalid(f"“{text[:20]}” is no length of time. Write 30 min, 4 h or 1 h 30.")
    length = timedelta(hours=int(found[1] or 0), minutes=int(found[2] or 0))
    if not length:
        raise Invalid("Nobody can do it in no time. Write 30 min, 4 h, or leave it empty.")
    return length


def span(seconds: int | None) -> str:
    """``4 h``, ``30 min``, ``1 h 30 min``; nothing for none."""
    if not seconds:
        return ""
    hours, minutes = divmod(seconds // 60, 60)
    parts = [f"{hours} h"] * (hours > 0) + [f"{minutes} min"] * (minutes > 0)
    return " ".join(parts)


def days_of(text: str) -> tuple[Holiday, ...]:
    """Days off out of lines such as `2026-12-24 Christmas Eve`. Raises Invalid with the line."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if len(lines) > _MOST_DAYS:
        raise Invalid(f"These are {len(lines)} days; {_MOST_DAYS} are possible.")
    return tuple(_day(line) for line in lines)


def _day(line: str) -> Holiday:
    day, _, name = line.partition(" ")
    try:
        return Holiday(date.fromisoformat(day), name.strip()[:100] or "Day off")
    except ValueError as error:
        raise Invalid(
            f"“{line[:40]}” does not begin with a day. Write year, month and day, then what it is:"
            " 2026-12-24 Christmas Eve."
        ) from error


def days(own: Sequence[Sequence[str]]) -> str:
    """The lines again."""
    return "\n".join(f"{day} {name}" for day, name in own)
