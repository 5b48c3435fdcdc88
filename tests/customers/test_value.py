"""What customers are worth, by formulas that others published with their results."""

import math
from datetime import date
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk.customers.value.buying import Buyer, Buying, Spending, fit, fit_spending, gauss
from helpdesk.customers.value.simplex import minimise
from helpdesk.customers.value.staying import (
    cohorts,
    contract_value,
    forecast,
    lifetime,
    quintiles,
    repeat_rate,
    retention,
    survival,
    yearly_churn,
)

CDNOW = Buying(r=0.2426, alpha=4.4136, a=0.7929, b=2.4259)
"""As fitted to the 2,357 customers of CDNOW in 39 weeks."""


def test_purchases_to_expect_of_the_customer_in_the_paper() -> None:
    assert CDNOW.expected(39, x=2, tx=30.43, t=38.86) == pytest.approx(1.2260, abs=2e-4)


def test_who_bought_once_counts_as_alive_so_that_is_no_churn_score() -> None:
    assert CDNOW.alive(x=0, tx=0, t=38.86) == 1
    assert 0 < CDNOW.alive(x=2, tx=30.43, t=38.86) < 1


@given(st.integers(1, 30), st.floats(0.5, 38), st.floats(1, 200))
def test_more_is_expected_of_more_time_and_less_of_longer_silence(
    x: int, tx: float, within: float
) -> None:
    assert CDNOW.expected(within, x, tx, 39) < CDNOW.expected(within + 1, x, tx, 39)
    assert CDNOW.alive(x, tx, 39) > CDNOW.alive(x, tx, 49)
    assert CDNOW.expected(within, x, tx, 39) >= 0


def test_the_series_is_what_its_closed_forms_say() -> None:
    for z in (0.1, 0.5, 0.95, 0.999):
        assert gauss(1, 1, 2, z) == pytest.approx(-math.log(1 - z) / z)
        assert gauss(0.7, 3, 3, z) == pytest.approx((1 - z) ** -0.7)


def test_the_likelihood_of_a_customer_is_that_of_the_paper() -> None:
    r, alpha, a, b = 0.2426, 4.4136, 0.7929, 2.4259
    x, tx, t = 2, 30.43, 38.86

    def beta(p: float, q: float) -> float:
        return math.gamma(p) * math.gamma(q) / math.gamma(p + q)

    grown = math.gamma(r + x) * alpha**r / math.gamma(r)
    direct = beta(a, b + x) / beta(a, b) * grown / (alpha + t) ** (r + x) + beta(
        a + 1, b + x - 1
    ) / beta(a, b) * grown / (alpha + tx) ** (r + x)
    assert CDNOW.log_likelihood([Buyer(x, tx, t)]) == pytest.approx(math.log(direct))


def simulated(law: Buying, n: int, t: float, seed: int) -> list[Buyer]:
    random, buyers = Random(seed), []
    for _ in range(n):
        rate = random.gammavariate(law.r, 1 / law.alpha)
        drop = random.betavariate(law.a, law.b)
        moment, last, x = random.expovariate(rate) if rate > 1e-12 else t + 1, 0.0, 0
        while moment <= t:
            last, x = moment, x + 1
            if random.random() < drop:
                break
            moment += random.expovariate(rate)
        mean = random.gammavariate(6.25 * x, 1 / random.gammavariate(3.74, 1 / 15.44)) if x else 0
        buyers.append(Buyer(x, last, t, mean / x if x else 0.0))
    return buyers


def test_a_law_is_found_again_in_what_it_brought_about() -> None:
    law = Buying(r=0.8, alpha=6, a=0.8, b=2.5)
    buyers = simulated(law, 2500, 39, seed=1)
    found = fit(buyers)
    assert found.log_likelihood(buyers) >= law.log_likelihood(buyers)
    assert found.r / found.alpha == pytest.approx(law.r / law.alpha, rel=0.15)
    foretold = sum(found.expected(39, one.x, one.tx, one.t) for one in buyers)
    truly = sum(law.expected(39, one.x, one.tx, one.t) for one in buyers)
    assert foretold == pytest.approx(truly, rel=0.12)


