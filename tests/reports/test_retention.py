"""Retention counts only those who were there at the start."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk.reports.retention import (
    Membership,
    cohorts,
    compound_churn,
    kaplan_meier,
    mean_lifetime,
    retention,
)

lives = st.lists(st.tuples(st.integers(0, 20), st.booleans()), max_size=40)
days = st.dates(date(2025, 1, 1), date(2026, 6, 30))


def test_two_hundred_at_the_start_and_thirty_new_of_two_hundred_ten() -> None:
    result = retention(start=200, end=210, new=30)
    assert result is not None
    assert result.retained == pytest.approx(0.90)
    assert result.churned == pytest.approx(0.10)
    assert result.retained in result.interval


def test_nobody_at_the_start_is_no_value() -> None:
    assert retention(start=0, end=5, new=5) is None


@pytest.mark.parametrize(("start", "end", "new"), [(10, 20, 5), (10, 5, 6), (-1, 0, 0)])
def test_counts_that_do_not_fit_are_refused(start: int, end: int, new: int) -> None:
    with pytest.raises(ValueError, match="do not fit"):
        retention(start, end, new)


@given(st.integers(1, 500), st.integers(0, 500), st.data())
def test_retained_and_churned_make_a_whole(start: int, new: int, data: st.DataObject) -> None:
    kept = data.draw(st.integers(0, start))
    result = retention(start, kept + new, new)
    assert result is not None
    assert result.retained + result.churned == pytest.approx(1)
    assert result.interval.low <= result.retained <= result.interval.high


def test_two_per_cent_a_month_is_a_fifth_a_year_and_fifty_months() -> None:
    assert compound_churn(0.02) == pytest.approx(0.2153, abs=5e-5)
    assert mean_lifetime(0.02) == pytest.approx(50)


def test_without_churn_a_lifetime_has_no_value() -> None:
    assert mean_lifetime(0) is None
    assert compound_churn(0) == 0
    assert compound_churn(1) == 1


def test_a_rate_in_per_cent_is_refused() -> None:
    with pytest.raises(ValueError, match="not a rate"):
        compound_churn(2)


def test_survival_of_five_customers() -> None:
    curve = kaplan_meier([(1, True), (2, True), (2, False), (3, True), (4, False)])
    assert [point.time for point in curve] == [1, 2, 3]
    assert [point.at_risk for point in curve] == [5, 4, 2]
    assert [point.share for point in curve] == pytest.approx([0.8, 0.6, 0.3])


def test_the_range_of_survival_is_greenwoods_on_the_log_log_scale() -> None:
    first = kaplan_meier([(1, True), (2, True), (2, False), (3, True), (4, False)])[0]
    assert first.interval is not None
    assert first.interval.low == pytest.approx(0.2038, abs=5e-5)
    assert first.interval.high == pytest.approx(0.9692, abs=5e-5)


def test_survival_ends_without_a_range_when_all_have_left() -> None:
    (point,) = kaplan_meier([(2, True), (2, True)])
    assert (point.share, point.interval) == (0.0, None)


def test_nobody_has_no_survival_curve() -> None:
    assert kaplan_meier([]) == ()
    assert kaplan_meier([(3, False)]) == ()


@given(lives)
def test_survival_falls_step_by_step_within_its_range(people: list[tuple[float, bool]]) -> None:
    curve = kaplan_meier(people)
    shares = [1.0, *(point.share for point in curve)]
    assert all(0 <= later < earlier <= 1 for earlier, later in pairwise(shares))
    for point in curve:
        assert point.interval is None or (
            0 <= point.interval.low <= point.share <= point.interval.high <= 1
        )


@given(st.lists(st.integers(0, 20), min_size=1, max_size=30))
def test_without_censoring_survival_is_the_share_still_here(ends: list[int]) -> None:
    for point in kaplan_meier((end, True) for end in ends):
        still = sum(1 for end in ends if end > point.time)
        assert point.share == pytest.approx(still / len(ends))


def test_a_cohort_row_tells_who_is_still_here_month_by_month() -> None:
    january, february = date(2026, 1, 9), date(2026, 2, 20)
    table = cohorts(
        [
            Membership(january),
            Membership(january, left=date(2026, 1, 31)),
            Membership(january, left=date(2026, 3, 1)),
            Membership(january, left=date(2026, 2, 1)),
            Membership(february),
        ],
        as_of=date(2026, 3, 15),
    )
    first, second = table
    assert (first.month, first.size) == (date(2026, 1, 1), 4)
    assert [cell.active for cell in first.cells] == [3, 2, 1]
    assert [cell.share for cell in first.cells] == [0.75, 0.5, 0.25]
    assert [cell.complete for cell in first.cells] == [True, True, False]
    assert [cell.active for cell in second.cells] == [1, 1]


def test_what_is_still_to_come_has_no_cell() -> None:
    (row,) = cohorts(
        [Membership(date(2025, 12, 31), left=date(2026, 2, 2)), Membership(date(2026, 5, 1))],
        as_of=date(2026, 1, 31),
    )
    assert [(cell.active, cell.complete) for cell in row.cells] == [(1, True), (1, False)]


def test_no_memberships_make_an_empty_table() -> None:
    assert cohorts([], as_of=date(2026, 1, 1)) == ()


@given(st.lists(st.tuples(days, st.none() | st.integers(0, 400)), max_size=20), days)
def test_the_table_is_a_triangle_that_only_falls(
    stays: list[tuple[date, int | None]], as_of: date
) -> None:
    memberships = [
        Membership(start, None if length is None else start + timedelta(days=length))
        for start, length in stays
    ]
    table = cohorts(memberships, as_of)
    assert sum(row.size for row in table) == sum(1 for start, _ in stays if start <= as_of)
    for row in table:
        actives = [row.size, *(cell.active for cell in row.cells)]
        assert actives == sorted(actives, reverse=True)
        assert [cell.complete for cell in row.cells] == [True] * (len(row.cells) - 1) + [False]
