"""What the silent ones may have thought. No database."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk.surveys.scoring import wilson
from helpdesk.surveys.weighting import Cell, weighted, wilson_of

CELLS = st.dictionaries(
    st.integers(0, 5),
    st.tuples(st.integers(0, 40), st.integers(0, 40), st.integers(0, 40)).map(
        lambda n: Cell(sum(n), n[0] + n[1], n[0])
    ),
    max_size=6,
)


def test_a_group_that_answers_less_counts_as_much_as_it_was_asked() -> None:
    found = weighted({"mail": Cell(100, 50, 45), "phone": Cell(100, 10, 5)})
    assert found is not None
    assert found.plain == pytest.approx(50 / 60)
    assert found.share == pytest.approx((0.9 + 0.5) / 2)
    assert found.n == pytest.approx(1 / (0.25 / 50 + 0.25 / 10))
    assert found.interval.low < found.share < found.interval.high


def test_equal_groups_leave_the_score_as_it_is() -> None:
    found = weighted({"a": Cell(40, 20, 15), "b": Cell(80, 40, 30)})
    assert found is not None
    assert found.share == pytest.approx(found.plain) == pytest.approx(0.75)
    assert found.n == pytest.approx(60)


def test_a_group_nobody_answered_in_is_not_spoken_for() -> None:
    found = weighted({"a": Cell(30, 10, 10), "b": Cell(70, 0, 0)})
    assert found is not None
    assert found.share == 1.0
    assert found.covered == pytest.approx(0.3)
    assert found.bounds.low == pytest.approx(0.1)
    assert found.bounds.high == pytest.approx(1.0)


@pytest.mark.parametrize("cells", [{}, {"a": Cell(0, 0, 0)}, {"a": Cell(9, 0, 0)}])
def test_without_an_answer_there_is_no_score(cells: dict[str, Cell]) -> None:
    assert weighted(cells) is None


@pytest.mark.parametrize("counts", [(1, 2, 0), (2, 1, 2), (1, 1, -1)])
def test_impossible_counts_are_refused(counts: tuple[int, int, int]) -> None:
    with pytest.raises(ValueError, match="cannot be"):
        Cell(*counts)


@pytest.mark.parametrize(("k", "n"), [(9, 10), (45, 50), (0, 10), (10, 10)])
def test_of_whole_numbers_the_range_is_that_of_wilson(k: int, n: int) -> None:
    plain, real = wilson(k, n), wilson_of(k / n, n)
    assert plain is not None
    assert (real.low, real.high) == pytest.approx((plain.low, plain.high), abs=1e-9)


@given(CELLS)
def test_the_weighted_score_lies_among_those_of_the_groups(cells: dict[int, Cell]) -> None:
    found = weighted(cells)
    shares = [cell.satisfied / cell.answered for cell in cells.values() if cell.answered]
    assert (found is None) == (not shares)
    if found is not None:
        assert min(shares) - 1e-9 <= found.share <= max(shares) + 1e-9
        assert 0 < found.n <= sum(cell.answered for cell in cells.values()) + 1e-9
        assert found.interval.low - 1e-9 <= found.share <= found.interval.high + 1e-9
        assert 0 < found.covered <= 1
