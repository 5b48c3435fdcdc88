"""What a drawn chart consists of, in places of the drawing; templates only write it down."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from zlib import crc32

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from helpdesk.reports.axis import GAP, Label, Scale, Unit, nice_ticks, text_width

WIDTH, HEIGHT = 640.0, 220.0
TOP, RIGHT, BOTTOM = 26.0, 14.0, 30.0
KEY_WIDTH = 24.0
MOST_STOPS = 60
"""With more values than this, only the table is for the keyboard: nobody tabs a hundred times."""

LARGEST = 1e12

_templates = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_templates.filters["place"] = "{:.1f}".format


@dataclass(frozen=True)
class Tick:
    """A line of the grid with its number, or a row with its name."""

    y: float
    text: str

    @property
    def text_y(self) -> float:
        """Where letters stand that are centred on the line."""
        return self.y + 4


@dataclass(frozen=True)
class Box:
    """A bar from its upper left corner."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class Mark:
    """A value that hover and focus show: `text` stands at `text_x`, `spoken` is the whole."""

    x: float
    y: float
    text: str
    spoken: str
    text_x: float
    text_y: float
    dot: bool = False
    href: str | None = None
    box: Box | None = None
    target: Box | None = None
    """What reacts to the pointer, wider than a small bar."""
    whisker: tuple[float, float] | None = None
    """Heights of the lower and the upper end of its range."""


@dataclass(frozen=True)
class Note:
    """An annotation in its place; `anchor` is the end of the text that stands at `text_x`."""

    x: float
    y: float
    text_x: float
    anchor: str
    text: str

    @property
    def top(self) -> float:
        """Where its line begins, beside the letters."""
        return self.y - 11


@dataclass(frozen=True)
class Key:
    """A sample of a line from x on, and the name after it."""

    x: float
    text: str

    @property
    def text_x(self) -> float:
        """Where the name begins."""
        return self.x + KEY_WIDTH


@dataclass(frozen=True)
class Row:
    """A line of the table: its name, the link behind it, its texts."""

    name: str
    cells: tuple[str, ...]
    href: str | None = None


@dataclass(frozen=True)
class Table:
    """The same data to read."""

    header: tuple[str, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Chart:
    """Everything a template needs to draw, and nothing to compute. Print it: `{{ chart }}`."""

    template: str
    title: str
    description: str
    width: float = WIDTH
    height: float = HEIGHT
    left: float = 0.0
    bottom: float = HEIGHT - BOTTOM
    baseline: float = HEIGHT - BOTTOM
    grid: tuple[Tick, ...] = ()
    labels: tuple[Label, ...] = ()
    bands: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()
    legend: tuple[Key, ...] = ()
    notes: tuple[Note, ...] = ()
    marks: tuple[Mark, ...] = ()
    table: Table = Table((), ())

    @property
    def key(self) -> str:
        """A name for use within a page."""
        return f"chart-{crc32(f'{self.title}/{self.description}'.encode()):08x}"

    @property
    def is_tabbed(self) -> bool:
        """Whether each value can be reached with the keyboard."""
        return len(self.marks) <= MOST_STOPS

    @property
    def right(self) -> float:
        """Where the plot ends."""
        return self.width - RIGHT

    @property
    def number_x(self) -> float:
        """Where the numbers of the grid end."""
        return self.left - 6

    @property
    def label_y(self) -> float:
        """Where labels stand under the plot."""
        return self.height - 8

    @property
    def middle_x(self) -> float:
        """The middle of the plot, for words in its place."""
        return (self.left + self.right) / 2

    @property
    def middle_y(self) -> float:
        """The middle of the drawing."""
        return self.height / 2

    def __html__(self) -> str:
        return _templates.get_template(f"reports/charts/{self.template}.html").render(chart=self)


def framed(
    template: str, title: str, description: str, values: Iterable[float | None], unit: Unit
) -> tuple[Chart, Scale]:
    """An empty plot whose grid holds the values, and the scale upwards."""
    known = [value for value in values if value is not None]
    if unit.from_zero:
        known.append(0.0)
    ticks = nice_ticks(min(known, default=0.0), max(known, default=1.0), unit)
    up = Scale(ticks.values[0], ticks.values[-1], HEIGHT - BOTTOM, TOP)
    grid = tuple(
        Tick(up(value), unit.tick(value, ticks.decimals) + (unit.suffix if place == 0 else ""))
        for place, value in enumerate(reversed(ticks.values))
    )
    left = max(text_width(tick.text) for tick in grid) + GAP
    return Chart(template, title, description, left=left, grid=grid), up


def above(*heights: float) -> float:
    """Where a value is written over marks at these heights, still inside the drawing."""
    return max(11.0, min(heights) - 8)


def finite(values: Sequence[float | None]) -> tuple[float | None, ...]:
    """Values with those that cannot be drawn (not a number, beyond a trillion) as gaps."""
    return tuple(value if _is_drawable(value) else None for value in values)


def _is_drawable(value: float | None) -> bool:
    return value is not None and math.isfinite(value) and abs(value) <= LARGEST


def check_link(href: str | None) -> None:
    """Raise ValueError for a link that is not a path of this site."""
    if href is not None and (not href.startswith(("/", "?")) or href.startswith(("//", "/\\"))):
        raise ValueError(f"{href!r} is not a link within this site")
