"""What stands around every report: rail, periods to choose, filters that are on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from urllib.parse import urlencode

from flask import url_for

from helpdesk.core.text import one_line
from helpdesk.reports.access import Reader
from helpdesk.reports.dimensions import DIMENSIONS, FILTERS, NONE, Value, written
from helpdesk.reports.pages import PAGES, Page
from helpdesk.reports.pages.satisfaction import TONES
from helpdesk.reports.periods import PeriodKind, period_from
from helpdesk.reports.question import Question, address_of
from helpdesk.reports.selection import Selection
from helpdesk.reports.subjects import Measure
from helpdesk.surveys.reasons import Reason
from helpdesk.ui import RailItem, RailSection
from helpdesk.ui.times import day

_PERIODS = {
    PeriodKind.DAYS: "Last 30 days",
    PeriodKind.WEEK: "Last week",
    PeriodKind.MONTH: "Last month",
    PeriodKind.QUARTER: "Last quarter",
    PeriodKind.YEAR: "Last year",
}


LONGEST_LABEL = 40


@dataclass(frozen=True)
class Link:
    """A place to go; `current` where one is already."""

    label: str
    url: str
    current: bool = False


@dataclass(frozen=True)
class Option:
    """A value of a filter."""

    value: str
    label: str
    chosen: bool


@dataclass(frozen=True)
class Field:
    """A filter with what can be chosen."""

    name: str
    label: str
    options: tuple[Option, ...]


class Frame:
    """Rail, periods and filters of one page; `at` is its address without a question, `of` the
    measure where it is a list."""

    def __init__(
        self, question: Question, at: str, current: str, company_wide: bool, of: str = ""
    ) -> None:
        self.question = question
        self.selection = question.selection
        self.period = question.selection.period
        self.at = at
        self.current = current
        self.company_wide = company_wide
        self.of = of

    @property
    def rail(self) -> list[RailSection]:
        """All reports that the reader may see, for the same question."""
        reports = [self._entry(page) for page in pages_for(self.question.reader)]
        desk = address_of("desk.home")
        back = [RailSection("Desk", [RailItem("Queue", desk, key="g q")])] if desk else []
        beside = [
            RailItem(label, url_for(f"reports.{name}"), current=name == self.current)
            for name, label in (("marks", "Marks on charts"), ("mailed", "By mail"))
        ]
        return [RailSection("Reports", reports), RailSection("More", beside), *back]

    @property
    def periods(self) -> list[Link]:
        """The usual periods."""
        zone, today = self.period.zone, self.period.today
        links = []
        for kind, label in _PERIODS.items():
            period = period_from({"period": kind.value}, today, zone)
            url = self.url(self.selection.within(period))
            links.append(Link(label, url, period == self.period))
        return links

    @property
    def earlier(self) -> str | None:
        """The same for the period before."""
        period = self.period.earlier
        return self.url(self.selection.within(period)) if period else None

    @property
    def later(self) -> str | None:
        """The same for the period after, where it has begun."""
        period = self.period.later
        return self.url(self.selection.within(period)) if period else None

    @property
    def fields(self) -> list[Field]:
        """Filters with their choices; none where no filter applies."""
        if self.company_wide:
            return []
        names = self.question.reader.names
        agents = {} if len(names.agents) < 2 else names.agents
        return [
            Field("team", "Team", self._options("team", names.teams, "no team")),
            Field("agent", "Agent", self._options("agent", agents, "nobody")),
        ]

    @property
    def filter_label(self) -> str:
        """What the menu of filters says: ``All teams``, or what is chosen."""
        chosen = [label for name, label in self._chosen() if name in FILTERS]
        if self.selection.wanted:
            chosen.append(one_line(str(self.selection.wanted), LONGEST_LABEL))
        if self.company_wide:
            return ", ".join(chosen) or "All customers"
        return ", ".join(chosen) or ("All teams" if self.question.reader.is_manager else "My teams")

    @property
    def chips(self) -> list[Link]:
        """Everything that narrows the page, each with the page without it."""
        narrowed = [
            Link(label, self.url(self.selection.without(name))) for name, label in self._chosen()
        ]
        said = self.selection.wanted.chips()
        return narrowed + [
            Link(words, self.url(self.selection.wanting(rest))) for words, rest in said
        ]

    @property
    def tag(self) -> str:
        """The tag that is chosen, for the field."""
        return ", ".join(str(value) for value in self.selection.values("tag") if value)

    @property
    def wanted(self) -> str:
        """The filter as a text, for the field."""
        return str(self.selection.wanted)

    @property
    def permalink(self) -> str:
        """The same days whenever it is opened."""
        return self.url(self.selection.lasting)

    @property
    def kept(self) -> list[tuple[str, str]]:
        """The period, to be kept by a form that changes the filters."""
        return list(self.period.parts().items())

    @property
    def kept_filters(self) -> list[tuple[str, str]]:
        """The filters, to be kept by a form that changes the period."""
        narrowed = [
            (name, written(value)) for name, values in self.selection.narrowed for value in values
        ]
        return narrowed + ([("q", self.wanted)] if self.selection.wanted else [])

    @property
    def csv(self) -> str:
        """The same as a spreadsheet."""
        return self.url(self.selection, ".csv")

    def url(self, selection: Selection, ending: str = "", page: str | None = None) -> str:
        """This page for another question; or another page of the list."""
        more = {name: value for name, value in (("of", self.of), ("page", page)) if value}
        return _with(self.at + ending, selection, more)

    def _chosen(self) -> Iterator[tuple[str, str]]:
        for name, values in self.selection.narrowed:
            if self.company_wide and name in FILTERS:
                continue
            words = ", ".join(self._words(name, value) for value in values)
            yield (
                name,
                f"{DIMENSIONS[name].words}: {words}" if name not in ("team", "agent") else words,
            )

    def _words(self, name: str, value: Value) -> str:
        return in_words(self.question.reader, name, value)

    def _options(self, name: str, known: dict[int, str], nothing: str) -> tuple[Option, ...]:
        if not known:
            return ()
        chosen = {written(value) for value in self.selection.values(name)}
        options = [
            Option(str(value), label, str(value) in chosen) for value, label in known.items()
        ]
        if self.question.reader.is_manager:
            options.append(Option(NONE, nothing, NONE in chosen))
        return tuple(options)

    def _entry(self, page: Page) -> RailItem:
        address = (
            url_for("reports.overview")
            if page.name == "overview"
            else url_for("reports.page", name=page.name)
        )
        here = page.name == self.current
        return RailItem(page.label, _with(address, self.selection.filters), current=here)


def pages_for(reader: Reader) -> list[Page]:
    """The reports that somebody may open."""
    return [page for page in PAGES.values() if reader.is_manager or not page.company_wide]


def in_words(reader: Reader, name: str, value: Value) -> str:
    """A value of a dimension as people say it."""
    if name == "team":
        return reader.names.team(value)
    if name == "agent":
        return reader.names.agent(value)
    if name == "label":
        return TONES[value][0]  # type: ignore[index]  # a label is a word or None
    if name == "reason" and value is not None:
        return Reason(str(value)).sentence
    if name == "here_after":
        return day(date.fromisoformat(str(value)))
    return NONE if value is None else str(value).replace("_", " ")


def title_of(measure: Measure, number: int) -> str:
    """``31 tickets filed``, ``1 ticket filed``."""
    first, _, rest = measure.words.partition(" ")
    return f"{number:,} {first.removesuffix('s') if number == 1 else first} {rest}".strip()


def _with(
    address: str, selection: Selection, more: Mapping[str, str] = MappingProxyType({})
) -> str:
    parts = urlencode({**more, **selection.parts()}, doseq=True)
    return f"{address}?{parts}" if parts else address
