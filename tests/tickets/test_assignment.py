"""Who gets the next ticket: pure choices, then the whole with a database."""

from collections import Counter

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from helpdesk.accounts.models import Account, Role, Team
from helpdesk.core.db import session, transaction
from helpdesk.core.journal import JournalEntry
from helpdesk.tickets import actions, assignment, conversation, shifts
from helpdesk.tickets.assignment import Candidate, choose
from helpdesk.tickets.duty import Method, UnassignedTicket
from helpdesk.tickets.models import Ticket
from helpdesk.tickets.queries import locked
from tests.cast import Cast, account
from tests.conftest import Clock
from tests.tickets.promises import berlin, office
from tests.together import together
from tests.work import Work

candidates = st.lists(
    st.builds(
        Candidate,
        st.integers(1, 9),
        st.integers(0, 9),
        st.none() | st.integers(0, 9),
        st.booleans(),
        st.integers(0, 9),
    ),
    unique_by=lambda one: one.account_id,
)


@given(candidates=candidates, method=st.sampled_from(Method))
def test_nobody_off_shift_or_full_is_ever_chosen(
    candidates: list[Candidate], method: Method
) -> None:
    chosen, reason = choose(candidates, method)
    free = [one for one in candidates if one.is_on_shift and one.has_room]
    assert reason
    assert (chosen is None) == (not free)
    if chosen is not None:
        assert chosen in {one.account_id for one in free}


@given(candidates=candidates)
def test_the_least_loaded_has_the_fewest_of_those_who_can(candidates: list[Candidate]) -> None:
    chosen, _ = choose(candidates, Method.LEAST_LOADED)
    free = {one.account_id: one.load for one in candidates if one.is_on_shift and one.has_room}
    if chosen is not None:
        assert free[chosen] == min(free.values())


def one(number: int, load: int = 0, **more: object) -> Candidate:
    known: dict[str, object] = {"capacity": None, "is_on_shift": True, "turn": 0}
    return Candidate(number, load, **(known | more))  # type: ignore[arg-type]  # by name


@pytest.mark.parametrize(
    ("team", "method", "chosen", "reason"),
    [
        ([one(1, 5), one(2, 4), one(3, 9)], Method.LEAST_LOADED, 2,
         "least loaded of 3 on shift: 4 open"),
        ([one(1, 5), one(2, 4, capacity=4)], Method.LEAST_LOADED, 1,
         "least loaded of 1 on shift: 5 open, 1 more full"),
        ([one(1, turn=3), one(2, turn=1), one(3, turn=2)], Method.ROUND_ROBIN, 2,
         "next in turn of 3 on shift"),
        ([], Method.ROUND_ROBIN, None, "the team has no members"),
        ([one(1, is_on_shift=False), one(2, is_on_shift=False)], Method.LEAST_LOADED, None,
         "nobody of 2 is on shift"),
        ([one(1, 2, capacity=2)], Method.ROUND_ROBIN, None, "everybody on shift is full (1)"),
    ],
)  # fmt: skip
def test_the_reason_says_how_it_was_chosen(
    team: list[Candidate], method: Method, chosen: int | None, reason: str
) -> None:
    assert choose(team, method) == (chosen, reason)


@pytest.fixture
def crew(people: Cast, clock: Clock) -> list[int]:
    """Three more agents in Billing, which gives out its tickets in turn; Mika is switched off."""
    with transaction():
        agents = [account(f"{name} Crew", Role.AGENT) for name in ("Ana", "Bob", "Cem")]
        session.add_all(agents)
        people.billing.members += agents
        session.flush()
        shifts.set_available(people.mika, False, by=people.mika)
        shifts.set_method(people.billing, Method.ROUND_ROBIN, by=people.ada)
        return [agent.id for agent in agents]


def into_billing(people: Cast) -> int:
    with transaction():
        number = conversation.file(people.rosa, "Help", "Please").id
        actions.move_to_team(session.get_one(Ticket, number), people.billing, by=None)
        return number


def owner(number: int) -> int | None:
    return session.get_one(Ticket, number, populate_existing=True).assignee_id


def each(crew: list[int], count: int, nobody: int = 0) -> dict[int | None, int]:
    """Everybody has so many, and so many have nobody."""
    wanted: dict[int | None, int] = dict.fromkeys(crew, count)
    return wanted | ({None: nobody} if nobody else {})


