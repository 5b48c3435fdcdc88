"""The three things to look at are what got worse beyond chance, by the people concerned."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk.core.db import transaction
from helpdesk.customers.value.staying import forecast
from helpdesk.reports.access import Reader
from helpdesk.reports.counting import tally
from helpdesk.reports.measures import MEASURES
from helpdesk.reports.pages.looking import Change, more, the_largest, worse
from helpdesk.tickets.kept import kept_between
from tests.reports.history import History, selection


def change(words: str, concerned: float, p_value: float = 0.0001, people: int = 50) -> Change:
    return Change(words, people, p_value, concerned, people, "/reports/tickets?of=filed")


def test_the_one_that_concerns_most_people_comes_first() -> None:
    found = the_largest([change("a", 3), change("b", 30), change("c", 12), change("d", 5)])
    assert [each.words for each in found] == ["b", "c", "d"]


def test_what_is_within_chance_or_of_few_people_is_not_shown() -> None:
    assert the_largest([change("luck", 30, p_value=0.4), change("few", 4, people=4)]) == []
    assert the_largest([change("better", -2)]) == []


def test_among_many_topics_one_that_alone_would_seem_real_is_not() -> None:
    alone = change("topic", 3, p_value=0.04)
    many = [change(f"other {n}", 3, p_value=0.5) for n in range(30)]
    assert the_largest([alone]) == [alone]
    assert the_largest([alone, *many]) == []


shares = st.integers(0, 200).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@given(shares, shares)
def test_a_share_is_never_said_to_grow_by_more_than_it_did(
    before: tuple[int, int], now: tuple[int, int]
) -> None:
    least, p_value = worse(before, now)
    assert 0 <= p_value <= 1
    if before[1] and now[1]:
        assert least <= now[0] / now[1] - before[0] / before[1] + 1e-9
    else:
        assert (least, p_value) == (0.0, 1.0)


@given(st.integers(0, 500), st.integers(0, 500), st.integers(1, 40), st.integers(1, 40))
def test_more_tickets_are_more_than_their_days_would_bring(
    before: int, now: int, days: int, later: int
) -> None:
    least, p_value = more(before, now, (days, later))
    assert least <= max(0.0, now - (before + now) * later / (days + later))
    assert 0 <= p_value <= 1


def test_a_week_twice_as_busy_is_found_and_a_usual_one_is_not() -> None:
    assert more(100, 200, (7, 7))[0] > 0
    assert more(100, 104, (7, 7)) == (0.0, 1.0)


def test_broken_promises_are_those_of_the_journal(history: History) -> None:
    chosen = selection(120)
    with transaction(write=False):
        reader = Reader(history.people.ada)
        period = chosen.period
        found = tally(reader, MEASURES["promises"], chosen, [period], "kept")
        expected = kept_between(period.start, period.end)
        assert found[0, "kept"] == sum(each.met for each in expected) > 0
        assert found[0, "broken"] == sum(each.breached for each in expected) > 0


@pytest.mark.parametrize("past", [[], [3], [4, 5]])
def test_two_weeks_are_too_few_for_a_forecast(past: list[int]) -> None:
    assert forecast(past) is None
