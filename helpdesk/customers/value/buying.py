"""How often somebody without a contract will buy, and for how much.

BG/NBD: P. Fader, B. Hardie and K. Lee (2005), "Counting your customers" the easy way, Marketing
Science 24. Gamma-gamma: P. Fader and B. Hardie (2013), The gamma-gamma model of monetary value.
Times are in one unit throughout; here weeks.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import lgamma, log

from helpdesk.customers.value.simplex import minimise


@dataclass(frozen=True)
class Buyer:
    """What one customer bought: `x` repeat purchases, the last at `tx` after the first one, of `t`
    for which they are watched; `mean` is the mean worth of a repeat purchase."""

    x: int
    tx: float
    t: float
    mean: float = 0.0


@dataclass(frozen=True)
class Buying:
    """The law of a crowd of buyers: how often they buy (r, alpha) and drop out (a, b)."""

    r: float
    alpha: float
    a: float
    b: float

    def log_likelihood(self, buyers: Iterable[Buyer]) -> float:
        """Of what these bought; equation 6 of the paper, in logarithms."""
        counted = Counter((one.x, one.tx, one.t) for one in buyers)
        return sum(n * self._log_one(*key) for key, n in counted.items())

    def _log_one(self, x: int, tx: float, t: float) -> float:
        r, alpha, a, b = self.r, self.alpha, self.a, self.b
        often = lgamma(r + x) - lgamma(r) + r * log(alpha)
        leaving = lgamma(a + b) + lgamma(b + x) - lgamma(b) - lgamma(a + b + x)
        staying = -(r + x) * log(alpha + t)
        if x == 0:
            return often + leaving + staying
        gone = log(a / (b + x - 1)) - (r + x) * log(alpha + tx)
        high = max(staying, gone)
        return often + leaving + high + log(math.exp(staying - high) + math.exp(gone - high))

    def expected(self, within: float, x: int, tx: float, t: float) -> float:
        """Purchases to expect in the time `within` after `t`; equation 10 of the paper."""
        r, alpha, a, b = self.r, self.alpha, self.a, self.b
        series = gauss(r + x, b + x, a + b + x - 1, within / (alpha + t + within))
        falling = float(((alpha + t) / (alpha + t + within)) ** (r + x))
        top = (a + b + x - 1) / (a - 1) * (1 - falling * series)
        return top / (1 + self._odds_gone(x, tx, t))

    def alive(self, x: int, tx: float, t: float) -> float:
        """The chance that they still buy. It is 1 for who bought once, so it is no churn score."""
        return 1 / (1 + self._odds_gone(x, tx, t))

    def _odds_gone(self, x: int, tx: float, t: float) -> float:
        if x == 0:
            return 0.0
        longer = (self.alpha + t) / (self.alpha + tx)
        return self.a / (self.b + x - 1) * math.exp((self.r + x) * log(longer))


def gauss(a: float, b: float, c: float, z: float) -> float:
    """The hypergeometric series 2F1(a, b; c; z) for 0 <= z < 1.

    Summed as it stands where it converges well, else after Euler's transformation
    (Abramowitz and Stegun 1964, 15.1.1 and 15.3.3).
    """
    if z > 0.9 and c - a > 0 and c - b > 0 and c - a - b < 0:
        return float((1 - z) ** (c - a - b) * gauss(c - a, c - b, c, z))
    term = total = 1.0
    for j in range(1, 100_000):
        term *= (a + j - 1) * (b + j - 1) / ((c + j - 1) * j) * z
        total += term
        if abs(term) < 1e-13 * abs(total):
            break
    return total


def fit(buyers: Sequence[Buyer]) -> Buying:
    """The law under which these purchases are most likely.

    Raises ValueError when nobody ever bought twice.
    """
    if not any(one.x for one in buyers):
        raise ValueError("Nobody bought twice; how often they will cannot be told.")
    if any(one.tx > one.t or one.t < 0 or one.tx < 0 for one in buyers):
        raise ValueError("A last purchase lies outside the time for which a buyer was watched.")
    counted = list(Counter((one.x, one.tx, one.t) for one in buyers).items())

    def cost(logs: list[float]) -> float:
        if max(abs(one) for one in logs) > 12:
            return 1e12 * (1 + sum(one * one for one in logs))
        law = Buying(*(math.exp(one) for one in logs))
        return -sum(n * law._log_one(*key) for key, n in counted)

    middle = sorted(one.t for one in buyers)[len(buyers) // 2] or 1.0
    start = [log(0.5), log(max(middle / 4, 1e-3)), log(0.8), log(2.0)]
    logs, _ = minimise(cost, start)
    logs, _ = minimise(cost, logs, step=0.1)
    law = Buying(*(math.exp(one) for one in logs))
    # expected() divides by a - 1; exactly there a step beside it is as good.
    return Buying(law.r, law.alpha, law.a + 1e-6 if abs(law.a - 1) < 1e-6 else law.a, law.b)


@dataclass(frozen=True)
class Spending:
    """The law of what purchases are worth: gamma-gamma with p, q, and gamma in units of money."""

    p: float
    q: float
    gamma: float

    def expected(self, x: int, mean: float) -> float:
        """The mean worth to expect of their purchases; equation 5 of the note. Without a repeat
        purchase it is the crowd's."""
        crowd = self.p * self.gamma / (self.q - 1)
        weight = self.p * x / (self.p * x + self.q - 1)
        return (1 - weight) * crowd + weight * mean


def fit_spending(buyers: Sequence[Buyer]) -> Spending:
    """The law under which these mean amounts are most likely.

    Raises ValueError when nobody bought twice for more than nothing.
    """
    known = [(one.x, one.mean) for one in buyers if one.x > 0 and one.mean > 0]
    if not known:
        raise ValueError("Nobody bought twice; what they spend cannot be told.")
    scale = sum(mean for _, mean in known) / len(known)

    def cost(logs: list[float]) -> float:
        if max(abs(one) for one in logs) > 9:
            return 1e12 * (1 + sum(one * one for one in logs))
        p, q, gamma = math.exp(logs[0]), 1 + math.exp(logs[1]), math.exp(logs[2])
        return -sum(_log_mean(x, mean / scale, p, q, gamma) for x, mean in known)

    logs, _ = minimise(cost, [log(3.0), log(2.0), 0.0])
    logs, _ = minimise(cost, logs, step=0.1)
    return Spending(math.exp(logs[0]), 1 + math.exp(logs[1]), math.exp(logs[2]) * scale)


def _log_mean(x: int, mean: float, p: float, q: float, gamma: float) -> float:
    return (
        lgamma(p * x + q)
        - lgamma(p * x)
        - lgamma(q)
        + q * log(gamma)
        + (p * x - 1) * log(mean)
        + p * x * log(x)
        - (p * x + q) * log(gamma + mean * x)
    )