def test_so_is_the_law_of_spending() -> None:
    buyers = simulated(Buying(3, 6, 0.4, 4), 1500, 39, seed=2)
    found = fit_spending(buyers)
    crowd = found.p * found.gamma / (found.q - 1)
    assert crowd == pytest.approx(6.25 * 15.44 / 2.74, rel=0.1)


def test_what_many_purchases_say_counts_more_than_the_crowd() -> None:
    law = Spending(p=6.25, q=3.74, gamma=15.44)
    crowd = law.expected(0, 0)
    assert crowd == pytest.approx(6.25 * 15.44 / 2.74)
    assert law.expected(2, 22.35) == pytest.approx(24.66, abs=0.05)
    assert law.expected(200, 22.35) == pytest.approx(22.35, abs=0.1)


def test_without_a_second_purchase_nothing_is_foretold() -> None:
    with pytest.raises(ValueError, match="bought twice"):
        fit([Buyer(0, 0, 10)] * 5)
    with pytest.raises(ValueError, match="outside the time"):
        fit([Buyer(1, 20, 10)])
    with pytest.raises(ValueError, match="bought twice"):
        fit_spending([Buyer(0, 0, 10)])


def test_the_simplex_finds_the_bottom_of_a_curved_valley() -> None:
    def valley(point: list[float]) -> float:
        return (1 - point[0]) ** 2 + 100 * (point[1] - point[0] ** 2) ** 2

    where, low = minimise(valley, [-1.2, 1], tolerance=1e-14)
    assert where == pytest.approx([1, 1], abs=1e-4)
    assert low == pytest.approx(0, abs=1e-8)


def test_retention_of_the_worked_example() -> None:
    assert retention(200, 210, 30) == 0.9
    assert retention(0, 10, 10) is None


def test_a_monthly_churn_compounds() -> None:
    assert yearly_churn(0.02) == pytest.approx(0.2153, abs=5e-5)
    assert lifetime(0.02) == 50


def test_survival_of_the_worked_example() -> None:
    seen = [(1, True), (2, True), (2, False), (3, True), (4, False)]
    curve = survival(seen)
    assert [moment for moment, _ in curve] == [1, 2, 3]
    assert [share for _, share in curve] == pytest.approx([0.8, 0.6, 0.3])


def test_a_contract_is_worth_its_margin_over_its_life_and_no_eternity() -> None:
    assert contract_value(1200, 0.5, 0.25) == 2400
    assert contract_value(1200, 0.5, 0) == 6000


@given(st.lists(st.floats(0, 1e6), min_size=1, max_size=80))
def test_fifths_follow_the_order_and_equals_share_one(values: list[float]) -> None:
    fifths = quintiles(values)
    assert all(1 <= fifth <= 5 for fifth in fifths)
    pairs = sorted(zip(values, fifths, strict=True))
    assert [fifth for _, fifth in pairs] == sorted(fifth for _, fifth in pairs)
    assert all(a[1] == b[1] for a in pairs for b in pairs if a[0] == b[0])


def test_fifths_of_ten_are_two_each() -> None:
    assert quintiles(list(range(10))) == [1, 1, 2, 2, 3, 3, 4, 4, 5, 5]


def test_repeat_rate_counts_those_who_bought() -> None:
    assert repeat_rate([0, 1, 2, 3, 0]) == pytest.approx(2 / 3)
    assert repeat_rate([0, 0]) is None


def test_cohorts_count_who_was_still_there_at_the_end_of_each_month() -> None:
    lives = [
        (date(2026, 1, 5), None),
        (date(2026, 1, 20), date(2026, 2, 10)),
        (date(2026, 1, 20), date(2026, 1, 25)),
        (date(2026, 2, 2), None),
        (date(2026, 9, 2), None),
    ]
    first, second = cohorts(lives, date(2026, 4, 15))
    assert (first.size, first.present) == (3, (2, 1, 1))
    assert (second.size, second.present) == (1, (1, 1))
    assert second.shares == (1.0, 1.0)


def test_a_forecast_has_a_range_and_needs_three_periods() -> None:
    found = forecast([100, 110, 120])
    assert found is not None
    assert found.value == pytest.approx(120)
    assert found.low < found.value < found.high
    assert forecast([1, 2]) is None
    nothing = forecast([0, 0, 0])
    assert nothing is not None
    assert (nothing.value, nothing.low, nothing.high) == (0, 0, 0)
