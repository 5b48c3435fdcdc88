"""What a report consists of: sentences, tiles, charts and tables of figures. Pages are made of
these, and so is their CSV; templates only write them down."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from helpdesk.reports.charts import Chart
from helpdesk.reports.spreadsheet import Cell
from helpdesk.ui.words import NOTHING, number, percent, worth


@dataclass(frozen=True)
class Words:
    """A part of a sentence; `href` opens what it speaks of, `tone` is good, bad, or nothing."""

    text: str
    href: str | None = None
    strong: bool = False
    tone: str = ""


Sentence = tuple[Words, ...]


def sentence(*parts: str | Words | None) -> Sentence:
    """A sentence of plain and of special parts."""
    return tuple(Words(part) if isinstance(part, str) else part for part in parts if part)


@dataclass(frozen=True)
class Figure:
    """A number as a page shows it, as a spreadsheet reads it, and where it leads."""

    text: str
    value: Cell = None
    href: str | None = None
    tone: str = ""


BLANK = Figure(NOTHING)


def count(value: int, href: str | None = None, tone: str = "") -> Figure:
    """How many; opens them where there are any."""
    return Figure(number(value), value, href if value else None, tone)


def share(value: float | None, href: str | None = None) -> Figure:
    """A fraction, shown in per cent; a spreadsheet gets per cent too."""
    return BLANK if value is None else Figure(percent(value), round(100 * value, 2), href)


def amount(value: Decimal | None, href: str | None = None) -> Figure:
    """A sum in the company's currency."""
    return BLANK if value is None else Figure(worth(value), value, href)


def plain(text: str, tone: str = "") -> Figure:
    """Words in a cell."""
    return Figure(text, text, tone=tone)


@dataclass(frozen=True)
class Tile:
    """One figure in large type; lines below it say its range, its change, and more."""

    label: str
    figure: Figure
    lines: tuple[Sentence, ...] = ()


@dataclass(frozen=True)
class Line:
    """A line of a table: its name and its figures. `name` is None for "nobody", "no team"."""

    name: str
    figures: tuple[Figure, ...]
    href: str | None = None
    is_total: bool = False


@dataclass(frozen=True)
class Table:
    """Figures below headings; the first heading stands above the names."""

    title: str
    header: tuple[str, ...]
    lines: tuple[Line, ...]
    note: str = ""
    empty: str = "Nothing to show in this period."
    has_words: bool = False
    """Cells are words rather than numbers, and so stand at the start of their column."""


@dataclass(frozen=True)
class Panel:
    """A chart or a table, or a chart above a table."""

    title: str
    chart: Chart | None = None
    table: Table | None = None
    note: str = ""
    wide: bool = False


@dataclass(frozen=True)
class Report:
    """A whole page. `empty` stands in place of the panels when there is nothing to show."""

    title: str
    sentences: tuple[Sentence, ...] = ()
    tiles: tuple[Tile, ...] = ()
    panels: tuple[Panel, ...] = ()
    notes: tuple[str, ...] = ()
    empty: str = ""
    main_grid: bool = False
    """The first panel is the wider one of two."""

    def cells(self) -> Iterator[tuple[Cell, ...]]:
        """Each number on a line of its own: table, row, figure, value."""
        for tile in self.tiles:
            yield ("Overview", tile.label, "value", tile.figure.value)
            for line in tile.lines:
                yield ("Overview", tile.label, "note", "".join(words.text for words in line))
        for panel in self.panels:
            if panel.chart is not None:
                yield from _of_chart(panel.chart)
            if panel.table is not None:
                yield from _of_table(panel.table)


CELLS = ("table", "row", "figure", "value")


def _of_chart(chart: Chart) -> Iterator[tuple[Cell, ...]]:
    for row in chart.table.rows:
        for heading, text in zip(chart.table.header[1:], row.cells, strict=True):
            yield (chart.title, row.name, heading, text)


def _of_table(table: Table) -> Iterator[tuple[Cell, ...]]:
    for line in table.lines:
        for heading, figure in zip(table.header[1:], line.figures, strict=True):
            yield (table.title, line.name, heading, figure.value)
