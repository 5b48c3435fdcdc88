"""Merges and splits, undone in any order that makes sense: what was there is there again, and what
came later stays where it belongs."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select

from helpdesk.core.clock import now
from helpdesk.core.db import session, transaction
from helpdesk.core.errors import Conflict
from helpdesk.core.journal import JournalEntry
from helpdesk.tickets import actions, conversation
from helpdesk.tickets.clocks import SlaClock, clocks_of
from helpdesk.tickets.jobs import watch_clocks
from helpdesk.tickets.mailing import add_watcher
from helpdesk.tickets.merging import merge, merge_of
from helpdesk.tickets.models import Message, Status, Ticket
from helpdesk.tickets.pauses import pauses_of
from helpdesk.tickets.survivors import survivor_of
from helpdesk.tickets.unmerging import undo_merge
from helpdesk.tickets.watching import AgentWatch, watch
from tests.cast import Cast
from tests.conftest import Clock
from tests.tickets.promises import HOUR, policy

COUNTED = ("TicketReopened", "TicketResolved", "StatusChanged", "TicketAssigned")
"""What reports count; a merge that is undone leaves none of it."""
HAPPENS = ("ask", "answer", "note", "resolve", "wait", "copy", "watch")
steps = st.lists(
    st.one_of(
        st.tuples(st.just("merge"), st.integers(0, 3), st.integers(0, 3)),
        st.tuples(st.just("undo"), st.integers(0, 3), st.just(0)),
        st.tuples(st.just("ask"), st.integers(0, 3), st.just(0)),
        st.tuples(st.just("answer"), st.integers(0, 3), st.just(0)),
        st.tuples(st.just("note"), st.integers(0, 3), st.just(0)),
    ),
    max_size=10,
)


def state(number: int) -> dict[str, Any]:
    """Everything of a ticket that a merge could spoil."""
    ticket = session.get_one(Ticket, number, populate_existing=True)
    clocks = {c.key for c in SlaClock.__table__.columns} - {"look_at"}
    entries = select(JournalEntry).where(
        JournalEntry.subject_kind == "ticket", JournalEntry.subject_id == number
    )
    return {
        "messages": [(m.id, m.came_to_id) for m in ticket.messages],
        "ticket": {
            name: getattr(ticket, name)
            for name in (
                "status", "closed_at", "resolved_at", "waiting_since", "first_replied_at",
                "last_replied_at", "asked_at", "answered_at", "due_at", "due_for", "snippet",
                "assignee_id", "team_id", "merged_into_id", "reopenings", "sentiment",
            )
        },
        "pauses": [(p.status, p.started_at, p.ended_at) for p in pauses_of(ticket)],
        "told": [e.event for e in session.scalars(entries) if e.event in COUNTED],
        "clocks": sorted(
            [str({k: getattr(row, k) for k in sorted(clocks)}) for row in clocks_of(number)]
        ),
        "watchers": sorted(watcher.email for watcher in ticket.watchers),
        "colleagues": sorted(session.scalars(
            select(AgentWatch.account_id).where(AgentWatch.ticket_id == number)
        )),
    }  # fmt: skip


class Story:
    """What should be so, told beside what is done: where each message belongs, and whose it is."""

    def __init__(self, people: Cast, clock: Clock, numbers: list[int]) -> None:
        self.people, self.clock, self.numbers = people, clock, numbers
        self.into: dict[int, int] = {}
        self.home = {m.id: n for n in numbers for m in session.get_one(Ticket, n).messages}

    def root(self, number: int) -> int:
        while number in self.into:
            number = self.into[number]
        return number

    def step(self, what: str, one: int, other: int) -> None:
        self.clock.move(minutes=7)
        number = self.numbers[one]
        with transaction():
            getattr(self, what)(session.get_one(Ticket, number), self.numbers[other])

    def merge(self, ticket: Ticket, other: int) -> None:
        into = session.get_one(Ticket, other)
        if ticket.id in self.into or self.root(other) == ticket.id:
            return
        merge(ticket, into, by=self.people.mika)
        self.into[ticket.id] = self.root(other)

    def undo(self, ticket: Ticket, _other: int) -> None:
        into = self.into.get(ticket.id)
        if into is None or into in self.into:
            with pytest.raises(Conflict):
                undo_merge(ticket, by=self.people.mika)
            return
        undo_merge(ticket, by=self.people.mika)
        del self.into[ticket.id]

    def ask(self, ticket: Ticket, _other: int) -> None:
        conversation.write(ticket, "And?", self.people.rosa)
        self._belongs(ticket)

    def answer(self, ticket: Ticket, _other: int) -> None:
        ticket = survivor_of(ticket)
        conversation.reply(ticket, "So.", by=self.people.mika, seen=ticket.version)
        self._belongs(ticket)

    def note(self, ticket: Ticket, _other: int) -> None:
        ticket = survivor_of(ticket)
        conversation.add_note(ticket, "Hm.", by=self.people.mika)
        self._belongs(ticket)

    def _belongs(self, ticket: Ticket) -> None:
        session.flush()
        newest = session.scalars(select(Message.id).order_by(Message.id.desc()).limit(1)).one()
        self.home[newest] = ticket.id


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=steps)
def test_every_message_is_where_it_belongs_whatever_was_merged_and_undone(
    steps: list[tuple[str, int, int]], people: Cast, clock: Clock
) -> None:
    story = Story(people, clock, filed(people))
    for step in steps:
        story.step(*step)
    for message_id, home in story.home.items():
        message = session.get_one(Message, message_id, populate_existing=True)
        assert message.ticket_id == story.root(home)
        assert message.came_to_id == (None if message.ticket_id == home else home)
    while story.into:  # undone to the end, each stands for itself again
        free = [n for n, into in story.into.items() if into not in story.into]
        story.step("undo", story.numbers.index(free[-1]), 0)
    for number in story.numbers:
        mine = [message_id for message_id, home in story.home.items() if home == number]
        assert [m for m, _ in state(number)["messages"]] == mine
        assert session.get_one(Ticket, number).is_open


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(before=st.lists(st.tuples(st.sampled_from(HAPPENS), st.integers(0, 2)), max_size=6),
       pairs=st.sampled_from([[(0, 1)], [(0, 1), (1, 2)], [(0, 2), (1, 2)], [(1, 0), (2, 0)]]),
       backwards=st.booleans())  # fmt: skip
@example(before=[("answer", 0)], pairs=[(1, 0), (2, 0)], backwards=False)
@example(
    before=[("answer", 0), *[("ask", 0)] * 4, ("resolve", 2)],
    pairs=[(0, 2), (1, 2)],
    backwards=False,
)
@example(before=[("resolve", 0)], pairs=[(1, 0), (2, 0)], backwards=False)
@example(before=[("resolve", 1)], pairs=[(0, 1), (1, 2)], backwards=True)
@example(before=[("watch", 1), ("copy", 1), ("watch", 2)], pairs=[(1, 0), (2, 0)], backwards=False)
def test_undoing_at_once_restores_exactly_what_was_there(
    before: list[tuple[str, int]],
    pairs: list[tuple[int, int]],
    backwards: bool,
    people: Cast,
    clock: Clock,
) -> None:
    with transaction():
        session.execute(delete(SlaClock))
        policy(f"P{now()}", first_response=HOUR // 4, next_response=HOUR // 3, resolution=HOUR)
    numbers = filed(people)
    for what, one in before:
        clock.move(minutes=11)
        with transaction():
            happen(people, what, session.get_one(Ticket, numbers[one]))
    watch_clocks()
    was = [state(number) for number in numbers]
    for one, other in pairs:
        with transaction():
            merge(ticket(numbers[one]), ticket(numbers[other]), by=people.mika)
    is_chain = pairs[0][1] == pairs[-1][0]
    for one, _ in reversed(pairs) if backwards or is_chain else pairs:
        with transaction():
            undo_merge(ticket(numbers[one]), by=people.mika)
    assert [state(number) for number in numbers] == was


def ticket(number: int) -> Ticket:
    return session.get_one(Ticket, number)


def filed(people: Cast) -> list[int]:
    with transaction():
        return [conversation.file(people.rosa, f"T{n}", f"Question {n}").id for n in range(4)]


def happen(people: Cast, what: str, ticket: Ticket) -> None:
    if what == "ask":
        conversation.write(ticket, "And?", people.rosa)
    elif what == "answer":
        conversation.reply(ticket, "So.", by=people.mika, seen=ticket.version)
    elif what == "note":
        conversation.add_note(ticket, "Hm.", by=people.mika)
    elif what == "wait" and ticket.is_open:
        actions.set_status(ticket, Status.PENDING, by=people.mika)
    elif what == "resolve":
        actions.resolve(ticket, by=people.mika)
    elif what == "copy":
        add_watcher(ticket, "wanda@harbor.example")
    elif what == "watch":
        watch(ticket, people.ben, by=people.ben)


def test_who_follows_what_was_merged_follows_its_survivor(people: Cast) -> None:
    one, two, three, _ = filed(people)
    with transaction():
        watch(ticket(one), people.ben, by=people.ben)
        watch(ticket(two), people.ben, by=people.ben)
        add_watcher(ticket(one), "wanda@harbor.example")
        add_watcher(ticket(two), "wanda@harbor.example")
        merge(ticket(one), ticket(three), by=people.mika)
        merge(ticket(two), ticket(three), by=people.mika)
    both = (["wanda@harbor.example"], [people.ids["ben"]])
    assert (state(three)["watchers"], state(three)["colleagues"]) == both
    with transaction():
        undo_merge(ticket(one), by=people.mika)
    assert (state(three)["watchers"], state(three)["colleagues"]) == both, "for the other one"
    with transaction():
        undo_merge(ticket(two), by=people.mika)
    assert (state(three)["watchers"], state(three)["colleagues"]) == ([], [])


def test_a_breach_is_counted_once(people: Cast, clock: Clock) -> None:
    with transaction():
        policy(first_response=HOUR, next_response=HOUR)
    numbers = filed(people)
    with transaction():
        happen(people, "answer", ticket(numbers[1]))
    clock.move(hours=2)
    watch_clocks()
    count = select(JournalEntry.id).where(
        JournalEntry.event == "SlaBreached", JournalEntry.subject_id.in_(numbers[:2])
    )
    assert len(session.scalars(count).all()) == 1
    with transaction():
        merge(ticket(numbers[0]), ticket(numbers[1]), by=people.mika)
    watch_clocks()
    assert ticket(numbers[1]).waiting_since == ticket(numbers[0]).created_at
    with transaction():
        undo_merge(ticket(numbers[0]), by=people.mika)
    watch_clocks()
    assert len(session.scalars(count).all()) == 1
    assert merge_of(ticket(numbers[0])) is None
    due_at = ticket(numbers[0]).due_at
    assert due_at is not None
    assert due_at < now() - timedelta(minutes=30)
