"""A scorecard learns what is there to learn, says how good it is, and can be read."""

import math
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk.churn.scorecard import logistic
from helpdesk.churn.scorecard.binning import Bins, bins_of
from helpdesk.churn.scorecard.card import from_json
from helpdesk.churn.scorecard.evidence import FACTOR, Count, information, points, reliability, woe
from helpdesk.churn.scorecard.report import fit_file, score_file
from helpdesk.churn.scorecard.training import Columns, platt, train
from helpdesk.churn.scorecard.validation import cross_validate, split
from tests.churn.lookalike import csv_of, subscribers


def test_weight_of_evidence_of_the_worked_example() -> None:
    assert woe(Count(40, 10), Count(100, 300), smoothing=0) == pytest.approx(2.4849, abs=5e-5)


def test_twenty_points_double_the_odds() -> None:
    assert pytest.approx(28.854, abs=5e-4) == FACTOR
    assert points(math.log(2)) == 20


def test_a_bin_without_leavers_still_has_a_weight() -> None:
    assert woe(Count(0, 50), Count(100, 300)) == pytest.approx(math.log(0.5 / 100 / (50.5 / 300)))


def test_many_small_bins_of_pure_chance_are_not_believed() -> None:
    random = Random(3)
    parts = [Count(random.randrange(4), random.randrange(6)) for _ in range(60)]
    assert reliability([part for part in parts if part.n]) < 0.35
    assert reliability([Count(80, 20), Count(20, 80)]) > 0.95


def test_cuts_are_found_where_the_rate_changes() -> None:
    random = Random(5)
    values = [random.uniform(0, 100) for _ in range(3000)]
    left = [random.random() < (0.5 if 30 <= value < 70 else 0.1) for value in values]
    cuts = bins_of("x", values, left, is_number=True).cuts
    assert cuts == pytest.approx((30, 70), abs=3)


def test_a_column_that_tells_nothing_gets_no_weight() -> None:
    random = Random(6)
    left = [random.random() < 0.3 for _ in range(2000)]
    words = [random.choice("abcdefgh") for _ in left]
    card = train(Columns({"x": words}, frozenset(), left), with_pairs=False)
    assert all(abs(worth) <= 4 for part in card.parts for worth in part.points.values())


def test_rare_and_unheard_of_words_share_a_bin_and_missing_has_its_own() -> None:
    values = ["a"] * 400 + ["b"] * 400 + ["c"] * 2 + [None] * 10
    bins = bins_of("x", values, [True, False] * 406, is_number=False)
    assert set(bins.words) == {"a", "b"}
    assert bins.labels[bins.index("c")] == bins.labels[bins.index("never seen")] == "other"
    assert bins.labels[bins.index(None)] == "missing"


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=60), st.randoms())
def test_every_number_has_exactly_one_bin(values: list[float], random: Random) -> None:
    left = [random.random() < 0.5 for _ in values]
    bins = bins_of("x", values, left, is_number=True)
    assert len(bins.labels) == len(bins)
    assert all(0 <= bins.index(value) < len(bins) - 1 for value in values)
    order = [bins.index(value) for value in sorted(values)]
    assert order == sorted(order)


def test_bins_read_as_people_write_them() -> None:
    bins = Bins("tenure", cuts=(6.0, 12.5))
    assert bins.labels == ["below 6", "6 to below 12.5", "12.5 or more", "missing"]


def test_information_of_bins_that_say_the_same_is_nothing() -> None:
    assert information([Count(10, 30), Count(20, 60)]) == pytest.approx(0, abs=1e-3)


def test_the_regression_finds_the_law_behind_the_rows() -> None:
    random = Random(2)
    one, two = ([random.gauss(0, 1) for _ in range(4000)] for _ in range(2))
    odds = [-1 + 0.8 * a - 0.5 * b for a, b in zip(one, two, strict=True)]
    came = [float(random.random() < logistic.chance(x)) for x in odds]
    base, slopes = logistic.fit([one, two], came, ridge=0.1)
    assert [base, *slopes] == pytest.approx([-1, 0.8, -0.5], abs=0.12)


def test_rows_that_can_be_told_apart_wholly_still_have_a_solution() -> None:
    base, slopes = logistic.fit([[0.0] * 50 + [1.0] * 50], [0.0] * 50 + [1.0] * 50)
    assert math.isfinite(base)
    assert 0 < slopes[0] < 50


def test_calibration_never_turns_a_ranking_round() -> None:
    slope, _ = platt([2.0, 1.0, -1.0, -2.0] * 20, [False, False, True, True] * 20)
    assert slope == 0


def test_a_card_comes_close_to_the_best_that_can_be_had() -> None:
    rows, best = subscribers(2500, seed=4)
    fitted = fit_file(csv_of(rows), "churn", folds=3)
    assert fitted.proof.auc is not None
    assert fitted.proof.auc > best - 0.02
    assert fitted.proof.brier is not None
    assert fitted.proof.base_brier is not None
    assert fitted.proof.brier < 0.9 * fitted.proof.base_brier
    assert fitted.proof.calibration_error is not None
    assert fitted.proof.calibration_error < 0.05


def test_what_only_two_columns_together_tell_is_found() -> None:
    random = Random(8)
    one = [random.choice("ab") for _ in range(1500)]
    two = [random.uniform(0, 1) for _ in range(1500)]
    left = [
        random.random() < (0.8 if (a == "a") == (b < 0.5) else 0.1)
        for a, b in zip(one, two, strict=True)
    ]
    columns = Columns({"one": one, "two": two}, frozenset({"two"}), left)
    area = cross_validate(columns, folds=3).auc
    assert area is not None
    assert area > 0.75
    assert any(len(part.columns) == 2 for part in train(columns).parts)


def test_no_row_is_judged_by_a_card_that_saw_it() -> None:
    left = [number % 7 == 0 for number in range(200)]
    held = [row for seen, rows in split(left, 5, 1) for row in rows if row not in seen]
    assert sorted(held) == list(range(200))
    for seen, rows in split(left, 5, 1):
        assert not set(seen) & set(rows)
        assert sum(left[row] for row in rows) in (5, 6)


def test_labels_drawn_by_lot_give_no_better_than_chance() -> None:
    random = Random(11)
    values = {name: [random.choice("abcd") for _ in range(900)] for name in "uvwxyz"}
    left = [random.random() < 0.3 for _ in range(900)]
    area = cross_validate(Columns(values, frozenset(), left), folds=3).auc
    assert area == pytest.approx(0.5, abs=0.07)


def test_the_same_rows_give_the_same_card() -> None:
    rows, _ = subscribers(400, seed=9)
    one, two = (fit_file(csv_of(rows), "Churn", folds=2) for _ in range(2))
    assert one.card == two.card
    assert one.proof == two.proof


def test_a_kept_card_scores_as_the_one_it_was() -> None:
    rows, _ = subscribers(400, seed=9)
    card = fit_file(csv_of(rows), "Churn", folds=2).card
    again = from_json(card.to_json())
    ours, theirs = (list(score_file(each, csv_of(rows))) for each in (card, again))
    assert ours == theirs
    assert [each.name for each in ours] == [row["customerID"] for row in rows]
    assert all(0 < each.chance < 1 for each in ours)


@pytest.mark.parametrize("data", [{}, {"kind": "scorecard"}, {"kind": "x", "version": 1}])
def test_what_is_no_card_is_refused(data: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="no scorecard"):
        from_json(data)
