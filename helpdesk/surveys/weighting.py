"""What the silent ones may have thought: bounds, and a score weighted as those who were asked.

Pure rules. Answers are no random sample: where a group answers less often than another, the plain
score says less about it. Weighting each group by how many of it were asked corrects for that part
of the difference which the groups explain, and for no more.
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from helpdesk.surveys.scoring import Interval, Z, non_response_bounds

Group = TypeVar("Group", bound=Hashable)


@dataclass(frozen=True)
class Cell:
    """One group: how many were asked, answered, and answered that they are satisfied."""

    asked: int
    answered: int
    satisfied: int

    def __post_init__(self) -> None:
        if not 0 <= self.satisfied <= self.answered <= self.asked:
            raise ValueError(f"{self.satisfied} of {self.answered} of {self.asked} cannot be")


@dataclass(frozen=True)
class Weighted:
    """Shares are fractions. `n` is the effective number of answers (Kish), `covered` the share of
    those asked who are in a group with an answer; the others are not spoken for."""

    plain: float
    share: float
    interval: Interval
    n: float
    covered: float
    bounds: Interval
    """Where the share of all lies whatever the silent ones think (Manski)."""


def weighted(cells: Mapping[Group, Cell]) -> Weighted | None:
    """The share of the satisfied, each group weighted by those asked in it: Σ W·p with W = asked of
    the group over asked of all groups with an answer. None without an answer.

    Sources: D. Holt and T. M. F. Smith (1979), Post stratification, JRSS A 142, 33-46; L. Kish
    (1965), Survey Sampling, for the effective number (Σ W)²/Σ(W²/n), by which the Wilson range is
    taken.
    """
    asked = sum(cell.asked for cell in cells.values())
    heard = [cell for cell in cells.values() if cell.answered]
    if not heard:
        return None
    reached = sum(cell.asked for cell in heard)
    answered = sum(cell.answered for cell in heard)
    satisfied = sum(cell.satisfied for cell in heard)
    shares = [(cell.asked / reached, cell) for cell in heard]
    share = sum(weight * cell.satisfied / cell.answered for weight, cell in shares)
    n = 1 / sum(weight * weight / cell.answered for weight, cell in shares)
    return Weighted(
        satisfied / answered,
        share,
        wilson_of(share, n),
        n,
        reached / asked,
        non_response_bounds(answered / asked, satisfied / answered),
    )


def wilson_of(share: float, n: float) -> Interval:
    """The Wilson range of a share of an effective number of answers, which need not be whole.

    Raises ValueError for no answers, or a share that is none.
    """
    if n <= 0 or not -1e-9 <= share <= 1 + 1e-9:
        raise ValueError(f"{share} of {n} is not a share")
    share, square = min(1.0, max(0.0, share)), Z * Z
    centre = share + square / (2 * n)
    reach = Z * math.sqrt(share * (1 - share) / n + square / (4 * n * n))
    scale = 1 + square / n
    low, high = (centre - reach) / scale, (centre + reach) / scale
    return Interval(max(0.0, min(share, low)), min(1.0, max(share, high)))
