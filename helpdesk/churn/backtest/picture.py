"""The reliability picture: what was foretold beside what came, by decile."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from helpdesk.churn.effect import wilson

SIDE, EDGE = 360, 48


@dataclass(frozen=True)
class Dot:
    """One decile, in units of the drawing, with its range and its words."""

    x: float
    y: float
    low: float
    high: float
    words: str


@dataclass(frozen=True)
class Reliability:
    """Everything the template draws; `top` is the largest share on both axes."""

    top: float
    dots: tuple[Dot, ...]
    ticks: tuple[tuple[float, float, str], ...]
    """Place on the x axis, place on the y axis, words."""


def reliability(bands: Sequence[Mapping[str, float]]) -> Reliability | None:
    """The drawing of a calibration table, or None without one."""
    if not bands:
        return None
    ranges = [wilson(round(band["came"] * band["n"]), int(band["n"])) for band in bands]
    highest = max(*(band["foretold"] for band in bands), *(high for _, high in ranges))
    top = next(step for step in (0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 1.0) if step >= min(highest, 1.0))

    def x(share: float) -> float:
        return round(EDGE + share / top * (SIDE - EDGE - 8), 1)

    def y(share: float) -> float:
        return round(SIDE - EDGE - min(share, top) / top * (SIDE - EDGE - 8), 1)

    dots = tuple(
        Dot(
            x(band["foretold"]),
            y(band["came"]),
            y(low),
            y(high),
            f"foretold {band['foretold']:.1%}, came {band['came']:.1%}, {int(band['n']):,} cases",
        )
        for band, (low, high) in zip(bands, ranges, strict=True)
    )
    steps = [top * part / 4 for part in range(5)]
    return Reliability(top, dots, tuple((x(s), y(s), f"{100 * s:.3g} %") for s in steps))
