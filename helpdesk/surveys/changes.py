"""Is a change more than chance? One period against another, and many cells at once."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from helpdesk.surveys.scoring import Csat, Interval, Nps, Z, adjusted_net

Verdict = Literal["real", "within chance"]


@dataclass(frozen=True)
class Change:
    """One period against the one before: the difference, and whether it is more than chance.

    `difference` and `interval` are in points (of per cent, or of NPS). The range of a change
    that is called real never holds zero.
    """

    difference: float
    interval: Interval
    z: float
    p_value: float
    verdict: Verdict


def csat_change(before: Csat, after: Csat) -> Change:
    """Two shares compared: pooled z test, and Newcombe's range of the difference.

    A change is called real only when the test and the range agree.
    """
    one, two = before.satisfied / before.n, after.satisfied / after.n
    pooled = (before.satisfied + after.satisfied) / (before.n + after.n)
    error = math.sqrt(pooled * (1 - pooled) * (1 / before.n + 1 / after.n))
    z = (two - one) / error if error else 0.0
    interval = _newcombe(before, after)
    real = abs(z) > Z and 0 not in interval
    return Change(100 * (two - one), interval, z, two_sided(z), _verdict(real))


def nps_change(before: Nps, after: Nps) -> Change:
    """z = (N2 - N1)/√(SE1² + SE2²), from adjusted values where either side needed them.

    With very few answers the adjusted change can point the other way than the observed one;
    that is never called real.
    """
    adjusted = before.adjusted or after.adjusted
    (one, error_one), (two, error_two) = (_estimate(score, adjusted) for score in (before, after))
    gap, error = two - one, math.hypot(error_one, error_two)
    difference, z = after.value - before.value, gap / error
    interval = Interval(min(difference, gap - Z * error), max(difference, gap + Z * error))
    real = abs(z) > Z and 0 not in interval
    return Change(difference, interval, z, two_sided(z), _verdict(real))


def two_sided(z: float) -> float:
    """Probability of a standard normal at least as far from zero as z."""
    return math.erfc(abs(z) / math.sqrt(2))


def discoveries(p_values: Sequence[float], rate: float = 0.05) -> tuple[bool, ...]:
    """Which of many comparisons may be coloured, with at most `rate` of them false on average.

    Source: Y. Benjamini and Y. Hochberg (1995), Controlling the false discovery rate,
    JRSS B 57, 289-300.
    """
    ranked = sorted(p_values)
    limits = [rate * rank / len(ranked) for rank in range(1, len(ranked) + 1)]
    passed = [p for p, limit in zip(ranked, limits, strict=True) if p <= limit]
    threshold = passed[-1] if passed else -1.0
    return tuple(p <= threshold for p in p_values)


def _estimate(score: Nps, adjusted: bool) -> tuple[float, float]:
    if adjusted:
        return adjusted_net(score.promoters, score.detractors, score.n)
    return score.value, score.standard_error


def _newcombe(before: Csat, after: Csat) -> Interval:
    """Range of a difference of shares, from their two Wilson ranges, in points.

    Source: R. G. Newcombe (1998), Interval estimation for the difference between
    independent proportions, Statistics in Medicine 17, 873-890, method 10.
    """
    gap = after.percent - before.percent
    fall = math.hypot(after.percent - after.interval.low, before.interval.high - before.percent)
    rise = math.hypot(after.interval.high - after.percent, before.percent - before.interval.low)
    return Interval(gap - fall, gap + rise)


def _verdict(real: bool) -> Verdict:
    return "real" if real else "within chance"
