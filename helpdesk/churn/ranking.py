"""How good was a ranking of customers by risk, once it is known who left?

Every measure takes the risks (any scale that grows with risk; fractions for Brier and
calibration) and, in the same order, whether each customer left. A measure that needs
leavers and finds none is `None`. Customers with equal risk share their places: what is
counted at a cut through them is the mean over all orders they could stand in.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise


def precision_at(k: int, risks: Sequence[float], left: Sequence[bool]) -> float | None:
    """Leavers among the k riskiest, as a fraction of k (of all, when there are fewer)."""
    taken = min(k, len(risks))
    return _found(taken, risks, left) / taken if taken > 0 else None


def recall_at(k: int, risks: Sequence[float], left: Sequence[bool]) -> float | None:
    """Leavers among the k riskiest, as a fraction of all leavers."""
    leavers = sum(left)
    return _found(min(k, len(risks)), risks, left) / leavers if leavers else None


def lift_at(share: float, risks: Sequence[float], left: Sequence[bool]) -> float | None:
    """Precision among the riskiest `share` (at least one customer), over the base rate."""
    base = base_rate(left)
    precision = precision_at(max(1, round(share * len(risks))), risks, left)
    return precision / base if base and precision is not None else None


def base_rate(left: Sequence[bool]) -> float | None:
    """The fraction that left."""
    return sum(left) / len(left) if left else None


def auc(risks: Sequence[float], left: Sequence[bool]) -> float | None:
    """The chance that a leaver ranks above a stayer, a tie counting half.

    Computed from ranks: J. A. Hanley and B. J. McNeil (1982), The meaning and use of the
    area under a ROC curve, Radiology 143, 29-36.
    """
    leavers = sum(left)
    pairs = leavers * (len(left) - leavers)
    if not pairs:
        return None
    won, stayers_below = 0.0, 0
    for group in reversed(_by_risk(risks, left)):
        stayed = len(group) - sum(group)
        won += sum(group) * (stayers_below + stayed / 2)
        stayers_below += stayed
    return won / pairs


def brier(chances: Sequence[float], left: Sequence[bool]) -> float | None:
    """Mean squared distance of chance and outcome; chances are fractions.

    Source: G. W. Brier (1950), Verification of forecasts expressed in terms of
    probability, Monthly Weather Review 78, 1-3.
    """
    _check_chances(chances)
    squares = [(chance - came) ** 2 for chance, came in zip(chances, left, strict=True)]
    return sum(squares) / len(squares) if squares else None


def base_brier(left: Sequence[bool]) -> float | None:
    """What giving everybody the base rate would score: a useful model is below it."""
    base = base_rate(left)
    return None if base is None else base * (1 - base)


@dataclass(frozen=True)
class Band:
    """Customers of similar chance: what was foretold and what came, as fractions."""

    n: int
    foretold: float
    came: float


def calibration(
    chances: Sequence[float], left: Sequence[bool], bands: int = 10
) -> tuple[Band, ...]:
    """Deciles by chance, lowest first, as equal in size as can be; none is empty. Where an edge
    cuts through equal chances, each side has its share of what came, as expected over their orders.
    """
    _check_chances(chances)
    risks = sorted(set(chances), reverse=True)
    groups = zip(risks, _by_risk(chances, left), strict=True)
    pairs = [(risk, sum(group) / len(group)) for risk, group in groups for _ in group][::-1]
    edges = [round(len(pairs) * band / bands) for band in range(bands + 1)]
    parts = [pairs[low:high] for low, high in pairwise(edges)]
    return tuple(
        Band(len(part), sum(c for c, _ in part) / len(part), sum(x for _, x in part) / len(part))
        for part in parts
        if part
    )


def calibration_error(table: Sequence[Band]) -> float | None:
    """Mean distance of foretold and came, weighted by n (expected calibration error)."""
    total = sum(band.n for band in table)
    if not total:
        return None
    return sum(band.n * abs(band.foretold - band.came) for band in table) / total


def _found(k: int, risks: Sequence[float], left: Sequence[bool]) -> float:
    """Leavers among the k riskiest, as expected over the orders of equal risks."""
    found, room = 0.0, max(0, k)
    for group in _by_risk(risks, left):
        taken = min(room, len(group))
        found += sum(group) * taken / len(group)
        room -= taken
    return found


def _by_risk(risks: Sequence[float], left: Sequence[bool]) -> list[list[bool]]:
    """Outcomes in groups of equal risk, riskiest first."""
    pairs = sorted(zip(risks, left, strict=True), key=lambda pair: -pair[0])
    return [[came for _, came in group] for _, group in groupby(pairs, lambda pair: pair[0])]


def _check_chances(chances: Sequence[float]) -> None:
    if not all(0 <= chance <= 1 for chance in chances):
        raise ValueError("chances are fractions between 0 and 1")
