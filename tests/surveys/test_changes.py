"""A change is called real only when it is more than chance."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk.surveys.changes import csat_change, discoveries, nps_change, two_sided
from helpdesk.surveys.scoring import Csat, Nps, csat, nps

answers = st.tuples(*[st.integers(0, 60)] * 3).filter(any)


def test_thirty_to_fifty_points_on_a_hundred_answers_is_within_chance() -> None:
    change = nps_change(_nps(50, 30, 20), _nps(60, 30, 10))
    assert _nps(60, 30, 10).standard_error == pytest.approx(6.708, abs=5e-4)
    assert change.difference == pytest.approx(20.0)
    assert change.z == pytest.approx(1.943, abs=5e-4)
    assert change.verdict == "within chance"
    assert 0 in change.interval


def test_the_same_change_on_four_times_the_answers_is_real() -> None:
    assert nps_change(_nps(200, 120, 80), _nps(240, 120, 40)).verdict == "real"


def test_two_answers_against_two_others_prove_nothing() -> None:
    assert nps_change(_nps(2, 0, 0), _nps(0, 0, 2)).verdict == "within chance"


def test_a_fall_of_nine_points_on_many_answers_is_real() -> None:
    change = csat_change(_csat(348, 400), _csat(312, 400))
    assert change.difference == pytest.approx(-9.0)
    assert change.z == pytest.approx(-3.35, abs=0.01)
    assert change.verdict == "real"
    assert change.interval.high < 0


def test_the_range_of_a_difference_is_newcombes() -> None:
    change = csat_change(_csat(48, 80), _csat(56, 70))  # 56/70 - 48/80, Newcombe 1998, table II
    assert change.interval.low == pytest.approx(5.24, abs=5e-3)
    assert change.interval.high == pytest.approx(33.39, abs=5e-3)


@pytest.mark.parametrize(("before", "after"), [(0, 0), (20, 20)])
def test_satisfaction_that_stays_at_an_end_has_not_changed(before: int, after: int) -> None:
    change = csat_change(_csat(before, 20), _csat(after, 20))
    assert (change.z, change.p_value, change.verdict) == (0.0, 1.0, "within chance")


@given(answers, answers)
def test_a_range_of_a_change_agrees_with_its_verdict(
    before: tuple[int, int, int], after: tuple[int, int, int]
) -> None:
    change = nps_change(_nps(*before), _nps(*after))
    assert (0 in change.interval) == (change.verdict == "within chance")
    assert change.difference in change.interval


@given(answers, answers)
def test_time_turned_round_turns_the_change_round(
    before: tuple[int, int, int], after: tuple[int, int, int]
) -> None:
    there, back = nps_change(_nps(*before), _nps(*after)), nps_change(_nps(*after), _nps(*before))
    assert there.z == pytest.approx(-back.z)
    assert there.verdict == back.verdict


@given(st.integers(1, 80), st.integers(1, 80), st.data())
def test_a_real_change_of_satisfaction_never_has_a_range_with_zero(
    n_before: int, n_after: int, data: st.DataObject
) -> None:
    before = _csat(data.draw(st.integers(0, n_before)), n_before)
    after = _csat(data.draw(st.integers(0, n_after)), n_after)
    change = csat_change(before, after)
    assert change.verdict == "within chance" or 0 not in change.interval


def test_a_z_of_one_point_ninety_six_leaves_five_per_cent() -> None:
    assert two_sided(1.959964) == pytest.approx(0.05, abs=1e-7)


def test_of_many_comparisons_only_those_below_their_limit_are_coloured() -> None:
    fifteen = [
        0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344,
        0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0000,
    ]  # fmt: skip
    assert discoveries(fifteen) == (True,) * 4 + (False,) * 11  # the example of 1995


def test_a_later_small_value_lifts_an_earlier_one_over_its_own_limit() -> None:
    assert discoveries([0.04, 0.03, 0.9]) == (False, False, False)
    assert discoveries([0.04, 0.045, 0.001]) == (True, True, True)
    assert discoveries([]) == ()


@given(st.lists(st.floats(0, 1), max_size=20))
def test_a_smaller_p_value_is_never_left_out_for_a_larger(p_values: list[float]) -> None:
    found = discoveries(p_values)
    kept = [p for p, real in zip(p_values, found, strict=True) if real]
    dropped = [p for p, real in zip(p_values, found, strict=True) if not real]
    assert not kept or not dropped or max(kept) < min(dropped)
    assert all(p <= 0.05 for p in kept)


def _nps(promoters: int, passives: int, detractors: int) -> Nps:
    score = nps(promoters, passives, detractors)
    assert score is not None
    return score


def _csat(satisfied: int, n: int) -> Csat:
    score = csat({5: satisfied, 2: n - satisfied})
    assert score is not None
    return score
