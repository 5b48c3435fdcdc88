"""Weight of evidence, information value, and what points are worth.

Source: N. Siddiqi (2006), Credit Risk Scorecards, chapters 6 and 7.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

POINTS_TO_DOUBLE = 20
"""So many points double the odds of leaving."""
FACTOR = POINTS_TO_DOUBLE / math.log(2)
"""Points for each unit of log-odds: 28.854."""
SMOOTHING = 0.5


@dataclass(frozen=True)
class Count:
    """How many of a bin left, and how many stayed."""

    left: int
    stayed: int

    @property
    def n(self) -> int:
        return self.left + self.stayed

    def __add__(self, other: Count) -> Count:
        return Count(self.left + other.left, self.stayed + other.stayed)


def woe(part: Count, whole: Count, smoothing: float = SMOOTHING) -> float:
    """ln of (share of all leavers in this bin / share of all stayers in it), in log-odds.

    Raises ZeroDivisionError where a count is 0 and nothing is smoothed.
    """
    left = (part.left + smoothing) / whole.left
    stayed = (part.stayed + smoothing) / whole.stayed
    return math.log(left / stayed)


def information(parts: Sequence[Count]) -> float:
    """Information value: the sum over bins of (share of leavers - share of stayers) x WOE."""
    whole = Count(sum(p.left for p in parts), sum(p.stayed for p in parts))
    return sum(gain(part, whole) for part in parts)


def gain(part: Count, whole: Count) -> float:
    """What one bin adds to the information value; at least 0 without smoothing."""
    return (part.left / whole.left - part.stayed / whole.stayed) * woe(part, whole)


def noise(whole: Count) -> float:
    """The information value that one more bin gets by chance alone.

    Under no relation the information value times left x stayed / n follows a chi-square
    distribution with one degree of freedom for each bin but one.
    """
    return 1 / whole.left + 1 / whole.stayed


def reliability(parts: Sequence[Count]) -> float:
    """The share of a column's weight of evidence that is not chance, 0 to 1: with it the weights
    of a column with many small bins are drawn towards 0 (as James and Stein did, 1961)."""
    whole = Count(sum(p.left for p in parts), sum(p.stayed for p in parts))
    found = information(parts) / noise(whole)
    return max(0.0, 1 - (len(parts) - 1) / found) if found > 0 else 0.0


def points(log_odds: float) -> int:
    """Whole points: 20 of them double the odds of leaving."""
    return round(log_odds * FACTOR)
