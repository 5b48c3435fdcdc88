"""What every page of the reports asks with: a reader, a selection, and the spans beside it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property

from flask import current_app, url_for

from helpdesk.reports import occasions
from helpdesk.reports.access import Reader
from helpdesk.reports.counting import Key
from helpdesk.reports.dimensions import Value
from helpdesk.reports.lines import Annotation, Slot
from helpdesk.reports.measures import MEASURES
from helpdesk.reports.periods import Span, label_of, months_of, trend
from helpdesk.reports.rollups.reading import durations, tallies, tally
from helpdesk.reports.selection import Selection, behind
from helpdesk.reports.waits import Waits

MOST_MARKS = 4
BEFORE, NOW, TREND = 0, 1, 2
"""Places of spans in a tally: the period before, the period, and the first of those over time."""


@dataclass
class Question:
    """One report that somebody asked for."""

    reader: Reader
    selection: Selection
    monthly: bool = False
    """Charts over time go by month, for what happens too seldom for weeks."""

    @property
    def before(self) -> Selection:
        """The same question about the period before."""
        return self.selection.during(self.selection.period.before)

    def narrowed(self, **narrow: Value | Iterable[Value]) -> Question:
        """The same question about a part of it."""
        return replace(self, selection=self.selection.narrow(**narrow))

    @property
    def days(self) -> tuple[int, int]:
        """How many days of the period before, and of the period, have passed."""
        return self.selection.period.before.days, self.selection.period.elapsed.days

    @cached_property
    def spans(self) -> tuple[Span, Span]:
        """The period before, and the period."""
        return self.selection.period.before, self.selection.period

    @cached_property
    def trend(self) -> tuple[Span, ...]:
        """The weeks or months of a chart over time."""
        period = self.selection.period
        return months_of(period, 12) if self.monthly else trend(period)

    @cached_property
    def marks(self) -> list[Annotation]:
        """What happened in the weeks or months of the chart, the latest few."""
        found = occasions.between(self.trend[0].first, self.trend[-1].last)
        told: dict[int, list[str]] = {}
        for day, text in found:
            slot = next(n for n, span in enumerate(self.trend) if day <= span.last)
            told.setdefault(slot, []).append(text)
        return [
            Annotation(slot, texts[0] if len(texts) == 1 else f"{texts[0]}, {len(texts) - 1} more")
            for slot, texts in sorted(told.items())[-MOST_MARKS:]
        ]

    @property
    def by(self) -> str:
        """``week`` or ``month``: the steps of charts over time."""
        return "week" if self.trend[0].days == 7 else "month"

    def count(self, measure: str, *dimensions: str, over_time: bool = False) -> Counter[Key]:
        """A tally of the period before and the period, and of the trend behind them."""
        return tally(
            self.reader, MEASURES[measure], self.selection, self._asked(over_time), *dimensions
        )

    def counts(self, *measures: str, over_time: bool = False) -> dict[str, Counter[Key]]:
        """Tallies of many measures at once, each without dimensions."""
        chosen = [MEASURES[name] for name in measures]
        return tallies(self.reader, chosen, self.selection, self._asked(over_time))

    def time(
        self, measure: str, *dimensions: str, over_time: bool = False, worked: bool = False
    ) -> dict[Key, Waits]:
        """Seconds for the same spans, of calendar time or of business hours."""
        spans = self._asked(over_time)
        asked = self.reader, MEASURES[measure], self.selection, spans
        return durations(*asked, *dimensions, worked=worked)

    def link(self, measure: str, **narrow: Value | Iterable[Value]) -> str:
        """The list behind a number of the period."""
        return behind(measure, self.selection, **narrow)

    def link_before(self, measure: str, **narrow: Value | Iterable[Value]) -> str:
        """The list behind the number of the period before."""
        return behind(measure, self.before, **narrow)

    def link_in(self, span: Span, measure: str, **narrow: Value | Iterable[Value]) -> str:
        """The list behind a number of another span."""
        return behind(measure, self.selection.during(span), **narrow)

    def slots(self, measure: str, numbers: Iterable[int]) -> list[Slot]:
        """The places of a chart over time, with how many rows are behind each."""
        return [
            Slot(label_of(span), number, self.link_in(span, measure) if number else None)
            for span, number in zip(self.trend, numbers, strict=True)
        ]

    def _asked(self, over_time: bool) -> tuple[Span, ...]:
        return (*self.spans, *self.trend) if over_time else self.spans


def values_of(counts: Counter[Key], place: int) -> Iterator[Value]:
    """The values that a dimension has in a tally, at this place of its keys; each once."""
    yield from dict.fromkeys(key[place] for key in counts)


def named(values: Iterable[Value], name: Callable[[Value], str]) -> list[tuple[Value, str]]:
    """Values with their names, by name; "none" last."""
    pairs = [(value, name(value)) for value in values]
    return sorted(pairs, key=lambda pair: (pair[0] is None, pair[1].casefold()))


def address_of(endpoint: str, **parts: int) -> str | None:
    """A page of another part, where that part has it."""
    return url_for(endpoint, **parts) if endpoint in current_app.view_functions else None  # type: ignore[arg-type]  # parts of an address are all numbers here
