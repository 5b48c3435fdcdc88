"""Line charts: values over time with a range, gaps where nothing is known."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

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
    KEY_WIDTH,
    RIGHT,
    TOP,
    WIDTH,
    Chart,
    Key,
    Mark,
    Note,
    Row,
    Table,
    above,
    check_link,
    finite,
    framed,
)

LINE_HEIGHT = 20.0


@dataclass(frozen=True)
class Slot:
    """One place on the time axis; `n` counts what is behind it, `href` opens that."""

    label: str
    n: int | None = None
    href: str | None = None


@dataclass(frozen=True)
class Series:
    """One line: a value, or `None`, for each slot."""

    name: str
    values: Sequence[float | None]


@dataclass(frozen=True)
class Band:
    """The range of the first series: both ends, or neither, for each slot."""

    lows: Sequence[float | None]
    highs: Sequence[float | None]


@dataclass(frozen=True)
class Annotation:
    """What happened at a slot, counted from 0."""

    slot: int
    text: str


def line_chart(
    title: str,
    description: str,
    slots: Sequence[Slot],
    series: Sequence[Series],
    band: Band | None = None,
    annotations: Sequence[Annotation] = (),
    unit: Unit = COUNT,
) -> Chart:
    """One line, or two, over time; the first may have a range.

    The last value of a line, and one that stands alone between gaps, has a dot.
    Raises ValueError for lists of different length, more than two lines (a third could not
    be told apart without colour), or a link that leaves this site.
    """
    _check(slots, series, band)
    series = [Series(line.name, finite(line.values)) for line in series]
    band = Band(finite(band.lows), finite(band.highs)) if band else None
    drawn = [*(line.values for line in series), *((band.lows, band.highs) if band else ())]
    values = [value for line in drawn for value in line]
    marked = [
        f"{slots[note.slot].label} {note.text}" for note in annotations if note.slot < len(slots)
    ]
    description += f" Marked: {'; '.join(marked)}." if marked else ""
    chart, up = framed("line", title, description, values, unit)
    across = _places(len(slots), chart.left)
    return replace(
        chart,
        labels=thinned([slot.label for slot in slots], across, WIDTH),
        bands=_band_paths(band, across, up) if band else (),
        lines=tuple(line_path(line.values, across, up) for line in series),
        legend=_legend(series, chart.left),
        notes=tuple(_note(note, row, across) for row, note in enumerate(annotations)),
        marks=tuple(_marks(slots, series, band, across, up, unit)),
        table=_table(slots, series, band, unit),
    )


def sparkline(title: str, values: Sequence[float | None], unit: Unit = COUNT) -> Chart:
    """A word-sized line without axes; its description tells the first and the last value."""
    values = finite(values)
    runs = _runs(values)
    blank = Chart("sparkline", title, "no values", width=120, height=28)
    if not runs:
        return blank
    known = [value for value in values if value is not None]
    middle = 1.0 if min(known) == max(known) else 0.0
    up = Scale(min(known) - middle, max(known) + middle, 24, 4)
    across = [4 + 112 * place / max(1, len(values) - 1) for place in range(len(values))]
    last = runs[-1][-1]
    return replace(
        blank,
        description=f"from {unit.show(known[0])} to {unit.show(known[-1])}",
        lines=(line_path(values, across, up),),
        marks=(Mark(across[last], up(known[-1]), "", "", across[last], 0, dot=True),),
    )


def line_path(values: Sequence[float | None], across: Sequence[float], up: Scale) -> str:
    """The path through the values, broken at gaps; a value alone has no path."""
    parts = []
    for run in _runs(values):
        points = [f"{across[i]:.1f} {_y(values[i], up):.1f}" for i in run]
        if len(points) > 1:
            parts.append("M" + "L".join(points))
    return "".join(parts)


def _check(slots: Sequence[Slot], series: Sequence[Series], band: Band | None) -> None:
    if not 1 <= len(series) <= 2:
        raise ValueError("a line chart has one line or two")
    lists = [line.values for line in series] + ([band.lows, band.highs] if band else [])
    if any(len(values) != len(slots) for values in lists):
        raise ValueError("every line and range needs one value for each slot")
    for slot in slots:
        check_link(slot.href)


def _places(count: int, left: float) -> list[float]:
    """From edge to edge; a single slot stands in the middle."""
    room = WIDTH - RIGHT - left
    if count == 1:
        return [left + room / 2]
    return [left + room * place / (count - 1) for place in range(count)]


def _runs(values: Sequence[float | None]) -> list[list[int]]:
    """The slots of each stretch without a gap."""
    stretches = groupby(range(len(values)), lambda i: values[i] is not None)
    return [list(stretch) for known, stretch in stretches if known]


def _y(value: float | None, up: Scale) -> float:
    return up(value or 0.0)


def _band_paths(band: Band, across: Sequence[float], up: Scale) -> tuple[str, ...]:
    both = [None if high is None else low for low, high in zip(band.lows, band.highs, strict=True)]
    paths = []
    for run in _runs(both):
        upper = [f"{across[i]:.1f} {_y(band.highs[i], up):.1f}" for i in run]
        lower = [f"{across[i]:.1f} {_y(band.lows[i], up):.1f}" for i in reversed(run)]
        if len(run) > 1:
            paths.append("M" + "L".join([*upper, *lower]) + "Z")
    return tuple(paths)


def _marks(
    slots: Sequence[Slot],
    series: Sequence[Series],
    band: Band | None,
    across: Sequence[float],
    up: Scale,
    unit: Unit,
) -> Iterator[Mark]:
    for number, line in enumerate(series):
        runs = _runs(line.values)
        alone = {run[0] for run in runs if len(run) == 1}
        range_of = band if number == 0 else None
        for i in (i for run in runs for i in run):
            text = unit.show(line.values[i])
            name = slots[i].label if len(series) == 1 else f"{slots[i].label}, {line.name}"
            spoken = ", ".join([f"{name}: {text}", *_beside(slots[i], range_of, i, unit)])
            text_x = within(text, across[i], WIDTH).x
            y, whisker = _y(line.values[i], up), _whisker(range_of, i, up) if i in alone else None
            yield Mark(
                across[i],
                y,
                text,
                spoken,
                text_x,
                above(y, *(whisker or ())),
                dot=i in alone or i == runs[-1][-1],
                href=slots[i].href,
                whisker=whisker,
            )


def _whisker(band: Band | None, i: int, up: Scale) -> tuple[float, float] | None:
    """The range of a value that has no neighbour to draw a band with."""
    if band is None or band.lows[i] is None or band.highs[i] is None:
        return None
    return _y(band.lows[i], up), _y(band.highs[i], up)


def _beside(slot: Slot, band: Band | None, i: int, unit: Unit) -> list[str]:
    """What is said after a value: its range and its n."""
    span = _span(band, i, unit) if band else "–"
    return [*([] if span == "–" else [span]), *([] if slot.n is None else [f"n {slot.n:,}"])]


def _span(band: Band, i: int, unit: Unit) -> str:
    low, high = band.lows[i], band.highs[i]
    return "–" if low is None or high is None else unit.span(low, high)


def _legend(series: Sequence[Series], left: float) -> tuple[Key, ...]:
    """Names beside a sample of their line, where there are two."""
    if len(series) < 2:
        return ()
    places, x = [], left
    for line in series:
        name = fitted(line.name, 240)
        places.append(Key(x, name))
        x += KEY_WIDTH + text_width(name) + 2 * GAP
    return tuple(places)


def _note(note: Annotation, row: int, across: Sequence[float]) -> Note:
    if not 0 <= note.slot < len(across):
        raise ValueError(f"there is no slot {note.slot} to annotate")
    x, y = across[note.slot], TOP + LINE_HEIGHT * (row + 1)
    if x > WIDTH / 2:
        return Note(x, y, x - GAP / 2, "end", fitted(note.text, x - GAP))
    return Note(x, y, x + GAP / 2, "start", fitted(note.text, WIDTH - x - GAP))


def _table(slots: Sequence[Slot], series: Sequence[Series], band: Band | None, unit: Unit) -> Table:
    counted = any(slot.n is not None for slot in slots)
    header = ["Period", *(line.name for line in series)]
    header += [*(["Range"] if band else []), *(["n"] if counted else [])]
    rows = []
    for i, slot in enumerate(slots):
        cells = [unit.show(line.values[i]) for line in series]
        cells += [_span(band, i, unit)] if band else []
        cells += [COUNT.show(slot.n)] if counted else []
        rows.append(Row(slot.label, tuple(cells), slot.href))
    return Table(tuple(header), tuple(rows))
