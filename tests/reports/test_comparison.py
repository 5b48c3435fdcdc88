"""A change is called real only when it is more than chance."""

import random

from helpdesk.reports.comparison import (
    count_move,
    counts_differ,
    csat_move,
    median_range,
    medians_differ,
    nps_move,
    time_move,
)
from helpdesk.reports.counting import quantile
from helpdesk.reports.paper import Sentence
from helpdesk.surveys.scoring import csat, nps


def text(move: Sentence) -> str:
    return "".join(words.text for words in move)


def test_a_fall_beyond_chance_is_real_and_bad() -> None:
    move = csat_move(csat({5: 87, 1: 13}), csat({5: 65, 1: 35}))
    assert text(move) == "▼ 22 points, real"
    assert move[0].tone == "bad"


def test_a_small_move_is_within_chance_and_has_no_colour() -> None:
    move = nps_move(nps(50, 30, 20), nps(53, 30, 17))
    assert text(move) == "▲ 6 points, within chance"
    assert not move[0].tone


def test_nothing_to_compare_with_is_said() -> None:
    assert text(csat_move(None, csat({5: 1}))) == "nothing to compare with"
    assert text(time_move([], [3600])) == "nothing to compare with"


def test_no_change_is_said() -> None:
    assert text(csat_move(csat({5: 1}), csat({5: 1}))) == "no change"
    assert text(count_move(4, 4, (7, 7))) == "no change"


def test_shorter_waits_are_good() -> None:
    move = time_move([7200 + n for n in range(50)], [3600 + n for n in range(50)])
    assert text(move) == "▼ 1 h, real"
    assert move[0].tone == "good"


def test_counts_are_compared_by_the_days_that_they_had() -> None:
    assert counts_differ(100, 140, (30, 30))
    assert not counts_differ(100, 110, (30, 30))
    assert not counts_differ(100, 140, (10, 14))
    assert not counts_differ(0, 0, (7, 7))


def test_the_range_of_a_median_is_that_of_its_ranks() -> None:
    found = median_range(list(range(1, 101)))
    assert found is not None
    assert (found.low, found.high) == (40, 61)
    assert median_range([1, 2, 3, 4, 5]) is None


def test_the_range_holds_the_median_nineteen_times_in_twenty() -> None:
    draw, held = random.Random(3), 0
    for _ in range(400):
        found = median_range(sorted(draw.expovariate(1) for _ in range(60)))
        held += found is not None and 0.6931 in found
    assert 0.93 <= held / 400 <= 0.985


def test_two_medians_differ_when_their_ranges_lie_apart() -> None:
    assert medians_differ(list(range(100)), list(range(60, 160)))
    assert not medians_differ(list(range(100)), list(range(5, 105)))
    assert not medians_differ([1, 2], [100, 200])


def test_a_quantile_lies_between_its_neighbours() -> None:
    assert quantile([], 0.5) is None
    assert quantile([7], 0.9) == 7
    assert quantile([1, 2, 3, 4], 0.5) == 2.5
    assert quantile([0, 10], 0.9) == 9
