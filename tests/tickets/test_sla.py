"""Clocks, without a database: what is owed, by when, and what pauses do."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpdesk.core.hours import ALWAYS, Block, Hours
from helpdesk.tickets.sla import (
    Clock,
    Facts,
    Pause,
    Target,
    merged,
    reach,
    running,
    spent,
)

START = datetime(2026, 3, 27, 9, tzinfo=UTC)  # a Friday; clocks go forward on Sunday
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
OFFICE = Hours(
    "Europe/Berlin",
    tuple(Block(d, *span) for d in range(5) for span in ((540, 720), (780, 1020))),
)
EVERYTHING = dict.fromkeys(Target, 4 * HOUR)


def clocks(**facts: object) -> dict[Target, Clock]:
    known: dict[str, object] = {
        "created_at": START,
        "asked_at": START,
        "replied_at": None,
        "waiting_since": START,
    }
    found = running(Facts(**{**known, **facts}), EVERYTHING, ALWAYS)  # type: ignore[arg-type]  # by name
    return {clock.target: clock for clock in found}


def owed(**facts: object) -> set[Target]:
    return set(clocks(**facts))


RESOLUTIONS = {Target.RESOLUTION, Target.TOTAL_RESOLUTION}


def test_a_new_request_is_owed_a_first_response_and_a_resolution() -> None:
    assert owed() == {Target.FIRST_RESPONSE} | RESOLUTIONS


def test_nothing_is_owed_first_where_an_agent_opened_it_until_the_customer_writes() -> None:
    assert owed(asked_at=None) == RESOLUTIONS
    later = START + HOUR
    found = clocks(asked_at=later, waiting_since=later)
    assert found[Target.FIRST_RESPONSE].started_at == later
    assert Target.NEXT_RESPONSE not in found


def test_a_reply_before_the_customer_wrote_is_no_first_response() -> None:
    asked = START + HOUR
    found = clocks(asked_at=asked, waiting_since=asked, replied_at=START + MINUTE)
    assert found[Target.FIRST_RESPONSE].started_at == asked


def test_after_the_first_response_the_next_one_counts_from_the_oldest_unanswered_message() -> None:
    replied, asked_again = START + HOUR, START + 2 * HOUR
    assert Target.NEXT_RESPONSE not in clocks(is_answered=True, waiting_since=None)
    found = clocks(is_answered=True, replied_at=replied, waiting_since=asked_again)
    assert found[Target.NEXT_RESPONSE].started_at == asked_again
    assert Target.FIRST_RESPONSE not in found


def test_updates_count_from_reply_to_reply_and_not_while_the_customer_is_asked() -> None:
    replied = START + HOUR
    assert clocks(replied_at=replied)[Target.UPDATE].due_at == replied + 4 * HOUR
    assert Target.UPDATE not in clocks(replied_at=replied, waits_for_customer=True)
    back = clocks(replied_at=replied, updates_from=START + 9 * HOUR)[Target.UPDATE]
    assert back.started_at == START + 9 * HOUR


def test_nothing_is_owed_once_it_is_done() -> None:
    assert owed(is_done=True, was_done=True, waiting_since=None) == set()


def test_after_reopening_the_total_goes_on_and_the_resolution_does_not() -> None:
    away = Pause(START + HOUR, START + 10 * HOUR)
    found = clocks(was_done=True, waiting_since=START + 10 * HOUR, pauses=(away,))
    assert set(found) == {Target.NEXT_RESPONSE, Target.TOTAL_RESOLUTION}
    assert found[Target.TOTAL_RESOLUTION].due_at == START + 13 * HOUR


def test_a_resolution_pauses_and_replies_do_not() -> None:
    found = clocks(pauses=(Pause(START + HOUR, None),))
    assert found[Target.RESOLUTION].is_paused
    assert found[Target.RESOLUTION].left == 3 * HOUR
    assert found[Target.FIRST_RESPONSE].due_at == START + 4 * HOUR


def test_a_pause_that_begins_after_the_time_has_passed_changes_nothing() -> None:
    found = clocks(pauses=(Pause(START + 4 * HOUR, None),))
    assert found[Target.RESOLUTION].due_at == START + 4 * HOUR


def test_a_warning_comes_before_what_it_warns_of() -> None:
    found = clocks()[Target.FIRST_RESPONSE]
    assert found.warn_at == START + 4 * HOUR * 0.8


def test_hours_that_are_never_open_promise_no_time() -> None:
    facts = Facts(START, START, None, START)
    (found,) = running(facts, {Target.FIRST_RESPONSE: HOUR}, Hours("UTC", ()))
    assert (found.due_at, found.warn_at, found.left) == (None, None, HOUR)


moments = st.integers(0, 6 * 24 * 60).map(lambda n: START + MINUTE * n)
pause_lists = st.lists(
    st.tuples(moments, moments).map(lambda two: Pause(min(two), max(two))), max_size=6
)


def pauses_at(pauses: list[Pause], at: datetime) -> bool:
    return any(p.start <= at and (p.end is None or at < p.end) for p in pauses)


@settings(max_examples=60, deadline=None)
@given(pauses=pause_lists, at=moments)
def test_merged_pauses_cover_what_they_covered_and_lie_apart(
    pauses: list[Pause], at: datetime
) -> None:
    tidy = merged(pauses)
    assert pauses_at(list(tidy), at) == pauses_at(pauses, at)
    for one, next_one in pairwise(tidy):
        assert one.end is not None
        assert one.end < next_one.start


@pytest.mark.parametrize("hours", [ALWAYS, OFFICE])
def test_at_the_due_time_exactly_the_target_was_spent(hours: Hours) -> None:
    @settings(max_examples=60, deadline=None)
    @given(pauses=pause_lists, length=st.integers(1, 40 * 60).map(lambda n: MINUTE * n))
    def holds(pauses: list[Pause], length: timedelta) -> None:
        due, left = reach(START, length, merged(pauses), hours)
        assert due is not None
        assert left == timedelta(0)
        assert spent(START, due, pauses, hours) == length
        assert spent(START, due - timedelta(microseconds=1), pauses, hours) < length

    holds()


@settings(max_examples=60, deadline=None)
@given(pauses=pause_lists, since=moments, length=st.integers(1, 40 * 60))
def test_while_it_pauses_what_is_left_and_what_was_spent_make_the_whole(
    pauses: list[Pause], since: datetime, length: int
) -> None:
    target = MINUTE * length
    lasting = [*pauses, Pause(since, None)]
    due, left = reach(START, target, merged(lasting), OFFICE)
    if due is None:
        assert spent(START, since + 99 * HOUR, lasting, OFFICE) + left == target
    else:
        assert spent(START, due, lasting, OFFICE) == target


@settings(max_examples=40, deadline=None)
@given(pauses=pause_lists, extra=st.integers(1, 600).map(lambda n: MINUTE * n))
def test_a_longer_target_is_never_due_earlier(pauses: list[Pause], extra: timedelta) -> None:
    short, _ = reach(START, 4 * HOUR, merged(pauses), OFFICE)
    long, _ = reach(START, 4 * HOUR + extra, merged(pauses), OFFICE)
    assert short is not None
    assert long is not None
    assert short < long


def test_zero_lengths_at_the_edge_of_a_pause_do_not_hang() -> None:
    at_once = Pause(START, START)
    due, _ = reach(START, HOUR, merged([at_once, at_once]), ALWAYS)
    assert due == START + HOUR
