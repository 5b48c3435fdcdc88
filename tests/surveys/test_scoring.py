"""Scores carry their n and their range, and never pretend."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk.surveys.scoring import (
    Interval,
    Nps,
    adjusted_net,
    csat,
    csat_half_width,
    non_response_bounds,
    nps,
    nps_half_width,
    nps_of,
    response_rate,
    wilson,
)

shares = st.integers(1, 400).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))
answers = st.tuples(*[st.integers(0, 60)] * 3).filter(any)


@pytest.mark.parametrize(
    ("successes", "n", "low", "high"),
    [
        (9, 10, 0.5958, 0.9821),
        (10, 10, 0.7225, 1.0),
        (0, 10, 0.0, 0.2775),
        (45, 50, 0.7864, 0.9565),
        (90, 100, 0.8256, 0.9448),
        (3, 3, 0.4385, 1.0),
        (18, 20, 0.6990, 0.9721),
        (171, 190, 0.8491, 0.9350),
        (40, 50, 0.6696, 0.8876),
        (66, 100, 0.5628, 0.7454),
    ],
)
def test_a_share_has_the_published_wilson_range(
    successes: int, n: int, low: float, high: float
) -> None:
    interval = wilson(successes, n)
    assert interval is not None
    assert interval.low == pytest.approx(low, abs=5e-5)
    assert interval.high == pytest.approx(high, abs=5e-5)


def test_a_share_of_nobody_has_no_value() -> None:
    assert wilson(0, 0) is None
    assert csat({}) is None
    assert nps(0, 0, 0) is None
    assert nps_of({}) is None
    assert response_rate(0, 0) is None


@pytest.mark.parametrize(("successes", "n"), [(-1, 5), (6, 5), (1, 0)])
def test_an_impossible_share_is_refused(successes: int, n: int) -> None:
    with pytest.raises(ValueError, match="not a share"):
        wilson(successes, n)


@given(shares)
def test_a_range_holds_its_share_and_stays_inside_zero_and_one(share: tuple[int, int]) -> None:
    k, n = share
    interval = wilson(k, n)
    assert interval is not None
    assert 0 <= interval.low <= k / n <= interval.high <= 1
    assert interval.low < interval.high


@given(shares)
def test_the_range_of_the_opposite_is_the_mirror_image(share: tuple[int, int]) -> None:
    k, n = share
    one, other = wilson(k, n), wilson(n - k, n)
    assert one is not None
    assert other is not None
    assert one.low == pytest.approx(1 - other.high, abs=1e-12)


@given(shares)
def test_one_more_success_moves_both_ends_up(share: tuple[int, int]) -> None:
    k, n = share
    before, after = wilson(k, n + 1), wilson(k + 1, n + 1)
    assert before is not None
    assert after is not None
    assert after.low > before.low
    assert after.high >= before.high


@given(shares)
def test_ten_times_the_answers_narrow_the_range(share: tuple[int, int]) -> None:
    k, n = share
    few, many = wilson(k, n), wilson(10 * k, 10 * n)
    assert few is not None
    assert many is not None
    assert many.high - many.low < few.high - few.low


def test_satisfaction_counts_fours_and_fives() -> None:
    score = csat({5: 48, 4: 27, 3: 12, 2: 5, 1: 8})
    assert score is not None
    assert (score.n, score.satisfied, score.counts) == (100, 75, (8, 5, 12, 27, 48))
    assert score.percent == 75.0
    assert score.mean == pytest.approx(4.02)
    assert score.interval.low == pytest.approx(65.70, abs=5e-3)
    assert score.interval.high == pytest.approx(82.45, abs=5e-3)


@pytest.mark.parametrize("counts", [{0: 1}, {6: 1}, {3: -1}])
def test_answers_off_the_scale_are_refused(counts: dict[int, int]) -> None:
    with pytest.raises(ValueError, match="do not fit 1 to 5"):
        csat(counts)


def test_net_promoter_score_of_fifty_thirty_twenty() -> None:
    score = _nps(50, 30, 20)
    assert score.value == pytest.approx(30.0)
    assert score.standard_error == pytest.approx(7.810, abs=5e-4)
    assert score.interval.low == pytest.approx(14.69, abs=5e-3)
    assert score.interval.high == pytest.approx(45.31, abs=5e-3)
    assert not score.adjusted


def test_the_other_common_standard_error_divides_by_one_less() -> None:
    score = _nps(50, 30, 20)
    assert score.standard_error * (100 / 99) ** 0.5 == pytest.approx(7.850, abs=5e-4)


@pytest.mark.parametrize(
    ("counts", "value", "low", "high"),
    [((10, 0, 0), 76.9, 47.5, 100.0), ((5, 3, 2), 23.1, -19.1, 65.2)],
)
def test_a_small_net_promoter_score_has_the_adjusted_range(
    counts: tuple[int, int, int], value: float, low: float, high: float
) -> None:
    score = _nps(*counts)
    assert score.adjusted
    assert adjusted_net(counts[0], counts[2], sum(counts))[0] == pytest.approx(value, abs=0.05)
    assert score.interval.low == pytest.approx(low, abs=0.05)
    assert score.interval.high == pytest.approx(high, abs=0.05)


def test_two_hundred_equal_answers_do_not_claim_certainty() -> None:
    score = _nps(200, 0, 0)
    assert score.standard_error == 0
    assert score.adjusted
    assert score.interval.low < 100


@pytest.mark.parametrize(("n", "adjusted"), [(29, True), (30, False)])
def test_the_adjusted_range_is_used_below_thirty_answers(n: int, adjusted: bool) -> None:
    assert _nps(n - 4, 2, 2).adjusted is adjusted


def test_nines_and_tens_promote_and_six_and_less_detract() -> None:
    score = nps_of(dict.fromkeys(range(11), 1))
    assert score is not None
    assert (score.promoters, score.passives, score.detractors) == (2, 2, 7)


def test_answers_off_the_eleven_step_scale_are_refused() -> None:
    with pytest.raises(ValueError, match="do not fit 0 to 10"):
        nps_of({11: 1})
    with pytest.raises(ValueError, match="negative"):
        nps(-1, 2, 3)


@given(answers)
def test_a_net_promoter_range_holds_the_score_within_a_hundred(
    counts: tuple[int, int, int],
) -> None:
    score = _nps(*counts)
    assert -100 <= score.interval.low <= score.value <= score.interval.high <= 100
    assert score.interval.low < score.interval.high


@given(answers)
def test_swapping_promoters_and_detractors_mirrors_the_score(
    counts: tuple[int, int, int],
) -> None:
    score, mirror = _nps(*counts), _nps(*reversed(counts))
    assert mirror.value == pytest.approx(-score.value)
    assert mirror.interval.high == pytest.approx(-score.interval.low)


@given(answers)
def test_a_detractor_who_becomes_a_promoter_raises_the_score(
    counts: tuple[int, int, int],
) -> None:
    promoters, passives, detractors = counts
    assert (
        _nps(promoters + 1, passives, detractors).value
        > _nps(promoters, passives, detractors + 1).value
    )


def test_the_silent_may_pull_a_score_anywhere_between_two_bounds() -> None:
    bounds = non_response_bounds(rate=0.30, share=0.75)
    assert bounds.low == pytest.approx(0.225)
    assert bounds.high == pytest.approx(0.925)


@given(st.floats(0, 1), st.floats(0, 1))
def test_the_bounds_hold_the_answered_share_and_close_when_all_answer(
    rate: float, share: float
) -> None:
    bounds = non_response_bounds(rate, share)
    assert bounds.low <= share + 1e-12
    assert share <= bounds.high + 1e-12
    assert bounds.high - bounds.low == pytest.approx(1 - rate)


@pytest.mark.parametrize(("rate", "share"), [(1.1, 0.5), (0.5, -0.1), (float("nan"), 0.5)])
def test_bounds_of_no_fractions_are_refused(rate: float, share: float) -> None:
    with pytest.raises(ValueError, match="not a fraction"):
        non_response_bounds(rate, share)


def test_a_response_rate_has_its_range() -> None:
    rate = response_rate(asked=402, answered=148)
    assert rate is not None
    assert rate.rate == pytest.approx(0.368, abs=5e-4)
    assert rate.rate in rate.interval


@pytest.mark.parametrize(
    ("n", "points"),
    [(25, 15.1), (50, 10.9), (100, 7.8), (200, 5.5), (400, 3.9), (1000, 2.5)],
)
def test_the_help_text_tells_how_wide_satisfaction_is(n: int, points: float) -> None:
    assert csat_half_width(80, n) == pytest.approx(points, abs=0.05)


@pytest.mark.parametrize(
    ("n", "points"),
    [(25, 30.6), (50, 21.6), (100, 15.3), (200, 10.8), (400, 7.7), (1000, 4.8)],
)
def test_the_help_text_tells_how_wide_the_promoter_score_is(n: int, points: float) -> None:
    assert nps_half_width(n) == pytest.approx(points, abs=0.05)


def test_ranges_overlap_when_one_value_fits_both() -> None:
    assert Interval(1, 3).overlaps(Interval(3, 4))
    assert not Interval(1, 2).overlaps(Interval(3, 4))


def _nps(promoters: int, passives: int, detractors: int) -> Nps:
    score = nps(promoters, passives, detractors)
    assert score is not None
    return score
