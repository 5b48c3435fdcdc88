"""What is kept and true at the moment."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import cast
from zoneinfo import ZoneInfo

from sqlalchemy import select

from helpdesk.core.db import ask
from helpdesk.reports.access import Reader
from helpdesk.reports.models import KeptCount, StaleDay
from helpdesk.reports.periods import Span
from helpdesk.reports.rollups.plan import KEPT, Kept, Length, Piece, dates_of

_FIRST_NAME = next(iter(KEPT.values()))[0].name


class Shelf:
    """Which days, weeks and months are kept in a time zone, and which of them are true."""

    def __init__(self, zone: ZoneInfo) -> None:
        self.zone = zone
        # Marks are asked for first: one is taken away only after its day was counted anew.
        self.marked: dict[str, set[date]] = defaultdict(set)
        for what, day in ask(select(StaleDay.what, StaleDay.day).distinct()):
            self.marked[what].add(day)
        # All that is kept of a day is written at once. What a newer version keeps besides is
        # missed when it is read, and then counted live.
        columns = KeptCount.length, KeptCount.start
        mine = KeptCount.name == _FIRST_NAME, KeptCount.zone == zone.key
        rows = ask(select(*columns).where(*mine))
        self.pieces = {Piece(Length(row[0]), row[1]) for row in rows}

    def true_for(self, kept: Kept) -> set[Piece]:
        """The pieces of which nothing was changed afterwards that is counted here."""
        marked = set[date]().union(*(self.marked[what] for what in kept.of))
        if not marked:
            return self.pieces
        return {piece for piece in self.pieces if not _is_marked(piece, marked, self.zone)}


def shelf_for(reader: Reader, zone: ZoneInfo) -> Shelf:
    """The same for all questions of one reader."""
    found = reader.looked_up.get((Shelf, zone.key))
    if found is None:
        found = reader.looked_up[Shelf, zone.key] = Shelf(zone)
    return cast(Shelf, found)


def _is_marked(piece: Piece, marked: set[date], zone: ZoneInfo) -> bool:
    return not marked.isdisjoint(dates_of(Span(piece.first, piece.last, zone)))
