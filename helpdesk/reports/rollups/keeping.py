"""Counting days once and for all, and anew where they were marked."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import delete, func, insert, select, text, tuple_

from helpdesk.core.clock import now
from helpdesk.core.db import ask, session, transaction
from helpdesk.core.settings import settings
from helpdesk.reports import counting
from helpdesk.reports.counting import in_spans
from helpdesk.reports.measures import MEASURES
from helpdesk.reports.models import KeptCount, StaleDay
from helpdesk.reports.periods import Period, PeriodKind, Span
from helpdesk.reports.rollups.flows import changes
from helpdesk.reports.rollups.plan import (
    DAY,
    KEPT,
    Kept,
    Length,
    Piece,
    around,
    dates_of,
    sources,
)
from helpdesk.reports.rollups.whole import Everything
from helpdesk.reports.selection import Selection
from helpdesk.reports.waits import Waits
from helpdesk.surveys.models import Invitation
from helpdesk.tickets.models import Ticket

MARGIN = timedelta(hours=1)
"""So long after a day is it kept: no transaction that wrote into it while it was not over, and
so marked nothing, is still under way."""
AT_ONCE = 8
"""Days that are counted in one transaction."""
NAMES = {kept.name: kept for family in KEPT.values() for kept in family}
_LOCK = text("SELECT pg_advisory_xact_lock(7223)")
Lines = dict[str, dict[date, Counter[tuple[Any, ...]] | dict[tuple[Any, ...], list[Waits]]]]


def zone_of_company() -> ZoneInfo:
    """Where days begin."""
    return ZoneInfo(settings().time_zone)


def keep_some() -> bool:
    """Count a few days that are marked, or that nobody counted yet; newest first. False when there
    is nothing to do. Runs alone: two of them would take away each other's marks."""
    if session.connection().dialect.name == "postgresql":
        session.execute(_LOCK)
    zone = zone_of_company()
    session.execute(delete(KeptCount).where(KeptCount.zone != zone.key))
    known = days_known(zone, now())
    if not known:
        return False
    marks, days = _marked(zone, known)
    days += _uncounted(zone, known, AT_ONCE - len(days), {*days})
    if days:
        store(zone, Length.DAY, days, counted(zone, days))
        larger = {piece for day in days for piece in around(day)}
        _forget(larger)
    session.execute(delete(StaleDay).where(StaleDay.id.in_(marks)))
    return bool(days or marks)


def fold_some() -> bool:
    """Add up a week or a month whose days are all there and true. False when none is left."""
    if session.connection().dialect.name == "postgresql":
        session.execute(_LOCK)
    zone = zone_of_company()
    marked = {row[0] for row in ask(select(StaleDay.day).distinct())}
    days = {day for day in _counted_days(zone) if marked.isdisjoint(dates_of(Span(day, day, zone)))}
    larger = {piece for day in days for piece in around(day)}
    columns = KeptCount.length, KeptCount.start
    there = {
        Piece(Length(row[0]), row[1])
        for row in ask(select(*columns).where(KeptCount.length != Length.DAY.value).distinct())
    }
    for piece in sorted(larger - there, key=lambda piece: piece.first, reverse=True):
        if all(day.first in days for day in piece.days):
            _fold(zone, piece)
            return True
    return False


def counted(zone: ZoneInfo, days: Sequence[date]) -> Lines:
    """What there is to keep of these days, counted from the rows."""
    spans = [Span(day, day, zone) for day in days]
    selection = Selection(Period(spans[0].first, spans[0].last, zone, PeriodKind.CUSTOM, days[0]))
    found: Lines = {}
    for source, family in sources():
        lines = list(_asked(source, selection, spans))
        for kept in family:
            places = [*map(source.dimensions.index, kept.dimensions), len(source.dimensions)]
            by_day: Any = {day: defaultdict(list) if kept.timed else Counter() for day in days}
            for slot, key, value in lines:
                by_day[days[slot]][tuple(key[place] for place in places)] += value
            found[kept.name] = by_day
    return found


def store(zone: ZoneInfo, length: Length, starts: Iterable[date], lines: Lines) -> None:
    """Keep what was counted in the place of what was kept."""
    pieces = {Piece(length, start) for start in starts}
    _forget(pieces)
    rows = [
        {
            "name": name,
            "length": length.value,
            "start": start,
            "zone": zone.key,
            "cells": as_cells(by_start[start]),
        }
        for name, by_start in lines.items()
        for start in sorted(by_start)
    ]
    if rows:
        session.execute(insert(KeptCount), rows)


def as_cells(lines: Any) -> str:
    """Lines as they stand in the table, in an order of their own."""
    cells = [
        [*key, Waits.joined(value).packed() if isinstance(value, list) else value]
        for key, value in lines.items()
        if value
    ]
    return json.dumps(sorted(cells, key=str), separators=(",", ":"))


