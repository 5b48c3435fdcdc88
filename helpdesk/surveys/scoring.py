"""What survey answers say, and how far they can be trusted.

Pure rules: counts in, measures out. A measure of no answers is `None`, never zero.
Shares are fractions (0 to 1) in `Interval`s of proportions; CSAT and NPS are in the
units people read them in (per cent, and points from -100 to 100).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

Z = 1.959964
"""Standard normal quantile for a two-sided 95 % range."""

SMALL_NPS = 30
"""Below this many answers the plain NPS range is too narrow and the adjusted one is used."""


@dataclass(frozen=True)
class Interval:
    """A 95 % range, both ends included."""

    low: float
    high: float

    def scaled(self, factor: float) -> Interval:
        """The same range in another unit, for instance per cent for shares."""
        return Interval(self.low * factor, self.high * factor)

    def overlaps(self, other: Interval) -> bool:
        """Whether a value could lie in both ranges."""
        return self.low <= other.high and other.low <= self.high

    def __contains__(self, value: float) -> bool:
        return self.low <= value <= self.high


def wilson(successes: int, n: int) -> Interval | None:
    """Range of a share; `None` when nobody was counted.

    Source: E. B. Wilson (1927), Probable inference, the law of succession, and
    statistical inference, JASA 22, 209-212. Unlike p ± z·SE it stays inside 0 and 1 and
    keeps a width at 0 % and 100 %. Raises ValueError for impossible counts.
    """
    if not 0 <= successes <= n:
        raise ValueError(f"{successes} of {n} is not a share")
    if n == 0:
        return None
    share, square = successes / n, Z * Z
    centre = share + square / (2 * n)
    reach = Z * math.sqrt(share * (1 - share) / n + square / (4 * n * n))
    scale = 1 + square / n
    low = 0.0 if successes == 0 else (centre - reach) / scale
    high = 1.0 if successes == n else (centre + reach) / scale
    return Interval(max(0.0, low), min(1.0, high))


@dataclass(frozen=True)
class Csat:
    """Satisfaction: the share of answers 4 and 5, in per cent, with its Wilson range."""

    n: int
    satisfied: int
    percent: float
    mean: float
    interval: Interval
    counts: tuple[int, int, int, int, int]
    """Answers 1 to 5. Shown beside the per cent, which hides how 1 to 3 are spread."""


def csat(counts: Mapping[int, int]) -> Csat | None:
    """Top-two-box satisfaction, 100·(n4 + n5)/n, from how often each score was given.

    Raises ValueError for a score outside 1 to 5 or a negative count.
    """
    _check_counts(counts, 1, 5)
    spread = (*(counts.get(score, 0) for score in range(1, 6)),)
    n, satisfied = sum(spread), spread[3] + spread[4]
    share = wilson(satisfied, n)
    if share is None:
        return None
    mean = sum(score * count for score, count in enumerate(spread, start=1)) / n
    one, two, three, four, five = spread
    return Csat(
        n,
        satisfied,
        100 * satisfied / n,
        mean,
        share.scaled(100),
        (one, two, three, four, five),
    )


@dataclass(frozen=True)
class Nps:
    """Net promoter score in points, with its standard error and its 95 % range.

    `adjusted` says that the range is made from the adjusted counts (see `nps`).
    """

    n: int
    promoters: int
    passives: int
    detractors: int
    value: float
    standard_error: float
    interval: Interval
    adjusted: bool


def nps(promoters: int, passives: int, detractors: int) -> Nps | None:
    """100·(P - D)/n; standard error 100·√((p + d - (p - d)²)/n).

    The range is value ± z·SE. With fewer than `SMALL_NPS` answers, or when everybody is of
    one kind (where SE would be 0), it comes from `adjusted_net`. Either range is clipped to
    ±100 and, with one or two answers, stretched to hold the observed value.
    Raises ValueError for a negative count.
    """
    if min(promoters, passives, detractors) < 0:
        raise ValueError("a count of answers cannot be negative")
    n = promoters + passives + detractors
    if n == 0:
        return None
    value, error = _net(promoters, detractors, n)
    adjusted = n < SMALL_NPS or n in (promoters, passives, detractors)
    centre, spread = adjusted_net(promoters, detractors, n) if adjusted else (value, error)
    interval = Interval(
        max(-100.0, min(value, centre - Z * spread)),
        min(100.0, max(value, centre + Z * spread)),
    )
    return Nps(n, promoters, passives, detractors, value, error, interval, adjusted)


def adjusted_net(promoters: int, detractors: int, n: int) -> tuple[float, float]:
    """Score and standard error, in points, after adding three answers: ¾ P, 1½ passive, ¾ D.

    Source: B. Rocks (2016), Interval estimation for the net promoter score, The American
    Statistician 70, 365-372: the adjusted Wald range with triangular weights.
    """
    return _net(promoters + 0.75, detractors + 0.75, n + 3)


def nps_of(counts: Mapping[int, int]) -> Nps | None:
    """The score from how often each answer 0 to 10 was given: 9-10 promote, 0-6 detract."""
    _check_counts(counts, 0, 10)
    promoters = counts.get(9, 0) + counts.get(10, 0)
    passives = counts.get(7, 0) + counts.get(8, 0)
    return nps(promoters, passives, sum(counts.values()) - promoters - passives)


@dataclass(frozen=True)
class ResponseRate:
    """How many of those asked have answered; all shares are fractions."""

    asked: int
    answered: int
    rate: float
    interval: Interval


def response_rate(asked: int, answered: int) -> ResponseRate | None:
    """Answers per survey sent, with its Wilson range; `None` when nobody was asked."""
    interval = wilson(answered, asked)
    if interval is None:
        return None
    return ResponseRate(asked, answered, answered / asked, interval)


def non_response_bounds(rate: float, share: float) -> Interval:
    """Where the share among all asked may lie, whatever the silent ones think.

    [r·c, r·c + 1 - r] for response rate r and share c among answers, all fractions.
    Source: C. F. Manski (1989), Anatomy of the selection problem, J. Human Resources 24.
    """
    for fraction in (rate, share):
        if not 0 <= fraction <= 1:
            raise ValueError(f"{fraction} is not a fraction between 0 and 1")
    return Interval(rate * share, rate * share + 1 - rate)


def csat_half_width(percent: float, n: int) -> float:
    """Half the width, in points, of the Wilson range at this satisfaction and n (help text)."""
    share, square = percent / 100, Z * Z
    reach = Z * math.sqrt(share * (1 - share) / n + square / (4 * n * n))
    return 100 * reach / (1 + square / n)


def nps_half_width(n: int, variance: float = 0.61) -> float:
    """Half the width, in points, of the plain NPS range at variance p + d - (p - d)²."""
    return 100 * Z * math.sqrt(variance / n)


def _check_counts(counts: Mapping[int, int], lowest: int, highest: int) -> None:
    for score, count in counts.items():
        if not lowest <= score <= highest or count < 0:
            raise ValueError(f"{count} answers of {score} do not fit {lowest} to {highest}")


def _net(promoters: float, detractors: float, n: float) -> tuple[float, float]:
    """Score and standard error, in points."""
    for_us, against = promoters / n, detractors / n
    net = for_us - against
    return 100 * net, 100 * math.sqrt(max(0.0, for_us + against - net * net) / n)
