"""A ranking is measured against who really left."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk.churn.ranking import (
    auc,
    base_brier,
    base_rate,
    brier,
    calibration,
    calibration_error,
    lift_at,
    precision_at,
    recall_at,
)

LEFT = [bool(int(digit)) for digit in "1010001000"]
RISKS = [0.9, 0.8, 0.7, 0.4, 0.3, 0.2, 0.6, 0.1, 0.05, 0.15]

tenths = st.integers(0, 10).map(lambda tenth: tenth / 10)
ranked = st.lists(st.tuples(tenths, st.booleans()), min_size=1, max_size=30)


def test_the_worked_ranking_has_the_published_measures() -> None:
    assert precision_at(2, RISKS, LEFT) == pytest.approx(0.5)
    assert lift_at(0.20, RISKS, LEFT) == pytest.approx(1.6667, abs=5e-5)
    assert brier(RISKS, LEFT) == pytest.approx(0.1225, abs=5e-5)
    assert auc(RISKS, LEFT) == pytest.approx(0.9048, abs=5e-5)


def test_recall_counts_the_leavers_that_were_found() -> None:
    assert recall_at(2, RISKS, LEFT) == pytest.approx(1 / 3)
    assert recall_at(4, RISKS, LEFT) == pytest.approx(1.0)


def test_a_list_longer_than_the_customers_finds_everybody() -> None:
    assert recall_at(99, RISKS, LEFT) == 1.0
    assert precision_at(99, RISKS, LEFT) == base_rate(LEFT) == pytest.approx(0.3)


def test_a_constant_forecast_of_the_base_rate_is_the_score_to_beat() -> None:
    assert brier([0.3] * 10, LEFT) == pytest.approx(0.21)
    assert base_brier(LEFT) == pytest.approx(0.21)


def test_equal_risks_find_no_more_than_chance_whatever_their_order() -> None:
    for order in (LEFT, LEFT[::-1]):
        assert precision_at(2, [1.0] * 10, order) == pytest.approx(0.3)
        assert lift_at(0.10, [1.0] * 10, order) == pytest.approx(1.0)
        assert auc([1.0] * 10, order) == pytest.approx(0.5)


def test_a_tie_between_a_leaver_and_a_stayer_counts_half() -> None:
    assert auc([3, 2, 2, 1], [True, True, False, False]) == pytest.approx(3.5 / 4)


@pytest.mark.parametrize("left", [[], [False, False], [True, True]])
def test_without_leavers_and_stayers_there_is_no_area(left: list[bool]) -> None:
    assert auc([0.5] * len(left), left) is None


def test_without_customers_nothing_has_a_value() -> None:
    assert precision_at(5, [], []) is None
    assert precision_at(0, RISKS, LEFT) is None
    assert recall_at(5, [], []) is None
    assert lift_at(0.1, [], []) is None
    assert brier([], []) is None
    assert base_brier([]) is None
    assert calibration([], []) == ()
    assert calibration_error(()) is None


def test_lists_of_different_length_are_refused() -> None:
    with pytest.raises(ValueError, match="zip"):
        auc([0.1, 0.2, 0.3], [True, False])


def test_chances_above_one_are_refused() -> None:
    for measure in (brier, calibration):
        with pytest.raises(ValueError, match="fractions"):
            measure([50.0], [True])


def test_deciles_tell_what_was_foretold_and_what_came() -> None:
    table = calibration(RISKS, LEFT, bands=2)
    assert [band.n for band in table] == [5, 5]
    assert [band.came for band in table] == pytest.approx([0.0, 0.6])
    assert [band.foretold for band in table] == pytest.approx([0.16, 0.68])
    assert calibration_error(table) == pytest.approx(0.12)


def test_equal_chances_come_true_in_each_decile_alike() -> None:
    for order in (LEFT, LEFT[::-1]):
        table = calibration([0.3] * 10, order)
        assert [band.came for band in table] == pytest.approx([0.3] * 10)
        assert calibration_error(table) == pytest.approx(0.0)


def test_fewer_customers_than_deciles_make_no_empty_band() -> None:
    assert sum(band.n for band in calibration([0.1, 0.9, 0.5], [False, True, True])) == 3
    assert all(band.n for band in calibration([0.1, 0.9, 0.5], [False, True, True]))


@given(ranked)
def test_the_area_is_the_share_of_pairs_in_the_right_order(
    cases: list[tuple[float, bool]],
) -> None:
    leavers = [risk for risk, left in cases if left]
    stayers = [risk for risk, left in cases if not left]
    won = sum((a > b) + (a == b) / 2 for a in leavers for b in stayers)
    pairs = len(leavers) * len(stayers)
    assert auc(*_split(cases)) == (pytest.approx(won / pairs) if pairs else None)


@given(ranked, st.randoms(use_true_random=False))
def test_no_measure_depends_on_the_order_of_the_customers(
    cases: list[tuple[float, bool]], chance: random.Random
) -> None:
    shuffled = chance.sample(cases, len(cases))
    for k in (1, 3, 30):
        assert precision_at(k, *_split(cases)) == pytest.approx(precision_at(k, *_split(shuffled)))
    assert auc(*_split(cases)) == auc(*_split(shuffled))
    assert brier(*_split(cases)) == pytest.approx(brier(*_split(shuffled)))


@given(ranked)
def test_a_longer_list_never_finds_fewer(cases: list[tuple[float, bool]]) -> None:
    found = [recall_at(k, *_split(cases)) or 0 for k in range(len(cases) + 1)]
    assert found == sorted(found)


@given(ranked)
def test_turning_the_ranking_round_mirrors_its_area(cases: list[tuple[float, bool]]) -> None:
    risks, left = _split(cases)
    area, mirror = auc(risks, left), auc([-risk for risk in risks], left)
    assert area is None or mirror == pytest.approx(1 - area)


@given(ranked)
def test_the_bands_hold_everybody_once(cases: list[tuple[float, bool]]) -> None:
    table = calibration(*_split(cases))
    assert sum(band.n for band in table) == len(cases)
    assert sum(band.n * band.came for band in table) == pytest.approx(sum(x for _, x in cases))


def _split(cases: list[tuple[float, bool]]) -> tuple[list[float], list[bool]]:
    return [risk for risk, _ in cases], [left for _, left in cases]
