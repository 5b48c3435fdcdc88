"""Axes of charts: round ticks, numbers in their unit, labels that never overlap."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from unicodedata import east_asian_width

LETTER = 11.0
"""Width of a letter, in units of the drawing, in the larger type of narrow screens."""

GAP = 10.0
LONGEST_LABEL = 180.0


@dataclass(frozen=True)
class Unit:
    """How a number is written, and where its axis may go.

    `limits` hold padding back (a share never exceeds 100 per cent); they cut no data.
    """

    suffix: str = ""
    decimals: int = 0
    signed: bool = False
    from_zero: bool = False
    limits: tuple[float, float] = (-math.inf, math.inf)

    def show(self, value: float | None) -> str:
        """The number in words of the unit: "78 %", "+31", "−4", "–" for none."""
        return "–" if value is None else self._digits(value, self.decimals) + self.suffix

    def span(self, low: float, high: float) -> str:
        """A range, with the unit once: "71–84 %", "−19 to 65"."""
        joint = " to " if low < 0 else "–"
        low_text, high_text = (self._digits(end, self.decimals) for end in (low, high))
        return f"{low_text}{joint}{high_text}{self.suffix}"

    def tick(self, value: float, decimals: int) -> str:
        """A number on the axis: without its unit."""
        return self._digits(value, decimals, signed=False)

    def _digits(self, value: float, decimals: int, signed: bool | None = None) -> str:
        plus = self.signed if signed is None else signed
        text = f"{abs(value):,.{decimals}f}"
        if not text.strip("0.,"):
            return text
        return ("−" if value < 0 else "+" if plus else "") + text


PERCENT = Unit("\u00a0%", limits=(0, 100))
POINTS = Unit(signed=True, limits=(-100, 100))
COUNT = Unit(from_zero=True, limits=(0, math.inf))
HOURS = Unit("\u00a0h", decimals=1, from_zero=True, limits=(0, math.inf))
TONE = Unit(decimals=2, signed=True, limits=(-1, 1))


@dataclass(frozen=True)
class Ticks:
    """Round numbers over the data, lowest first, and the decimals that tell them apart."""

    values: tuple[float, ...]
    decimals: int


def nice_ticks(low: float, high: float, unit: Unit = COUNT, wanted: int = 4) -> Ticks:
    """About `wanted` steps of 1, 2 or 5 times a power of ten, from below low to above high.

    Source: P. S. Heckbert (1990), Nice numbers for graph labels, Graphics Gems, 61-63.
    """
    if high - low <= max(1e-12, 1e-9 * max(abs(low), abs(high))):
        low, high = _padded(low, high, unit)
    step = max(_nice((high - low) / wanted), 10.0**-unit.decimals)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    decimals = max(0, -math.floor(math.log10(step) + 1e-9))
    steps = range(first, max(last, first + 1) + 1)
    return Ticks(tuple(round(index * step, decimals) for index in steps), decimals)


@dataclass(frozen=True)
class Scale:
    """From values to places in the drawing; `end` may lie above `start`."""

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        return self.start + (value - self.low) / (self.high - self.low) * (self.end - self.start)


@dataclass(frozen=True)
class Label:
    """A text centred at x."""

    x: float
    text: str


def thinned(texts: Sequence[str], places: Sequence[float], width: float) -> tuple[Label, ...]:
    """Every second, third … label, so that none overlap within the width; the last is kept."""
    labels = [within(fitted(text, LONGEST_LABEL), x, width) for text, x in _zip(texts, places)]
    for step in range(1, len(labels) + 1):
        kept = labels[::-1][::step][::-1]
        if all(_right(one) + GAP <= _left(two) for one, two in pairwise(kept)):
            return tuple(kept)
    return ()


def fitted(text: str, room: float) -> str:
    """The text, cut with an ellipsis where it is wider than the room."""
    text = " ".join(text.split())
    if text_width(text) <= room:
        return text
    while text and text_width(text) > room - LETTER:
        text = text[:-1]
    return text.rstrip() + "…"


def text_width(text: str) -> float:
    """An estimate from above: full-width letters count double."""
    return sum(LETTER * (2 if east_asian_width(letter) in "WF" else 1) for letter in text)


def within(text: str, x: float, width: float) -> Label:
    """The text centred at x, or as near to it as the width allows."""
    half = text_width(text) / 2
    return Label(max(half, min(x, width - half)), text)


def _zip(texts: Sequence[str], places: Sequence[float]) -> zip[tuple[str, float]]:
    return zip(texts, places, strict=True)


def _left(label: Label) -> float:
    return label.x - text_width(label.text) / 2


def _right(label: Label) -> float:
    return label.x + text_width(label.text) / 2


def _padded(low: float, high: float, unit: Unit) -> tuple[float, float]:
    """Room around data that are all equal, inside the limits of the unit."""
    pad = abs(high) / 10 if abs(high) > 1e-6 else 1.0
    floor, ceiling = unit.limits
    return max(low - pad, min(low, floor)), min(high + pad, max(high, ceiling))


def _nice(rough: float) -> float:
    power = 10.0 ** math.floor(math.log10(rough))
    fraction = rough / power
    return power * (1 if fraction < 1.5 else 2 if fraction < 3 else 5 if fraction < 7 else 10)
