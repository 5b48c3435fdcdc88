"""Times in words, in the reader's time zone. The words of ``ago``, ``age`` and ``left`` are also in
``static/js/times.js``, which keeps them true while a page stays open."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from flask import Flask, g, has_request_context
from flask_login import current_user
from markupsafe import Markup

from helpdesk.core.clock import now
from helpdesk.core.settings import settings

MINUTE, HOUR, DAY, WEEK = 60, 3_600, 86_400, 604_800
MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
DAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
# (from this many seconds on, one of these, short word, word)
STEPS = ((WEEK * 2, WEEK, "w", "wk"), (DAY, DAY, "d", "d"), (HOUR, HOUR, "h", "h"))


def init_app(app: Flask) -> None:
    """Give templates the filters about time."""
    for filter_ in (ago, age, left, when, day, clock_time, duration):
        app.jinja_env.filters[filter_.__name__] = filter_


def ago(moment: datetime | None) -> Markup:
    """``4 h ago``, ``in 38 min``, ``just now``; the exact time on hover."""
    return _time(moment, "ago", _ago)


def age(moment: datetime | None) -> Markup:
    """``35 m``, ``4 h``, ``3 w``: the shortest form, for columns. The exact time on hover."""
    return _time(moment, "age", _age)


def ages() -> Callable[[datetime | None], Markup]:
    """`age` for a whole list: clock and time zone are looked at once."""
    at, where = now(), zone()

    def age_of(moment: datetime | None) -> Markup:
        if moment is None:
            return Markup("")
        return _drawn(_exact(moment, where), _age((at - moment).total_seconds()), " data-age")

    return age_of


def left(moment: datetime | None) -> Markup:
    """``38 min``, ``5 h``, ``23 min over``: how long until something is due, or since."""
    return _time(moment, "left", _left)


def lefts() -> Callable[[datetime | None], Markup]:
    """`left` for a whole list."""
    at, where = now(), zone()

    def left_of(moment: datetime | None) -> Markup:
        if moment is None:
            return Markup("")
        return _drawn(_exact(moment, where), _left((at - moment).total_seconds()), " data-left")

    return left_of


def when(moment: datetime | None) -> Markup:
    """``today, 09:17``, ``Mon 11:00`` within a week, ``1 Nov, 09:12``, ``1 Nov 2025``."""
    return Markup("") if moment is None else whens()(moment)


def whens() -> Callable[[datetime], Markup]:
    """`when` for a whole list."""
    where = zone()
    today = now().astimezone(where).date()

    def when_of(moment: datetime) -> Markup:
        return _drawn(_exact(moment, where), _when(moment.astimezone(where), today), "")

    return when_of


def day(moment: datetime | date | None) -> str:
    """``12 Jan``, with the year when it is not this one."""
    return "" if moment is None else days()(moment)


def days() -> Callable[[datetime | date], str]:
    """`day` for a whole list."""
    where = zone()
    this_year = now().astimezone(where).year

    def day_of(moment: datetime | date) -> str:
        if isinstance(moment, datetime):
            moment = moment.astimezone(where).date()
        year = "" if moment.year == this_year else f" {moment.year}"
        return f"{moment.day} {MONTHS[moment.month - 1]}{year}"

    return day_of


def clock_time(moment: datetime | None) -> str:
    """``09:12`` where the reader is."""
    return "" if moment is None else f"{moment.astimezone(zone()):%H:%M}"


def duration(seconds: float | None) -> str:
    """``23 min``, ``1 h 52``, ``2 d 4 h``; an en dash where there is none."""
    if seconds is None:
        return "–"
    minutes = round(abs(seconds) / MINUTE)
    if minutes < 60:
        return f"{minutes} min"
    hours, minutes = divmod(minutes, 60)
    if hours < 24:
        return f"{hours} h {minutes:02}" if minutes else f"{hours} h"
    days, hours = divmod(hours, 24)
    return f"{days} d {hours} h" if hours else f"{days} d"


def zone() -> tzinfo:
    """The time zone of whoever reads the page; the installation's when she chose none."""
    try:
        found: tzinfo = g.zone
    except (AttributeError, RuntimeError):  # not looked for yet, or no application at work
        found = _readers_zone()
    return found


def _readers_zone() -> tzinfo:
    if not has_request_context():
        return UTC
    g.zone = _zone_named(getattr(current_user, "time_zone", None) or settings().time_zone)
    found: tzinfo = g.zone
    return found


def _zone_named(name: str | None) -> tzinfo:
    try:
        return ZoneInfo(name) if name else UTC
    except (ZoneInfoNotFoundError, ValueError):
        return UTC


def _time(moment: datetime | None, kind: str, words: Callable[[float], str]) -> Markup:
    if moment is None:
        return Markup("")
    text = words((now() - moment).total_seconds())
    return _element(moment, text, f" data-{kind}")


def _element(moment: datetime, text: str, mark: str = "") -> Markup:
    return _drawn(_exact(moment, zone()), text, mark)


@lru_cache(maxsize=8192)
def _drawn(exact: str, text: str, mark: str) -> Markup:
    # Every part is made of digits and of words of this file: nothing here needs escaping.
    return Markup(f"<time {exact}{mark}>{text}</time>")  # noqa: S704


# A list draws fifty of these, and most of them stood there when somebody last looked.
@lru_cache(maxsize=8192)
def _exact(moment: datetime, where: tzinfo) -> str:
    stamp = moment.astimezone(UTC).isoformat(timespec="seconds")[:19] + "Z"
    local = moment.astimezone(where)
    date_ = f"{DAYS[local.weekday()]} {local.day} {MONTHS[local.month - 1]} {local.year}"
    return f'datetime="{stamp}" title="{date_}, {local.hour:02}:{local.minute:02}"'


def _when(local: datetime, today: date) -> str:
    days = (today - local.date()).days
    if days == 0:
        return f"today, {local:%H:%M}"
    if days in (1, -1):
        return f"{'yesterday' if days == 1 else 'tomorrow'}, {local:%H:%M}"
    if -7 < days < 0:
        return f"{DAYS[local.weekday()]} {local:%H:%M}"
    name = f"{local.day} {MONTHS[local.month - 1]}"
    return f"{name}, {local:%H:%M}" if local.year == today.year else f"{name} {local.year}"


def _ago(seconds: float) -> str:
    size = abs(seconds)
    if size < MINUTE:
        return "just now" if seconds >= 0 else "in a minute"
    amount = f"{int(size // MINUTE)} min"
    for start, unit, _, word in STEPS:
        if size >= start:
            amount = f"{int(size // unit)} {word}"
            break
    return f"{amount} ago" if seconds > 0 else f"in {amount}"


def _left(seconds: float) -> str:
    size = abs(seconds)
    amount = f"{int(size // MINUTE)} min"
    for start, unit, _, word in STEPS:
        if size >= start:
            amount = f"{int(size // unit)} {word}"
            break
    return f"{amount} over" if seconds > 0 else amount


def _age(seconds: float) -> str:
    for start, unit, letter, _ in STEPS:
        if seconds >= start:
            return f"{int(seconds // unit)} {letter}"
    return f"{int(seconds // MINUTE)} m" if seconds >= MINUTE else "now"