def _asked(
    source: Kept, selection: Selection, spans: Sequence[Span]
) -> Iterator[tuple[int, tuple[Any, ...], Any]]:
    """(place of the day, dimensions and team, number or times) from the rows."""
    measure, reader = MEASURES[source.measure], Everything()
    if source.timed:
        times = counting.worked if source.worked else counting.durations
        found = times(reader, measure, selection, spans, *source.dimensions, seen=True)
        yield from ((slot, tuple(key), [waits]) for (slot, *key), waits in found.items())
        return
    if source.flows:
        statement, keys, number = changes(reader, measure, selection, spans, source.dimensions)
    else:
        statement, keys = in_spans(reader, measure, selection, spans, source.dimensions)
        number = func.count()
    statement = statement.add_columns(Ticket.team_id, number)
    for slot, *key, count in ask(statement.group_by(*keys, Ticket.team_id)):
        yield slot, tuple(key), int(count)


def days_known(zone: ZoneInfo, at: datetime) -> Span | None:
    """From the first day with anything to the last that can be kept."""
    begins = [
        session.scalar(select(func.min(moment)))
        for moment in (Ticket.created_at, Invitation.created_at)
    ]
    first = min((each for each in begins if each), default=None)
    if first is None:
        return None
    settled = at - MARGIN
    last = settled.astimezone(zone).date() - DAY
    if (
        Span(last, last, zone).end > settled
        or max(dates_of(Span(last, last, zone))) >= settled.date()
    ):
        last -= DAY
    begin = first.astimezone(zone).date()
    return Span(begin, last, zone) if begin <= last else None


def _marked(zone: ZoneInfo, known: Span) -> tuple[list[int], list[date]]:
    """A few marks, the latest days first, and the days that they are about."""
    newest = select(StaleDay.day).distinct().order_by(StaleDay.day.desc()).limit(AT_ONCE // 2)
    marked = [row[0] for row in ask(newest)]
    marks = [row[0] for row in ask(select(StaleDay.id).where(StaleDay.day.in_(marked)))]
    near = {day + step * DAY for day in marked for step in (-1, 0, 1)}
    days = [
        day
        for day in sorted(near, reverse=True)
        if known.first <= day <= known.last
        and not dates_of(Span(day, day, zone)).isdisjoint(marked)
    ]
    return marks, days


def _uncounted(zone: ZoneInfo, known: Span, most: int, besides: set[date]) -> list[date]:
    there = _counted_days(zone) | besides
    every = (known.last - place * DAY for place in range(known.days))
    return [day for day in every if day not in there][: max(0, most)]


def _counted_days(zone: ZoneInfo) -> set[date]:
    """The days of which everything is kept that this version keeps."""
    mine = KeptCount.length == Length.DAY.value, KeptCount.zone == zone.key
    statement = select(KeptCount.start).where(*mine, KeptCount.name.in_(NAMES))
    whole = statement.group_by(KeptCount.start).having(func.count() == len(NAMES))
    return {row[0] for row in ask(whole)}


def _forget(pieces: Iterable[Piece]) -> None:
    known = [(piece.length.value, piece.first) for piece in pieces]
    session.execute(delete(KeptCount).where(tuple_(KeptCount.length, KeptCount.start).in_(known)))


def _fold(zone: ZoneInfo, piece: Piece) -> None:
    columns = KeptCount.name, KeptCount.cells
    mine = KeptCount.length == Length.DAY.value, KeptCount.zone == zone.key
    theirs = KeptCount.start.between(piece.first, piece.last)
    sums: Lines = {
        name: {piece.first: defaultdict(list) if kept.timed else Counter()}
        for name, kept in NAMES.items()
    }
    for name, cells in ask(select(*columns).where(*mine, theirs, KeptCount.name.in_(NAMES))):
        lines: Any = sums[name][piece.first]
        for *key, value in json.loads(cells):
            lines[tuple(key)] += [Waits.unpacked(value)] if NAMES[name].timed else value
    store(zone, piece.length, [piece.first], sums)


def count_what_is_missing() -> None:
    """Count and add up until nothing is left, a few days in each transaction."""
    for step in (keep_some, fold_some):
        going = True
        while going:
            with transaction():
                going = step()


def wrong_days() -> list[tuple[str, date]]:
    """What is kept, not marked, and yet not what the rows say: names and days."""
    zone = zone_of_company()
    marked = {row[0] for row in ask(select(StaleDay.day).distinct())}
    days = [
        day
        for day in sorted(_counted_days(zone))
        if marked.isdisjoint(dates_of(Span(day, day, zone)))
    ]
    wrong = []
    for place in range(0, len(days), AT_ONCE):
        part = days[place : place + AT_ONCE]
        fresh = counted(zone, part)
        mine = KeptCount.length == Length.DAY.value, KeptCount.start.in_(part)
        columns = KeptCount.name, KeptCount.start, KeptCount.cells
        for name, day, cells in ask(select(*columns).where(*mine, KeptCount.name.in_(NAMES))):
            if cells != as_cells(fresh[name][day]):
                wrong.append((name, day))
    return wrong


def forget_all() -> None:
    """Keep nothing any longer."""
    session.execute(delete(KeptCount))