def reasons(number: int) -> list[str]:
    entries = session.scalars(
        select(JournalEntry)
        .where(
            JournalEntry.subject_id == number,
            JournalEntry.event.in_(["TicketAssigned", "TicketLeftUnassigned"]),
        )
        .order_by(JournalEntry.id)
    )
    return [entry.data["reason"] for entry in entries]


def test_in_turn_everybody_gets_the_same(people: Cast, crew: list[int], work: Work) -> None:
    numbers = [into_billing(people) for _ in range(6)]
    work()
    assert Counter(map(owner, numbers)) == each(crew, 2)
    assert reasons(numbers[0]) == ["next in turn of 3 on shift"]


def test_a_team_by_hand_gives_out_nothing(people: Cast, work: Work) -> None:
    number = into_billing(people)
    work()
    assert owner(number) is None
    assert reasons(number) == []


def test_who_is_off_shift_gets_nothing_and_the_reason_is_recorded_once(
    people: Cast, crew: list[int], clock: Clock, work: Work
) -> None:
    with transaction():
        hours = office()
        for agent_id in crew:
            agent = session.get_one(Account, agent_id)
            shifts.set_duty(agent, None, hours.id, by=people.ada)
    clock.set(berlin(2026, 3, 2, 20))
    number = into_billing(people)
    work()
    for _ in range(3):
        assignment.give_waiting()
    assert owner(number) is None
    assert reasons(number) == ["nobody of 4 is on shift"]
    clock.set(berlin(2026, 3, 3, 9))
    assignment.give_waiting()
    assert owner(number) in crew
    assert session.scalars(select(UnassignedTicket)).all() == []


def test_nobody_gets_more_than_they_can_have(people: Cast, crew: list[int], work: Work) -> None:
    with transaction():
        for agent_id in crew:
            agent = session.get_one(Account, agent_id)
            shifts.set_duty(agent, 1, None, by=people.ada)
    numbers = [into_billing(people) for _ in range(5)]
    work()
    assert Counter(map(owner, numbers)) == each(crew, 1, nobody=2)
    assert reasons(numbers[-1]) == ["everybody on shift is full (3)"]
    with transaction():
        actions.resolve(session.get_one(Ticket, numbers[0]), by=people.ada)
    assignment.give_waiting()
    assert owner(numbers[3]) is not None, "the oldest is next"
    assert owner(numbers[4]) is None


def test_what_was_taken_by_hand_is_left_alone(people: Cast, crew: list[int], work: Work) -> None:
    number = into_billing(people)
    with transaction():
        actions.assign(session.get_one(Ticket, number), people.ada, by=people.ada)
    work()
    assert owner(number) == people.ids["ada"]
    assert reasons(number) == ["by hand"]


def test_what_waits_is_given_out_when_a_team_begins_to(people: Cast, work: Work) -> None:
    number = into_billing(people)
    with transaction():
        shifts.set_method(people.billing, Method.LEAST_LOADED, by=people.ada)
    work()
    assert owner(number) == people.ids["mika"]


def test_a_disabled_member_gets_nothing(people: Cast, work: Work) -> None:
    with transaction():
        people.mika.disabled_at = people.mika.created_at
        shifts.set_method(people.billing, Method.ROUND_ROBIN, by=people.ada)
    number = into_billing(people)
    work()
    assert reasons(number) == ["the team has no members"]


def test_many_at_once_are_given_out_fairly(
    app: Flask, people: Cast, crew: list[int], work: Work
) -> None:
    """Eight tickets in eight threads, in two teams that share their members: nobody gets more than
    they can have, and nobody is passed over."""
    with transaction():
        for agent_id in crew:
            agent = session.get_one(Account, agent_id)
            agent.teams.append(session.get_one(Team, people.ids["technical"]))
            shifts.set_duty(agent, 2, None, by=people.ada)
        shifts.set_available(people.ben, False, by=people.ben)
        shifts.set_method(people.technical, Method.LEAST_LOADED, by=people.ada)
    numbers = [into_billing(people) for _ in range(8)]
    with transaction():
        for number in numbers[::2]:
            actions.move_to_team(session.get_one(Ticket, number), people.technical, by=None)

    def give(number: int) -> None:
        with transaction():
            assignment.give(locked(number))

    together(app, *(lambda number=number: give(number) for number in numbers))
    assert Counter(map(owner, numbers)) == each(crew, 2, nobody=2)
