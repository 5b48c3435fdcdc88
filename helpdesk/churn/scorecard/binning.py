"""From the values of a column to a handful of bins.

Numbers: the cuts that keep most information about who left, found by dynamic programming over fine
quantiles, a bin more only where it tells more than chance would. Words: each its own bin, rare ones
together. What is missing is a bin of its own in both.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from helpdesk.churn.scorecard.evidence import Count

MISSING = "missing"
OTHER = "other"
FINE = 40
"""Quantiles from which the cuts are chosen."""
MOST_BINS = 8
SMALLEST = 0.03
"""Share of the rows that a bin of numbers has at least."""
WORTH = 4.0
"""A further bin must raise the log-likelihood by so much; by chance a cut raises it by a half, and
the best of some forty cuts by about three."""
RARE, RARE_ROWS = 0.005, 20
"""A word on fewer rows than this share, or than so many, is pooled."""

Values = Sequence[float | str | None]


@dataclass(frozen=True)
class Bins:
    """How one column is cut. Bin numbers follow `labels`; the last two are "other" and missing for
    words, the last one is missing for numbers."""

    name: str
    cuts: tuple[float, ...] = ()
    words: dict[str, int] = field(default_factory=dict)
    is_number: bool = True

    def __len__(self) -> int:
        return len(self.cuts) + 2 if self.is_number else len(self.words) + 2

    def index(self, value: float | str | None) -> int:
        """The bin of a value; a word never seen before belongs to the others."""
        if value is None:
            return len(self) - 1
        if self.is_number:
            return bisect_right(self.cuts, float(value))
        return self.words.get(str(value), len(self) - 2)

    @property
    def labels(self) -> list[str]:
        """Each bin in words."""
        if not self.is_number:
            return [*self.words, OTHER, MISSING]
        edges = [_number(cut) for cut in self.cuts]
        if not edges:
            return ["any number", MISSING]
        between = [f"{low} to below {high}" for low, high in pairwise(edges)]
        return [f"below {edges[0]}", *between, f"{edges[-1]} or more", MISSING]


def bins_of(name: str, values: Values, left: Sequence[bool], is_number: bool) -> Bins:
    """The bins of a column, from the rows it is trained on."""
    if is_number:
        known = [(float(v), y) for v, y in zip(values, left, strict=True) if v is not None]
        return Bins(name, cuts=_best_cuts(known) or _quarters([value for value, _ in known]))
    return Bins(name, words=_frequent([str(v) for v in values if v is not None]), is_number=False)


def _frequent(words: list[str]) -> dict[str, int]:
    least = min(RARE_ROWS, len(words) // 10)
    rare = max(RARE * len(words), least)
    kept = [word for word, n in Counter(words).most_common() if n >= rare]
    return {word: number for number, word in enumerate(sorted(kept))}


def _best_cuts(known: list[tuple[float, bool]]) -> tuple[float, ...]:
    """The cuts that explain most, after what chance would add."""
    if not known:
        return ()
    known.sort(key=lambda pair: pair[0])
    fine = _fine_cuts([value for value, _ in known])
    counts = _counts(known, fine)
    whole = _sum(counts)
    if not whole.left or not whole.stayed:
        return ()
    chosen = _segment(counts, math.ceil(SMALLEST * whole.n))
    return tuple(fine[edge - 1] for edge in chosen)


def _quarters(values: list[float]) -> tuple[float, ...]:
    """A column that tells nothing alone may tell something together with another one."""
    ordered = sorted(values)
    edges = {ordered[len(ordered) * part // 4] for part in range(1, 4)} if ordered else set()
    return tuple(sorted(edge for edge in edges if edge > ordered[0]))


def _fine_cuts(ordered: list[float]) -> list[float]:
    """Middles between distinct neighbours, at about the quantiles; a cut c splits < c from >= c."""
    distinct = sorted(set(ordered))
    if len(distinct) <= FINE:
        return [_middle(low, high) for low, high in pairwise(distinct)]
    cuts = []
    for part in range(1, FINE):
        value = ordered[len(ordered) * part // FINE]
        place = bisect_right(distinct, value)
        if place < len(distinct):
            cuts.append(_middle(value, distinct[place]))
    return sorted(set(cuts))


def _middle(low: float, high: float) -> float:
    """A short number above `low` and not above `high`."""
    for digits in range(-6, 12):
        short = round((low + high) / 2, digits)
        if low < short <= high:
            return short
    return high


def _counts(known: list[tuple[float, bool]], cuts: list[float]) -> list[Count]:
    left, n = [0] * (len(cuts) + 1), [0] * (len(cuts) + 1)
    for value, came in known:
        place = bisect_right(cuts, value)
        n[place] += 1
        left[place] += came
    return [Count(a, b - a) for a, b in zip(left, n, strict=True)]


def _sum(counts: Sequence[Count]) -> Count:
    return Count(sum(c.left for c in counts), sum(c.stayed for c in counts))


def _segment(counts: list[Count], smallest: int) -> list[int]:
    """Where bins begin, without the first: the best of all ways to join neighbours."""
    upto = [Count(0, 0)]
    for count in counts:
        upto.append(upto[-1] + count)
    best: list[tuple[float, list[int]]] = [(0.0, [])]
    for end in range(1, len(upto)):
        best.append(_best_end(best, upto, end, smallest))
    return best[-1][1][1:][: MOST_BINS - 1] if best[-1][1] else []


def _best_end(
    best: list[tuple[float, list[int]]],
    upto: list[Count],
    end: int,
    smallest: int,
) -> tuple[float, list[int]]:
    found: tuple[float, list[int]] = (-math.inf, [])
    for start in range(end):
        part = Count(upto[end].left - upto[start].left, upto[end].stayed - upto[start].stayed)
        value, edges = best[start]
        if part.n < smallest or len(edges) >= MOST_BINS or value == -math.inf:
            continue
        worth = value + _explained(part) - WORTH
        if worth > found[0]:
            found = (worth, [*edges, start])
    return found


def _explained(part: Count) -> float:
    """The log-likelihood of a bin whose chance is its own share of leavers."""
    return sum(n * math.log(n / part.n) for n in (part.left, part.stayed) if n)


def _number(value: float) -> str:
    return f"{value:,.10g}".replace(",", "")
