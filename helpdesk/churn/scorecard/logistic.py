"""Logistic regression with a ridge, by Newton's method, in plain Python."""

from __future__ import annotations

import math
from collections.abc import Sequence
from operator import mul

MOST_STEPS = 25
ENOUGH = 1e-7


def chance(log_odds: float) -> float:
    """The chance that belongs to log-odds, 0 to 1."""
    return 0.5 + 0.5 * math.tanh(log_odds / 2)  # this form of it never overflows


def chances(log_odds: Sequence[float]) -> list[float]:
    """The chances of many rows at once."""
    tanh = math.tanh
    return [0.5 + 0.5 * tanh(0.5 * x) for x in log_odds]


def fit(
    columns: Sequence[Sequence[float]],
    outcomes: Sequence[float],
    ridge: float = 1.0,
    offset: Sequence[float] | None = None,
) -> tuple[float, list[float]]:
    """Intercept and slopes that make the outcomes (0 to 1) most likely.

    `ridge` is half the price of the squared slopes; the intercept costs nothing. `offset` is
    log-odds that each row has already. Newton's steps on the penalised likelihood (iteratively
    reweighted least squares; McCullagh and Nelder 1989, section 2.5), halved where they go too far.
    """
    rows = [[1.0] * len(outcomes), *[list(column) for column in columns]]
    before = list(offset) if offset is not None else [0.0] * len(outcomes)
    beta, cost = [0.0] * len(rows), math.inf
    for _ in range(MOST_STEPS):
        odds = _odds(rows, beta, before)
        step = _step(rows, outcomes, chances(odds), beta, ridge)
        now = _cost(odds, outcomes, beta, ridge) if math.isinf(cost) else cost
        beta, cost = _walk(rows, outcomes, before, beta, step, ridge, now)
        if now - cost < ENOUGH * (1 + abs(now)):
            break
    return beta[0], beta[1:]


def _odds(rows: list[list[float]], beta: Sequence[float], before: Sequence[float]) -> list[float]:
    odds = list(before)
    for row, slope in zip(rows, beta, strict=True):
        if slope:
            odds = [x + slope * value for x, value in zip(odds, row, strict=True)]
    return odds


def _step(
    rows: list[list[float]],
    outcomes: Sequence[float],
    expected: list[float],
    beta: Sequence[float],
    ridge: float,
) -> list[float]:
    errors = [y - p for y, p in zip(outcomes, expected, strict=True)]
    weights = [max(p * (1 - p), 1e-9) for p in expected]
    prices = [0.0] + [ridge] * (len(rows) - 1)
    slope = [
        sum(map(mul, row, errors)) - price * b
        for row, price, b in zip(rows, prices, beta, strict=True)
    ]
    weighted = [list(map(mul, row, weights)) for row in rows]
    curve = [[0.0] * len(rows) for _ in rows]
    for i, own in enumerate(weighted):
        for j in range(i + 1):
            curve[i][j] = curve[j][i] = sum(map(mul, own, rows[j]))
        curve[i][i] += prices[i] + 1e-9
    return solve(curve, slope)


def _walk(
    rows: list[list[float]],
    outcomes: Sequence[float],
    before: Sequence[float],
    beta: list[float],
    step: list[float],
    ridge: float,
    cost: float,
) -> tuple[list[float], float]:
    """As much of the step as lowers the cost; none of it where nothing does."""
    size = 1.0
    while size > 1e-4:
        there = [b + size * s for b, s in zip(beta, step, strict=True)]
        found = _cost(_odds(rows, there, before), outcomes, there, ridge)
        if found <= cost:
            return there, found
        size /= 2
    return beta, cost


def _cost(
    odds: Sequence[float], outcomes: Sequence[float], beta: Sequence[float], ridge: float
) -> float:
    return loss(odds, outcomes) + ridge / 2 * sum(b * b for b in beta[1:])


def loss(odds: Sequence[float], outcomes: Sequence[float]) -> float:
    """Minus the log-likelihood of the outcomes (0 to 1)."""
    log1p, exp = math.log1p, math.exp
    return sum(
        (x if x > 0 else 0.0) + log1p(exp(-abs(x))) - y * x
        for x, y in zip(odds, outcomes, strict=True)
    )


def solve(matrix: list[list[float]], right: list[float]) -> list[float]:
    """The solution of a symmetric positive system, by Cholesky's decomposition."""
    n = len(right)
    lower = [[0.0] * n for _ in range(n)]
    for i in range(n):
        for j in range(i + 1):
            rest = matrix[i][j] - sum(map(mul, lower[i][:j], lower[j][:j]))
            if i == j:
                lower[i][i] = math.sqrt(max(rest, 1e-12))
            else:
                lower[i][j] = rest / lower[j][j]
    forward: list[float] = []
    for i in range(n):
        forward.append((right[i] - sum(map(mul, lower[i][:i], forward))) / lower[i][i])
    solution = [0.0] * n
    for i in reversed(range(n)):
        known = sum(lower[k][i] * solution[k] for k in range(i + 1, n))
        solution[i] = (forward[i] - known) / lower[i][i]
    return solution
