"""Retention, cohorts, repeat rate, and the worth of a contract over its expected life."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import sqrt

Z = 1.959964
"""The normal quantile of a 95 % range."""


def retention(at_start: int, at_end: int, new: int) -> float | None:
    """(E - N) / S: of those present at the start, the fraction present at the end."""
    return (at_end - new) / at_start if at_start else None


def yearly_churn(monthly: float) -> float:
    """1 - (1 - m)^12."""
    return float(1 - (1 - monthly) ** 12)


def lifetime(churn: float, most: float = 120.0) -> float:
    """Periods that a customer stays on average, 1 / churn; never more than `most`, for a churn of
    nothing in a short past promises no eternity."""
    return min(most, 1 / churn) if churn > 0 else most


def contract_value(value_a_year: float, margin: float, churn_a_year: float) -> float:
    """Margin x expected lifetime in years, for customers with a contract."""
    return value_a_year * margin * lifetime(churn_a_year, most=10.0)


def survival(observed: Iterable[tuple[float, bool]]) -> list[tuple[float, float]]:
    """The share that stays beyond each time at which somebody left: product of 1 - d / r.

    Each pair says how long somebody was watched and whether they left then. Source: E. Kaplan and
    P. Meier (1958), Nonparametric estimation from incomplete observations.
    """
    pairs = sorted(observed)
    ends, share, curve = Counter(t for t, _ in pairs), 1.0, []
    left = Counter(t for t, gone in pairs if gone)
    at_risk = len(pairs)
    for moment in sorted(ends):
        if left[moment]:
            share *= 1 - left[moment] / at_risk
            curve.append((moment, share))
        at_risk -= ends[moment]
    return curve


def quintiles(values: Sequence[float]) -> list[int]:
    """1 (lowest fifth) to 5 (highest), by rank; equal values share the middle of their places."""
    order = sorted(range(len(values)), key=lambda place: values[place])
    found, place = [0] * len(values), 0
    while place < len(order):
        end = place
        while end < len(order) and values[order[end]] == values[order[place]]:
            end += 1
        fifth = min(5, int(5 * (place + end - 1) / 2 / len(order)) + 1)
        for other in order[place:end]:
            found[other] = fifth
        place = end
    return found


def repeat_rate(purchases: Sequence[int]) -> float | None:
    """Of those who bought, the fraction who bought again."""
    bought = [n for n in purchases if n > 0]
    return sum(n > 1 for n in bought) / len(bought) if bought else None


@dataclass(frozen=True)
class Cohort:
    """Who came in one month, and how many of them were there in each month since. A month that is
    not over is not counted."""

    month: date
    size: int
    present: tuple[int, ...]

    @property
    def shares(self) -> tuple[float, ...]:
        """The same as fractions of the cohort."""
        return tuple(n / self.size for n in self.present)


def cohorts(lives: Iterable[tuple[date, date | None]], today: date) -> list[Cohort]:
    """Cohorts by month of coming, from (came, left) of each customer. Cell k counts those who were
    still there at the end of the k-th month after their first."""
    groups: Mapping[date, list[date | None]] = defaultdict(list)
    for came, gone in lives:
        if came <= today:
            groups[came.replace(day=1)].append(gone)
    found = []
    for month in sorted(groups):
        over = _months_between(month, today.replace(day=1))
        ends = [_months_on(month, number + 1) for number in range(over)]
        present = tuple(sum(gone is None or gone >= end for gone in groups[month]) for end in ends)
        found.append(Cohort(month, len(groups[month]), present))
    return found


@dataclass(frozen=True)
class Forecast:
    """What may come, with the range in which 95 of 100 such months would lie."""

    value: float
    low: float
    high: float


def forecast(past: Sequence[float]) -> Forecast | None:
    """The next period: average x (1 + growth), growth being the mean change from one period to the
    next over the average, held within a fifth; None for fewer than three periods."""
    if len(past) < 3:
        return None
    mean = sum(past) / len(past)
    if mean == 0:
        return Forecast(0.0, 0.0, 0.0)
    growth = max(-0.2, min(0.2, (past[-1] - past[0]) / (len(past) - 1) / mean))
    spread = sqrt(sum((one - mean) ** 2 for one in past) / (len(past) - 1))
    value = mean * (1 + growth)
    reach = Z * spread * sqrt(1 + 1 / len(past))
    return Forecast(value, max(0.0, value - reach), value + reach)


def _months_on(month: date, number: int) -> date:
    index = month.year * 12 + month.month - 1 + number
    return date(index // 12, index % 12 + 1, 1)


def _months_between(first: date, last: date) -> int:
    return (last.year - first.year) * 12 + last.month - first.month
