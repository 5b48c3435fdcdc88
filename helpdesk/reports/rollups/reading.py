"""Tallies as `counting` makes them, but from what is kept as far as it is true, and live for the
rest: days that are marked, that are not over, or that nobody counted yet."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import and_, func, or_, select

from helpdesk.core.db import ask, session
from helpdesk.reports import counting
from helpdesk.reports.access import Reader
from helpdesk.reports.counting import Key
from helpdesk.reports.dimensions import DIMENSIONS, FILTERS
from helpdesk.reports.models import KeptCount
from helpdesk.reports.periods import Span
from helpdesk.reports.rollups import flows
from helpdesk.reports.rollups.plan import (
    DAY,
    KEPT,
    WORKED,
    Kept,
    Length,
    Piece,
    kept_for,
    pieces_of,
)
from helpdesk.reports.rollups.shelf import shelf_for
from helpdesk.reports.selection import Selection
from helpdesk.reports.subjects import Measure
from helpdesk.reports.waits import Waits
from helpdesk.tickets.models import Ticket

SEEN = "seen"
"""The last value of each line, before its number: the team that decides who may see it."""


def tally(
    reader: Reader,
    measure: Measure,
    selection: Selection,
    spans: Sequence[Span],
    *dimensions: str,
) -> Counter[Key]:
    """As `counting.tally`."""
    kept = _kept(reader, measure, selection, dimensions)
    if kept is None:
        return counting.tally(reader, measure, selection, spans, *dimensions)
    book = Book(kept, reader, measure, selection, dimensions)
    return book.standing(spans) if kept.flows else book.counted(spans)


def tallies(
    reader: Reader, measures: Sequence[Measure], selection: Selection, spans: Sequence[Span]
) -> dict[str, Counter[Key]]:
    """As `counting.tallies`."""
    live = [each for each in measures if _kept(reader, each, selection, ()) is None]
    if len(live) == len(measures):
        return counting.tallies(reader, measures, selection, spans)
    found = counting.tallies(reader, live, selection, spans) if live else {}
    for each in measures:
        if each not in live:
            found[each.name] = tally(reader, each, selection, spans)
    return found


def durations(
    reader: Reader,
    measure: Measure,
    selection: Selection,
    spans: Sequence[Span],
    *dimensions: str,
    worked: bool = False,
) -> dict[Key, Waits]:
    """As `counting.durations`; `worked` as that."""
    kept = _kept(reader, measure, selection, dimensions, WORKED if worked else "")
    if kept is None or not kept.timed:
        live = counting.worked if worked else counting.durations
        return live(reader, measure, selection, spans, *dimensions)
    return Book(kept, reader, measure, selection, dimensions).timed(spans)


def _kept(
    reader: Reader,
    measure: Measure,
    selection: Selection,
    dimensions: Iterable[str],
    clock: str = "",
) -> Kept | None:
    """What is kept that can answer; None where the rows have to be asked."""
    narrowed = _narrowing(measure, selection)
    if selection.wanted or "tag" in narrowed or not reader.is_active or measure.name not in KEPT:
        return None
    if not shelf_for(reader, selection.period.zone).pieces:
        return None
    reader.sees(measure)  # raises Forbidden for what is not the reader's to see
    own = () if reader.is_manager else ("team", "agent")
    return kept_for(measure.name + clock, {*dimensions, *narrowed, *own})


def _narrowing(measure: Measure, selection: Selection) -> dict[str, set[Any]]:
    return {
        name: set(values)
        for name, values in selection.narrowed
        if not (measure.is_company_wide and name in FILTERS)
    }


@dataclass
class Book:
    """One question to what is kept of one measure."""

    kept: Kept
    reader: Reader
    measure: Measure
    selection: Selection
    dimensions: Sequence[str]

    def __post_init__(self) -> None:
        names = (*self.kept.dimensions, SEEN)
        self.places = [names.index(name) for name in self.dimensions]
        narrowed = _narrowing(self.measure, self.selection)
        self.wanted = [(names.index(name), values) for name, values in narrowed.items()]
        self.zone: ZoneInfo = self.selection.period.zone
        self.reasons = [n for n, name in enumerate(names) if name == "reason"]
        self.is_plain = self.places == [*range(len(self.kept.dimensions))]

    def counted(self, spans: Sequence[Span]) -> Counter[Key]:
        """How many rows in each span."""
        read, missing = self._read(_parts(spans))
        found: Counter[Key] = Counter()
        for slot, pieces in read.items():
            for lines in pieces:
                for key, value in lines:
                    found[slot, *key] += len(value) if self.kept.timed else value
        for slot, key, number in self._live(missing, counting.tally):
            found[slot, *key] += number
        return +found

    def timed(self, spans: Sequence[Span]) -> dict[Key, Waits]:
        """How long each row took."""
        read, missing = self._read(_parts(spans))
        found: dict[Key, list[Waits]] = defaultdict(list)
        for slot, pieces in read.items():
            for lines in pieces:
                for key, value in lines:
                    found[slot, *key].append(value)
        live = counting.worked if self.kept.worked else counting.durations
        for slot, key, waits in self._live(missing, live):
            found[slot, *key].append(waits)
        return {key: Waits.joined(parts) for key, parts in found.items()}

    def standing(self, spans: Sequence[Span]) -> Counter[Key]:
        """How many there are at the end of each span: what every day before changed, added up."""
        first = session.scalar(select(func.min(Ticket.created_at)))
        if first is None:
            return Counter()
        follows = first.astimezone(self.zone).date()
        steps: dict[int, tuple[date, date]] = {}
        for slot, span in sorted(enumerate(spans), key=lambda pair: pair[1].last):
            steps[slot] = follows, span.last
            follows = max(follows, span.last + DAY)
        read, missing = self._read(steps)
        moved: dict[int, Counter[Key]] = defaultdict(Counter)
        for slot, pieces in read.items():
            for lines in pieces:
                for key, value in lines:
                    moved[slot][key] += value
        for slot, key, number in self._live(missing, self._changes):
            moved[slot][key] += number
        found: Counter[Key] = Counter()
        sums: Counter[Key] = Counter()
        for slot in steps:
            for key, number in moved[slot].items():
                sums[key] += number
            for key, number in sums.items():
                found[slot, *key] = number
        return +found

    def _live(
        self, missing: Sequence[tuple[int, Span]], count: Callable[..., Mapping[Key, Any]]
    ) -> Iterable[tuple[int, Key, Any]]:
        """What is missing, counted from the rows: what many slots miss only once."""
        slots: dict[Span, list[int]] = defaultdict(list)
        for slot, span in missing:
            slots[span].append(slot)
        if not slots:
            return
        gaps = list(slots)
        live = count(self.reader, self.measure, self.selection, gaps, *self.dimensions)
        for (place, *rest), value in live.items():
            for slot in slots[gaps[place]]:
                yield slot, tuple(rest), value

    @staticmethod
    def _changes(
        reader: Reader,
        measure: Measure,
        selection: Selection,
        spans: Sequence[Span],
        *dimensions: str,
    ) -> dict[Key, int]:
        statement, keys, number = flows.changes(reader, measure, selection, spans, dimensions)
        rows = ask(statement.add_columns(number).group_by(*keys))
        return {tuple(row[:-1]): int(row[-1]) for row in rows}

    def _read(
        self, parts: dict[int, tuple[date, date]]
    ) -> tuple[dict[int, list[list[tuple[Key, Any]]]], list[tuple[int, Span]]]:
        """The lines of every piece that is kept and true, by slot; and the spans that remain."""
        there = shelf_for(self.reader, self.zone).true_for(self.kept)
        used: dict[Piece, list[int]] = defaultdict(list)
        missing: list[tuple[int, Span]] = []
        for slot, (first, last) in parts.items():
            for piece in _small_enough(first, last, there):
                if piece in there:
                    used[piece].append(slot)
                else:
                    _add_day(missing, slot, piece.first, self.zone)
        read: dict[int, list[list[tuple[Key, Any]]]] = defaultdict(list)
        for piece, lines in self._lines(used):
            for slot in used.pop(piece):
                read[slot].append(lines)
        for piece, slots in used.items():  # gone meanwhile
            missing += ((slot, Span(piece.first, piece.last, self.zone)) for slot in slots)
        return read, missing

    def _lines(self, pieces: Iterable[Piece]) -> Iterable[tuple[Piece, list[tuple[Key, Any]]]]:
        by_length: dict[Length, list[date]] = defaultdict(list)
        for piece in pieces:
            by_length[piece.length].append(piece.first)
        if not by_length:
            return
        wanted = [
            and_(KeptCount.length == length.value, KeptCount.start.in_(days))
            for length, days in by_length.items()
        ]
        columns = KeptCount.length, KeptCount.start, KeptCount.cells
        mine = KeptCount.name == self.kept.name, KeptCount.zone == self.zone.key
        for length, start, cells in ask(select(*columns).where(*mine, or_(*wanted))):
            yield Piece(Length(length), start), self._asked(json.loads(cells))

    def _asked(self, cells: list[list[Any]]) -> list[tuple[Key, Any]]:
        """The lines that the reader may see and that are wanted, by the dimensions asked for."""
        for place in self.reasons:
            for cell in cells:
                if cell[place] is not None:
                    cell[place] = DIMENSIONS["reason"].read(cell[place])
        if closed := self.reader.closed_teams:
            cells = [cell for cell in cells if cell[-2] not in closed]
        for place, values in self.wanted:
            cells = [cell for cell in cells if cell[place] in values]
        if not self.reader.is_manager:
            team, agent = map(self.kept.dimensions.index, ("team", "agent"))
            me, own = self.reader.account.id, self.reader.names.own_teams
            cells = [cell for cell in cells if cell[agent] == me or cell[team] in own]
        places = self.places
        read = Waits.unpacked if self.kept.timed else int
        return [(tuple(cell[place] for place in places), read(cell[-1])) for cell in cells]


def _parts(spans: Sequence[Span]) -> dict[int, tuple[date, date]]:
    return {slot: (span.first, span.last) for slot, span in enumerate(spans)}


def _small_enough(first: date, last: date, there: set[Piece]) -> Iterable[Piece]:
    """The days of a span in pieces: large ones where they are there, else their days."""
    for piece in pieces_of(first, last):
        if piece in there or piece.length is Length.DAY:
            yield piece
        else:
            yield from piece.days


def _add_day(missing: list[tuple[int, Span]], slot: int, day: date, zone: ZoneInfo) -> None:
    """One more day to be counted live, together with the day before where that is, too."""
    if missing and missing[-1][0] == slot and missing[-1][1].last + DAY == day:
        missing[-1] = slot, Span(missing[-1][1].first, day, zone)
    else:
        missing.append((slot, Span(day, day, zone)))
