"""Who stayed: retention over a period, survival over a life, cohorts by starting month.

Pure rules: counts and dates in, shares (fractions) out. A share of nobody is `None`.

A customer who comes back after leaving counts as new in the period of the return, and
starts a new membership in the cohort table. So nobody is retained who was not there
at the start, and no row of the table ever rises again.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from helpdesk.surveys.scoring import Interval, Z, wilson


@dataclass(frozen=True)
class Retention:
    """Customers at the start, at the end, and new in between; shares are fractions."""

    start: int
    end: int
    new: int
    retained: float
    churned: float
    interval: Interval
    """Wilson range of `retained`."""


def retention(start: int, end: int, new: int) -> Retention | None:
    """(E - N)/S; `None` when nobody was there at the start.

    Raises ValueError when more would have stayed than started, or more came than are left.
    """
    kept = end - new
    if min(start, end, new) < 0 or not 0 <= kept <= start:
        raise ValueError(f"{start} at the start, {end} at the end, {new} new do not fit")
    interval = wilson(kept, start)
    if interval is None:
        return None
    return Retention(start, end, new, kept / start, (start - kept) / start, interval)


def compound_churn(rate: float, periods: int = 12) -> float:
    """1 - (1 - m)^periods: what a monthly rate becomes in a year."""
    return 1 - (1 - _fraction(rate)) ** periods


def mean_lifetime(rate: float) -> float | None:
    """1/m periods, for a constant rate; `None` when nobody ever leaves."""
    return 1 / rate if _fraction(rate) else None


@dataclass(frozen=True)
class Survival:
    """The share still with us after `time`, with its range (`None` once all have left)."""

    time: float
    at_risk: int
    lost: int
    share: float
    interval: Interval | None


def kaplan_meier(lives: Iterable[tuple[float, bool]]) -> tuple[Survival, ...]:
    """∏(1 - d/r) at every time somebody left, from (duration, left?) pairs.

    Who is still here counts as at risk up to, and including, the duration so far.
    Source: E. L. Kaplan and P. Meier (1958), Nonparametric estimation from incomplete
    observations, JASA 53, 457-481; variance after Greenwood, range on the log(-log) scale
    so that it stays between 0 and 1.
    """
    everyone = list(lives)
    left = Counter(time for time, lost in everyone if lost)
    ended = Counter(time for time, _ in everyone)
    curve, at_risk, share, variance = [], len(everyone), 1.0, 0.0
    for time in sorted(ended):
        lost = left[time]
        if lost:
            share *= 1 - lost / at_risk
            variance += lost / (at_risk * (at_risk - lost)) if lost < at_risk else math.inf
            curve.append(Survival(time, at_risk, lost, share, _log_log(share, variance)))
        at_risk -= ended[time]
    return tuple(curve)


@dataclass(frozen=True)
class Membership:
    """One stay: from its first day to the day it ended (`None`: still here)."""

    started: date
    left: date | None = None


@dataclass(frozen=True)
class Cell:
    """How many of a cohort are still here; `complete` when the month is over."""

    active: int
    share: float
    complete: bool


@dataclass(frozen=True)
class Cohort:
    """All who started in one month. Cell k: those here at the end of month k after it."""

    month: date
    size: int
    cells: tuple[Cell, ...]


def fates(stays: Mapping[Membership, int], months: Sequence[date]) -> Counter[tuple[int, str]]:
    """How many stayed, left, were new, or came and left in each month, by its place and the word;
    `months` are the first days of months that follow one another."""
    following = _month(months[-1]) + 1
    pairs: Counter[tuple[int, int]] = Counter()
    for stay, number in stays.items():
        left = following if stay.left is None else min(_month(stay.left), following)
        pairs[_month(stay.started), left] += number
    found: Counter[tuple[int, str]] = Counter()
    for (began, left), number in pairs.items():
        for place, month in enumerate(map(_month, months)):
            if began <= month <= left:
                words = ("came_and_left", "new"), ("left", "stayed")
                found[place, words[began < month][left > month]] += number
    return found


def cohorts(
    memberships: Iterable[Membership] | Mapping[Membership, int], as_of: date
) -> tuple[Cohort, ...]:
    """The cohort table, oldest month first; the last cell of each row is as of today.

    Only months that have begun have a cell, so the table is a triangle. Stays that begin
    after `as_of` are not counted.
    """
    by_month: dict[int, Counter[int | None]] = {}
    for stay, number in Counter(memberships).items():
        if stay.started <= as_of:
            by_month.setdefault(_month(stay.started), Counter())[_left_in(stay, as_of)] += number
    return tuple(_cohort(month, stays, as_of) for month, stays in sorted(by_month.items()))


def _cohort(month: int, stays: Counter[int | None], as_of: date) -> Cohort:
    """`stays` counts in which month they ended; None for those that last."""
    cells, size = [], stays.total()
    for later in range(month, _month(as_of) + 1):
        active = size - sum(
            number for left, number in stays.items() if left is not None and left <= later
        )
        cells.append(Cell(active, active / size, later < _month(as_of)))
    return Cohort(date(month // 12, month % 12 + 1, 1), size, tuple(cells))


def _left_in(stay: Membership, as_of: date) -> int | None:
    return None if stay.left is None or stay.left > as_of else _month(stay.left)


def _month(day: date) -> int:
    """Months since year 0, so that months can be counted."""
    return day.year * 12 + day.month - 1


def _fraction(rate: float) -> float:
    if not 0 <= rate <= 1:
        raise ValueError(f"{rate} is not a rate between 0 and 1")
    return rate


def _log_log(share: float, variance: float) -> Interval | None:
    if share <= 0:
        return None
    reach = Z * math.sqrt(variance) / abs(math.log(share))
    return Interval(share ** math.exp(reach), share ** math.exp(-reach))
