"""Bar charts: standing for time, lying for named things; both begin at zero."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from helpdesk.reports.axis import (
    COUNT,
    GAP,
    Scale,
    Unit,
    fitted,
    text_width,
    thinned,
    within,
)
from helpdesk.reports.drawing import (
    HEIGHT,
    RIGHT,
    WIDTH,
    Box,
    Chart,
    Mark,
    Row,
    Table,
    Tick,
    above,
    check_link,
    finite,
    framed,
)

WIDEST_BAR = 48.0
ROW_HEIGHT, ROW_BAR = 28.0, 14.0
NAME_ROOM, VALUE_ROOM = 260.0, 100.0


@dataclass(frozen=True)
class Bar:
    """One bar, with its range where it has one; `None` is a gap, never zero."""

    label: str
    value: float | None
    low: float | None = None
    high: float | None = None
    n: int | None = None
    href: str | None = None

    @property
    def has_range(self) -> bool:
        """Whether both ends are known."""
        return self.low is not None and self.high is not None


def bar_chart(
    title: str, description: str, bars: Sequence[Bar], unit: Unit = COUNT, axis: str = "Period"
) -> Chart:
    """Standing bars with whiskers; labels are thinned where they would overlap.

    Raises ValueError for a link that leaves this site.
    """
    bars = [_checked(bar) for bar in bars]
    ends = [end for bar in bars for end in (bar.value, bar.low, bar.high)]
    chart, up = framed("bar", title, description, [0.0, *ends], unit)
    slot = (WIDTH - RIGHT - chart.left) / max(1, len(bars))
    across = [chart.left + slot * (place + 0.5) for place in range(len(bars))]
    wide = min(WIDEST_BAR, slot * 0.7)
    return replace(
        chart,
        baseline=up(0),
        labels=thinned([bar.label for bar in bars], across, WIDTH),
        marks=tuple(
            _standing(bar, x, wide, up, unit)
            for bar, x in zip(bars, across, strict=True)
            if bar.value is not None
        ),
        table=_table(bars, unit, axis),
    )


def row_chart(
    title: str, description: str, bars: Sequence[Bar], unit: Unit = COUNT, axis: str = "Name"
) -> Chart:
    """Lying bars for named things, in the order given; every name is shown.

    Raises ValueError for a negative value or a link that leaves this site.
    """
    bars = [_checked(bar) for bar in bars]
    values = [bar.value or 0.0 for bar in bars]
    if min(values, default=0.0) < 0:
        raise ValueError("lying bars show values from zero up")
    names = [fitted(bar.label, NAME_ROOM) for bar in bars]
    left = max((text_width(name) for name in names), default=0.0) + GAP
    along = Scale(0, max(values, default=0.0) or 1.0, left, WIDTH - VALUE_ROOM)
    return Chart(
        "rows",
        title,
        description,
        height=len(bars) * ROW_HEIGHT or HEIGHT / 4,
        left=left,
        grid=tuple(Tick(ROW_HEIGHT * (row + 0.5), name) for row, name in enumerate(names)),
        marks=tuple(_lying(bar, row, along, unit) for row, bar in enumerate(bars)),
        table=_table(bars, unit, axis),
    )


def _standing(bar: Bar, x: float, wide: float, up: Scale, unit: Unit) -> Mark:
    top, foot = sorted((up(bar.value or 0.0), up(0)))
    text = unit.show(bar.value)
    whisker = (up(bar.low or 0.0), up(bar.high or 0.0)) if bar.has_range else None
    return Mark(
        x,
        top,
        text,
        _spoken(bar, unit),
        within(text, x, WIDTH).x,
        above(top, *(whisker or ())),
        href=bar.href,
        box=Box(x - wide / 2, top, wide, foot - top),
        target=Box(x - wide / 2, up.end, wide, up.start - up.end),
        whisker=whisker,
    )


def _lying(bar: Bar, row: int, along: Scale, unit: Unit) -> Mark:
    end, y = along(bar.value or 0.0), row * ROW_HEIGHT + (ROW_HEIGHT - ROW_BAR) / 2
    box = Box(along.start, y, end - along.start, ROW_BAR)
    text = unit.show(bar.value)
    target = Box(along.start, row * ROW_HEIGHT, WIDTH - RIGHT - along.start, ROW_HEIGHT)
    return Mark(
        end,
        y,
        text,
        _spoken(bar, unit),
        end + GAP / 2,
        y + ROW_BAR - 3,
        href=bar.href,
        box=box,
        target=target,
    )


def _spoken(bar: Bar, unit: Unit) -> str:
    parts = [f"{bar.label}: {'no value' if bar.value is None else unit.show(bar.value)}"]
    parts += [_span(bar, unit)] if bar.has_range else []
    parts += [f"n {bar.n:,}"] if bar.n is not None else []
    return ", ".join(parts)


def _span(bar: Bar, unit: Unit) -> str:
    return "–" if bar.low is None or bar.high is None else unit.span(bar.low, bar.high)


def _checked(bar: Bar) -> Bar:
    check_link(bar.href)
    value, low, high = finite((bar.value, bar.low, bar.high))
    return replace(bar, value=value, low=low, high=high)


def _table(bars: Sequence[Bar], unit: Unit, axis: str) -> Table:
    ranged = any(bar.has_range for bar in bars)
    counted = any(bar.n is not None for bar in bars)
    header = [axis, "Value", *(["Range"] if ranged else []), *(["n"] if counted else [])]
    rows = []
    for bar in bars:
        cells = [unit.show(bar.value)]
        cells += [_span(bar, unit)] if ranged else []
        cells += [COUNT.show(bar.n)] if counted else []
        rows.append(Row(bar.label, tuple(cells), bar.href))
    return Table(tuple(header), tuple(rows))
