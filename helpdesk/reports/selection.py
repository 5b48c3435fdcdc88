"""What somebody asked a report for: a period, and what narrows it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

from flask import url_for
from werkzeug.datastructures import MultiDict

from helpdesk.core.clock import now
from helpdesk.core.errors import Invalid
from helpdesk.core.settings import settings
from helpdesk.core.text import one_line
from helpdesk.reports.dimensions import DIMENSIONS, FILTERS, Value, written
from helpdesk.reports.periods import Period, PeriodKind, Span, period_from
from helpdesk.tickets.filters import Filter, parse

MOST_VALUES = 20
EVERYTHING = Filter()
Narrowing = tuple[tuple[str, tuple[Value, ...]], ...]


@dataclass(frozen=True)
class Selection:
    """A period and, for each dimension that narrows it, the values that may be."""

    period: Period
    narrowed: Narrowing = ()
    wanted: Filter = EVERYTHING
    """What tickets must fulfil, in the filter language."""

    def values(self, name: str) -> tuple[Value, ...]:
        """The values that a dimension is narrowed to; none when it is not."""
        return dict(self.narrowed).get(name, ())

    def narrow(self, **wanted: Value | Iterable[Value]) -> Selection:
        """The same, narrowed further; a dimension given before is replaced."""
        found = dict(self.narrowed)
        for name, values in wanted.items():
            single = values is None or isinstance(values, int | str)
            found[name] = (values,) if single else tuple(values)  # type: ignore[assignment, arg-type]  # a lone value is none of the iterables
        return replace(self, narrowed=tuple(sorted(found.items())))

    def during(self, span: Span) -> Selection:
        """The same for other days."""
        return replace(self, period=self.period.during(span))

    def within(self, period: Period) -> Selection:
        """The same for another period."""
        return replace(self, period=period)

    def without(self, name: str) -> Selection:
        """The same with one dimension open again."""
        return replace(self, narrowed=tuple(pair for pair in self.narrowed if pair[0] != name))

    def wanting(self, wanted: Filter) -> Selection:
        """The same with another filter."""
        return replace(self, wanted=wanted)

    @property
    def lasting(self) -> Selection:
        """The same by its dates, so that it shows the same days tomorrow."""
        return self.during(self.period)

    @property
    def filters(self) -> Selection:
        """What narrows the whole report, without what a number was narrowed to."""
        kept = tuple(pair for pair in self.narrowed if pair[0] in FILTERS)
        return replace(self, narrowed=kept)

    def parts(self) -> dict[str, str | list[str]]:
        """As it stands in an address."""
        parts: dict[str, str | list[str]] = dict(self.period.parts())
        for name, values in self.narrowed:
            parts[name] = [written(value) for value in values]
        if self.wanted:
            parts["q"] = str(self.wanted)
        return parts


def selection_from(
    address: MultiDict[str, str],
    names: Iterable[str] = FILTERS,
    usual: PeriodKind = PeriodKind.DAYS,
) -> Selection:
    """Read an address; only dimensions of these names count. `usual` is the period where it names
    none.

    Raises Invalid in words for what cannot be; FilterError for a filter that cannot be understood.
    """
    narrowed = []
    for name in names:
        texts = [text for text in address.getlist(name) if text.strip()]
        if len(texts) > MOST_VALUES:
            raise Invalid(f"That is too many values for “{name}”.")
        if texts:
            narrowed.append((name, tuple(dict.fromkeys(map(DIMENSIONS[name].value, texts)))))
    zone = ZoneInfo(settings().time_zone)
    named = {"period": usual.value, **{name: value for name, value in address.items() if value}}
    period = period_from(named, now().astimezone(zone).date(), zone)
    return Selection(period, tuple(sorted(narrowed)), parse(one_line(address.get("q", ""))))


def behind(measure: str, selection: Selection, **narrow: Value | Iterable[Value]) -> str:
    """The address of the list that holds exactly what a number counts."""
    return url_for("reports.behind", of=measure, **selection.narrow(**narrow).parts())  # type: ignore[arg-type]  # url_for takes lists of values too
