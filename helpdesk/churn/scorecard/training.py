"""Fitting a scorecard to rows whose outcome is known.

Three steps: bins with their weight of evidence; a logistic regression on these weights, so that
columns that say the same are not counted twice; then, where it helps on rows held out for that,
small corrections for pairs of columns. Platt's calibration on the same rows makes the sum a chance
(J. Platt 1999, Probabilistic outputs for support vector machines).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from random import Random

from helpdesk.churn.scorecard import logistic
from helpdesk.churn.scorecard.binning import Bins, Values, bins_of
from helpdesk.churn.scorecard.card import Cell, Part, Scorecard
from helpdesk.churn.scorecard.evidence import FACTOR, Count, information, points, reliability, woe

RIDGE = 1.0
HELD_OUT = 3
"""One row in so many decides how far pairs go, and calibrates."""
MOST_COLUMNS = 20
"""The most telling columns of which pairs are tried."""
MOST_PAIRS = 16
RATE = 0.2
"""How much of each correction is taken in one round."""
SHRINK = 40.0
"""A pair's bin counts as if it held so much more evidence for no correction."""
MOST_ROUNDS = 15
PATIENCE = 2
"""Rounds without progress on the rows held out before it ends."""


@dataclass(frozen=True)
class Columns:
    """Rows by column, and whether each row left."""

    values: Mapping[str, Values]
    numbers: frozenset[str]
    left: Sequence[bool]

    def take(self, rows: Sequence[int]) -> Columns:
        """Some of the rows."""
        picked = {name: [values[i] for i in rows] for name, values in self.values.items()}
        return Columns(picked, self.numbers, [self.left[i] for i in rows])


@dataclass
class _Fit:
    """Log-odds by cell, as they grow, and where each row they are learnt from stands."""

    bins: dict[str, Bins]
    codes: dict[str, list[int]]
    left: Sequence[bool]
    base: float
    tables: dict[tuple[str, ...], dict[Cell, float]]
    odds: list[float]
    pairs: dict[tuple[str, ...], list[int]]
    """The cell of each row, by pair: the first bin times the number of second bins, plus that."""

    def cells(self, names: tuple[str, ...], codes: Mapping[str, Sequence[int]]) -> list[int]:
        """The cells of these two columns, as plain numbers."""
        width = len(self.bins[names[1]])
        pairs = zip(codes[names[0]], codes[names[1]], strict=True)
        return [first * width + second for first, second in pairs]


def train(columns: Columns, *, with_pairs: bool = True, seed: int = 1) -> Scorecard:
    """The scorecard of these rows. The same rows and seed give the same card.

    Raises ValueError where nobody left, or nobody stayed.
    """
    if len(set(columns.left)) < 2:
        raise ValueError("Both kinds are needed to learn from: some who left, some who stayed.")
    held = _held_out(columns.left, seed)
    seen = [row for row in range(len(columns.left)) if row not in held]
    rounds, slope, shift = 0, 1.0, 0.0
    if held:
        rounds, slope, shift = _tune(columns.take(seen), columns.take(sorted(held)), with_pairs)
    fitted = _fit_mains(columns)
    if rounds:
        _choose_pairs(fitted)
        for _ in range(rounds):
            _round(fitted)
    return _card(fitted, columns, slope, shift)


