"""Measures of a ranking with their ranges, drawn anew by customer.

A customer stands at several cuts, and those are not independent: so whole customers are drawn with
replacement (the cluster bootstrap; A. Davison and D. Hinkley 1997, section 3.8), and the range is
the middle 95 % of what comes out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from helpdesk.churn import ranking

DRAWS = 200
MOST_WORK = 20_000_000
"""Cases times draws; with very many cases fewer draws do."""


@dataclass(frozen=True)
class Range:
    """A value with the bounds between which it lies in 95 of 100 draws."""

    value: float | None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class Judgement:
    """How good a ranking was. `k` is what one can look after."""

    n: int
    leavers: int
    k: int
    auc: Range
    lift_at_10: Range
    precision_at_k: Range
    recall_at_k: Range


Totals = list[tuple[float, float]]
"""By level of risk, riskiest first: how many, and leavers among them."""


def judge(
    risks: Sequence[float],
    left: Sequence[bool],
    customers: Sequence[int],
    k: int,
    seed: int = 1,
) -> Judgement:
    """All measures of this ranking, with ranges. `customers` says whose each case is."""
    levels = {risk: place for place, risk in enumerate(sorted(set(risks), reverse=True))}
    placed = [levels[risk] for risk in risks]
    by_customer: dict[int, list[tuple[int, bool]]] = {}
    for customer, level, came in zip(customers, placed, left, strict=True):
        by_customer.setdefault(customer, []).append((level, came))
    drawn = _draw(list(by_customer.values()), len(levels), len(risks), seed, k)
    exact = {
        "auc": ranking.auc(risks, left),
        "lift_at_10": ranking.lift_at(0.1, risks, left),
        "precision_at_k": ranking.precision_at(k, risks, left),
        "recall_at_k": ranking.recall_at(k, risks, left),
    }
    ranges = {name: _range(value, [one[name] for one in drawn]) for name, value in exact.items()}
    return Judgement(len(risks), sum(left), k, **ranges)


def _draw(
    clusters: list[list[tuple[int, bool]]], levels: int, cases: int, seed: int, k: int
) -> list[dict[str, float | None]]:
    random = Random(seed)  # noqa: S311 - which customers to draw
    draws = min(DRAWS, max(40, MOST_WORK // max(cases, 1)))
    found = []
    for _ in range(draws if len(clusters) > 1 else 0):
        n, leavers = [0] * levels, [0] * levels
        for cluster in random.choices(clusters, k=len(clusters)):
            for level, came in cluster:
                n[level] += 1
                leavers[level] += came
        found.append(_measures(list(zip(n, leavers, strict=True)), k))
    return found


def _measures(totals: Totals, k: int) -> dict[str, float | None]:
    n, leavers = sum(a for a, _ in totals), sum(b for _, b in totals)
    top = _top(totals, max(1, round(0.1 * n)))
    first = _top(totals, min(k, n))
    return {
        "auc": _auc(totals, leavers, n - leavers),
        "lift_at_10": top / max(1, round(0.1 * n)) / (leavers / n) if leavers else None,
        "precision_at_k": first / min(k, n) if min(k, n) else None,
        "recall_at_k": first / leavers if leavers else None,
    }


def _top(totals: Totals, k: float) -> float:
    """Leavers among the k riskiest; within a level all orders are equally likely."""
    found, room = 0.0, float(k)
    for n, leavers in totals:
        if n:
            found += leavers * min(room, n) / n
            room -= min(room, n)
        if room <= 0:
            break
    return found


def _auc(totals: Totals, leavers: float, stayers: float) -> float | None:
    if not leavers or not stayers:
        return None
    won, below = 0.0, stayers
    for n, came in totals:
        below -= n - came
        won += came * (below + (n - came) / 2)
    return won / (leavers * stayers)


def _range(value: float | None, drawn: list[float | None]) -> Range:
    known = sorted(one for one in drawn if one is not None)
    if value is None or len(known) < 20:
        return Range(value)
    edge = round(0.025 * (len(known) - 1))
    return Range(value, known[edge], known[-1 - edge])
