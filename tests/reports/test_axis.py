"""Axes have round numbers that hold the data, and labels that never overlap."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from helpdesk.reports.axis import (
    COUNT,
    HOURS,
    PERCENT,
    POINTS,
    TONE,
    Scale,
    Unit,
    fitted,
    nice_ticks,
    text_width,
    thinned,
)

FREE = Unit(decimals=9)


@pytest.mark.parametrize(
    ("low", "high", "unit", "ticks"),
    [
        (72, 94, PERCENT, (70, 75, 80, 85, 90, 95)),
        (0, 1960, COUNT, (0, 500, 1000, 1500, 2000)),
        (-20, 43, POINTS, (-20, 0, 20, 40, 60)),
        (0, 1, COUNT, (0, 1)),
        (0, 3, COUNT, (0, 1, 2, 3)),
        (-0.4, 0.3, TONE, (-0.4, -0.2, 0.0, 0.2, 0.4)),
        (0, 9.2, HOURS, (0, 2, 4, 6, 8, 10)),
    ],
)
def test_ticks_are_round(low: float, high: float, unit: Unit, ticks: tuple[float, ...]) -> None:
    assert nice_ticks(low, high, unit).values == pytest.approx(ticks)


@pytest.mark.parametrize(("value", "unit"), [(100, PERCENT), (0, PERCENT), (-100, POINTS)])
def test_equal_values_at_a_limit_have_no_room_beyond_it(value: float, unit: Unit) -> None:
    ticks = nice_ticks(value, value, unit).values
    assert unit.limits[0] <= ticks[0] < ticks[-1] <= unit.limits[1]


def test_counts_have_no_half_ticks() -> None:
    assert nice_ticks(0, 2, COUNT).values == (0, 1, 2)


@given(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6))
def test_ticks_hold_the_data_and_rise_evenly(one: float, two: float) -> None:
    low, high = sorted((one, two))
    assume(high == low or high - low > 1e-4)
    ticks = nice_ticks(low, high, FREE).values
    gaps = [after - before for before, after in pairwise(ticks)]
    slack = 1e-6 * gaps[0]
    assert ticks[0] <= low + slack
    assert high <= ticks[-1] + slack
    assert 1 <= len(gaps) <= 8
    assert all(gap > 0 and gap == pytest.approx(gaps[0], rel=1e-3) for gap in gaps)


@given(st.floats(0, 100), st.floats(0, 100))
def test_an_axis_of_shares_stays_between_zero_and_a_hundred(one: float, two: float) -> None:
    ticks = nice_ticks(min(one, two), max(one, two), PERCENT).values
    assert ticks[0] >= 0
    assert ticks[-1] <= 100


def test_a_scale_turns_values_into_places() -> None:
    up = Scale(low=0, high=10, start=190, end=24)
    assert (up(0), up(10), up(5)) == (190, 24, 107)


@pytest.mark.parametrize(
    ("unit", "value", "text"),
    [
        (PERCENT, 78.2, "78\u00a0%"),
        (POINTS, 31.0, "+31"),
        (POINTS, -4.4, "−4"),
        (POINTS, -0.2, "0"),
        (COUNT, 9800, "9,800"),
        (HOURS, 1.87, "1.9\u00a0h"),
        (TONE, -0.3, "−0.30"),
        (COUNT, None, "–"),
    ],
)
def test_numbers_are_written_in_their_unit(unit: Unit, value: float | None, text: str) -> None:
    assert unit.show(value) == text


def test_a_range_with_a_minus_is_joined_by_a_word() -> None:
    assert PERCENT.span(71.4, 83.6) == "71–84\u00a0%"
    assert POINTS.span(-19.1, 65.2) == "−19 to +65"


def test_labels_are_left_out_evenly_and_the_last_stays() -> None:
    weeks = [f"2026-W{week:02}" for week in range(1, 53)]
    labels = thinned(weeks, [50 + 11 * place for place in range(52)], 640)
    assert labels[-1].text == "2026-W52"
    assert 4 <= len(labels) <= 8


def test_few_short_labels_all_stay() -> None:
    assert [label.text for label in thinned(["Jan", "Feb"], [100, 500], 640)] == ["Jan", "Feb"]
    assert thinned([], [], 640) == ()


@given(st.lists(st.text(max_size=60), min_size=1, max_size=80))
def test_labels_never_overlap_and_never_leave_the_drawing(texts: list[str]) -> None:
    places = [60 + 566 * place / len(texts) for place in range(len(texts))]
    labels = thinned(texts, places, 640)
    spans = [
        (label.x - text_width(label.text) / 2, label.x + text_width(label.text) / 2)
        for label in labels
    ]
    assert labels
    assert all(one[1] < two[0] for one, two in pairwise(spans))
    assert spans[0][0] >= 0
    assert spans[-1][1] <= 640


def test_a_text_without_room_ends_in_an_ellipsis() -> None:
    assert fitted("unverified  address\nof a customer", 120) == "unverifie…"
    assert fitted("short", 120) == "short"
    assert text_width("顧客") == 2 * text_width("ab")
