"""What 2,357 customers of CDNOW bought in 39 weeks, and in the 39 weeks after: what was published
about them, made anew from their purchases.

P. Fader, B. Hardie and K. Lee (2005), "Counting your customers" the easy way, Marketing Science 24.
"""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import correlation, mean

import pytest

from helpdesk.churn.ranking import auc
from helpdesk.customers.value.buying import Buyer, Buying, fit
from helpdesk.customers.value.staying import quintiles

FILE = Path(__file__).parents[1] / "vendor" / "cdnow" / "buyers.csv"
WITHIN = 39.0
LAW = Buying(r=0.2426, alpha=4.4136, a=0.7929, b=2.4259)


@dataclass(frozen=True)
class Crowd:
    """The customers, what each bought later, and what each had spent."""

    buyers: Sequence[Buyer]
    later: Sequence[int]
    spent: Sequence[float]

    @property
    def came_back(self) -> list[bool]:
        return [number > 0 for number in self.later]

    def told_by(self, values: Sequence[float]) -> tuple[float | None, float]:
        """How well values rank who buys again, and go with how often."""
        return auc(values, self.came_back), correlation(values, self.later)

    def missed_by(self, values: Sequence[float]) -> float:
        """The mean distance from what was bought."""
        return mean(abs(one - other) for one, other in zip(values, self.later, strict=True))


@pytest.fixture(scope="module")
def crowd() -> Crowd:
    with FILE.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return Crowd(
        [Buyer(int(r["repeats"]), int(r["last_day"]) / 7, int(r["days"]) / 7) for r in rows],
        [int(row["later"]) for row in rows],
        [float(row["spent"]) for row in rows],
    )


def expected(crowd: Crowd) -> list[float]:
    return [LAW.expected(WITHIN, one.x, one.tx, one.t) for one in crowd.buyers]


def test_they_are_the_customers_of_the_paper(crowd: Crowd) -> None:
    assert len(crowd.buyers) == 2357
    assert sum(crowd.later) == 1882
    assert LAW.log_likelihood(crowd.buyers) == pytest.approx(-9582.43, abs=5e-3)


def test_the_law_that_fits_best_is_the_published_one(crowd: Crowd) -> None:
    found = fit(crowd.buyers)
    assert (found.r, found.alpha) == pytest.approx((0.2426, 4.4136), rel=1e-3)
    assert (found.a, found.b) == pytest.approx((0.7929, 2.4259), rel=1e-3)


def test_amounts_are_foretold_better_than_by_going_on_as_before(crowd: Crowd) -> None:
    foretold = expected(crowd)
    as_before = [WITHIN * one.x / one.t for one in crowd.buyers]
    assert (round(sum(foretold)), round(sum(as_before))) == (1653, 2930)
    nothing = [0.0] * len(foretold)
    missed = [crowd.missed_by(each) for each in (foretold, as_before, nothing)]
    assert missed == pytest.approx([0.785, 1.024, 0.798], abs=6e-4)


def test_who_buys_again_is_told_as_well_by_recency(crowd: Crowd) -> None:
    recency = [one.tx - one.t for one in crowd.buyers]
    frequency = [float(one.x) for one in crowd.buyers]
    alive = [LAW.alive(one.x, one.tx, one.t) for one in crowd.buyers]
    assert crowd.told_by(expected(crowd)) == pytest.approx((0.773, 0.626), abs=1e-3)
    assert crowd.told_by(recency) == pytest.approx((0.771, 0.449), abs=1e-3)
    assert crowd.told_by(frequency) == pytest.approx((0.758, 0.577), abs=1e-3)
    assert crowd.told_by(alive) == pytest.approx((0.316, -0.111), abs=1e-3)
    fifths = zip(*map(quintiles, (recency, frequency, crowd.spent)), strict=True)
    assert crowd.told_by([float(sum(three)) for three in fifths])[0] == pytest.approx(
        0.776, abs=1e-3
    )


def test_of_those_who_came_back_silence_tells_who_left(crowd: Crowd) -> None:
    repeaters = [
        (one, later) for one, later in zip(crowd.buyers, crowd.later, strict=True) if one.x
    ]
    left = [later == 0 for _, later in repeaters]
    silence = [one.t - one.tx for one, _ in repeaters]
    alive = [LAW.alive(one.x, one.tx, one.t) for one, _ in repeaters]
    less = [-LAW.expected(WITHIN, one.x, one.tx, one.t) for one, _ in repeaters]
    assert len(left) == 946
    assert mean(left) == pytest.approx(0.481, abs=5e-4)
    areas = [auc(each, left) for each in (silence, less, [-one for one in alive])]
    assert areas == pytest.approx([0.712, 0.728, 0.698], abs=1e-3)
    rules = (
        [one.t - one.tx > 3 * one.tx / one.x for one, _ in repeaters],
        [chance < 0.5 for chance in alive],
    )
    for rule, found in zip(rules, ((0.645, 0.499), (0.646, 0.558)), strict=True):
        hits = sum(said and gone for said, gone in zip(rule, left, strict=True))
        assert (hits / sum(rule), hits / sum(left)) == pytest.approx(found, abs=1e-3)