def _held_out(left: Sequence[bool], seed: int) -> set[int]:
    """A third of each kind by chance; nobody where that would leave too few to learn from."""
    if min(sum(left), len(left) - sum(left)) < 30:
        return set()
    random, held = Random(seed), set()  # noqa: S311 - which rows, not who may enter
    for kind in (True, False):
        rows = [row for row, came in enumerate(left) if came is kind]
        held.update(random.sample(rows, len(rows) // HELD_OUT))
    return held


def _tune(seen: Columns, held: Columns, with_pairs: bool) -> tuple[int, float, float]:
    """How many rounds of pairs serve the rows held out, and Platt's slope and shift on them."""
    fitted = _fit_mains(seen)
    codes = {
        name: [bins.index(value) for value in held.values[name]]
        for name, bins in fitted.bins.items()
    }
    odds = _odds(fitted.base, fitted.tables, codes, len(held.left))
    best, least, rounds = odds, logistic.loss(odds, held.left), 0
    if with_pairs:
        _choose_pairs(fitted)
    cells = {names: fitted.cells(names, codes) for names in fitted.pairs}
    for number in range(1, MOST_ROUNDS + 1) if cells else ():
        for names, steps in _round(fitted):
            odds = [x + steps[cell] for x, cell in zip(odds, cells[names], strict=True)]
        loss = logistic.loss(odds, held.left)
        if loss < least:
            best, least, rounds = odds, loss, number
        elif number - rounds >= PATIENCE:
            break
    return rounds, *platt(best, held.left)


def _odds(
    base: float,
    tables: Mapping[tuple[str, ...], Mapping[Cell, float]],
    codes: Mapping[str, Sequence[int]],
    n: int,
) -> list[float]:
    """The log-odds of rows by single columns."""
    found = [base] * n
    for (name,), table in tables.items():
        worth = [table[place,] for place in range(len(table))]
        found = [x + worth[code] for x, code in zip(found, codes[name], strict=True)]
    return found


def platt(odds: Sequence[float], left: Sequence[bool]) -> tuple[float, float]:
    """Slope and shift that turn log-odds into calibrated ones; the slope is never below 0.

    The targets are drawn in a little, as Platt (1999) proposes: (n+ + 1) / (n+ + 2) and
    1 / (n- + 2).
    """
    leavers = sum(left)
    high, low = (leavers + 1) / (leavers + 2), 1 / (len(left) - leavers + 2)
    shift, slopes = logistic.fit([odds], [high if came else low for came in left], ridge=1e-3)
    return max(slopes[0], 0.0), shift


def _fit_mains(columns: Columns) -> _Fit:
    bins, codes, weights = {}, {}, {}
    for name, values in columns.values.items():
        found = bins_of(name, values, columns.left, name in columns.numbers)
        own = [found.index(value) for value in values]
        evidence = _weights(len(found), own, columns.left)
        if any(evidence):
            weights[name] = evidence
        bins[name], codes[name] = found, own
    rows = [[weights[name][code] for code in codes[name]] for name in weights]
    base, slopes = logistic.fit(rows, [float(came) for came in columns.left], RIDGE)
    tables: dict[tuple[str, ...], dict[Cell, float]] = {
        (name,): {(place,): slope * weight for place, weight in enumerate(weights[name])}
        for name, slope in zip(weights, slopes, strict=True)
    }
    odds = _odds(base, tables, codes, len(columns.left))
    return _Fit(bins, codes, columns.left, base, tables, odds, {})


def _weights(size: int, codes: Sequence[int], left: Sequence[bool]) -> list[float]:
    """The weight of evidence of each bin, drawn towards 0 as far as it may be chance."""
    counts = _counts(size, codes, left)
    whole = Count(sum(c.left for c in counts), sum(c.stayed for c in counts))
    trust = reliability([count for count in counts if count.n])
    return [trust * woe(count, whole) if count.n else 0.0 for count in counts]


def _counts(size: int, codes: Sequence[int], left: Sequence[bool]) -> list[Count]:
    n, leavers = [0] * size, [0] * size
    for code, came in zip(codes, left, strict=True):
        n[code] += 1
        leavers[code] += came
    return [Count(a, b - a) for a, b in zip(leavers, n, strict=True)]


def _choose_pairs(fitted: _Fit) -> None:
    for names in _telling(fitted):
        fitted.pairs[names] = fitted.cells(names, fitted.codes)
        width = len(fitted.bins[names[1]])
        size = len(fitted.bins[names[0]]) * width
        fitted.tables[names] = {divmod(cell, width): 0.0 for cell in range(size)}


def _round(fitted: _Fit) -> list[tuple[tuple[str, ...], list[float]]]:
    """Correct what the columns leave open, pair by pair, a little: a Newton step for each cell
    (J. Friedman 2001, Greedy function approximation), drawn towards 0. Gives back the steps."""
    taken = []
    for names, cells in fitted.pairs.items():
        table = fitted.tables[names]
        chances = logistic.chances(fitted.odds)
        errors = [came - p for came, p in zip(fitted.left, chances, strict=True)]
        slope, curve = _sums(len(table), cells, errors, [p * (1 - p) for p in chances])
        steps = [RATE * s / (c + SHRINK) for s, c in zip(slope, curve, strict=True)]
        fitted.odds = [x + steps[cell] for x, cell in zip(fitted.odds, cells, strict=True)]
        for cell, step in zip(table, steps, strict=True):
            table[cell] += step
        taken.append((names, steps))
    return taken


def _sums(
    size: int, cells: Sequence[int], errors: Sequence[float], curves: Sequence[float]
) -> tuple[list[float], list[float]]:
    slope, curve = [0.0] * size, [0.0] * size
    for cell, error, weight in zip(cells, errors, curves, strict=True):
        slope[cell] += error
        curve[cell] += weight
    return slope, curve


def _telling(fitted: _Fit) -> list[tuple[str, ...]]:
    """The pairs whose cells deviate most from what the columns alone say."""
    informed = sorted(fitted.bins, key=lambda name: -_told(fitted, name))
    chances = logistic.chances(fitted.odds)
    errors = [came - p for came, p in zip(fitted.left, chances, strict=True)]
    curves = [p * (1 - p) for p in chances]
    found = []
    for names in combinations(informed[:MOST_COLUMNS], 2):
        size = len(fitted.bins[names[0]]) * len(fitted.bins[names[1]])
        slope, curve = _sums(size, fitted.cells(names, fitted.codes), errors, curves)
        gain = sum((s * s - c) / (c + SHRINK) for s, c in zip(slope, curve, strict=True))
        found.append((gain, names))
    found.sort(key=lambda pair: (-pair[0], pair[1]))
    return [names for gain, names in found[:MOST_PAIRS] if gain > 0]


def _told(fitted: _Fit, name: str) -> float:
    counts = _counts(len(fitted.bins[name]), fitted.codes[name], fitted.left)
    return information([count for count in counts if count.n])


def _card(fitted: _Fit, columns: Columns, slope: float, shift: float) -> Scorecard:
    parts = []
    for names, table in fitted.tables.items():
        counts: dict[Cell, tuple[int, int]] = defaultdict(lambda: (0, 0))
        for cell, came in zip(
            zip(*(fitted.codes[name] for name in names), strict=True), columns.left, strict=True
        ):
            n, leavers = counts[cell]
            counts[cell] = (n + 1, leavers + came)
        worth = {cell: points(slope * odds) for cell, odds in table.items()}
        parts.append(Part(names, worth, {cell: counts[cell] for cell in worth}))
    parts.sort(key=lambda part: (len(part.columns), -_weight(part), part.columns))
    return Scorecard(fitted.bins, tuple(parts), round(FACTOR * (slope * fitted.base + shift), 2))


def _weight(part: Part) -> float:
    """How far its points spread over the rows: the mean distance from their mean."""
    n = sum(count for count, _ in part.counts.values()) or 1
    pairs = [(part.points[cell], part.counts[cell][0]) for cell in part.points]
    mean = sum(points * count for points, count in pairs) / n
    return sum(abs(points - mean) * count for points, count in pairs) / n
