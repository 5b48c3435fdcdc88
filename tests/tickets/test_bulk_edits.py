"""Very many tickets at once: done in steps, once each, and taken back exactly."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from helpdesk.accounts.models import Team
from helpdesk.core.clock import now
from helpdesk.core.db import session, transaction
from helpdesk.core.errors import Conflict, Forbidden, Invalid
from helpdesk.core.journal import JournalEntry
from helpdesk.tickets import actions, changes, conversation, filling
from helpdesk.tickets.bulk import running
from helpdesk.tickets.bulk.actions import propose, start, undo
from helpdesk.tickets.bulk.models import BulkEdit, BulkLine, BulkState, Outcome
from helpdesk.tickets.bulk.queries import tally
from helpdesk.tickets.bulk.standing import standing, surroundings
from helpdesk.tickets.filters import FilterError
from helpdesk.tickets.models import Message, MessageKind, Priority, Status, Ticket
from helpdesk.tickets.policies import SlaPolicy
from helpdesk.tickets.types import TicketType
from tests.cast import Cast
from tests.conftest import Clock
from tests.tickets.promises import HOUR, policy
from tests.work import Work


def some_tickets(people: Cast, number: int = 3) -> list[int]:
    with transaction():
        made = [conversation.file(people.sam, f"Ticket {n}", "Help.") for n in range(number)]
        return [ticket.id for ticket in made]


def bulk_of(people: Cast, numbers: list[int], by: str = "mika", text: str = "", **does: str) -> int:
    with transaction():
        todo = changes.from_form({f"do-{do}": to for do, to in does.items()})
        return propose(numbers, text, todo, by=getattr(people, by)).id


def done(people: Cast, numbers: list[int], by: str = "mika", **does: str) -> int:
    bulk_id = bulk_of(people, numbers, by, **does)
    with transaction():
        start(session.get_one(BulkEdit, bulk_id), confirmed=True, by=getattr(people, by))
    running.run_bulk_edits()
    return bulk_id


def undone(people: Cast, bulk_id: int, by: str = "mika") -> None:
    with transaction():
        undo(session.get_one(BulkEdit, bulk_id), by=getattr(people, by))
    running.run_bulk_edits()


def ticket(number: int) -> Ticket:
    return session.get_one(Ticket, number, populate_existing=True)


def outcomes(bulk_id: int) -> dict[int, Outcome | None]:
    session.rollback()
    lines = session.query(BulkLine).filter_by(bulk_id=bulk_id)
    return {line.ticket_id: line.outcome for line in lines}


def reason(bulk_id: int, number: int) -> str:
    return session.get_one(BulkLine, (bulk_id, number)).reason or ""


def test_tickets_are_changed_unchanged_or_refused_with_the_reason(people: Cast) -> None:
    one, two, three = some_tickets(people)
    with transaction():
        actions.set_priority(ticket(two), Priority.HIGH, by=None)
        actions.set_status(ticket(two), Status.PENDING, by=None)
        actions.resolve(ticket(three), by=people.mika)
    bulk = done(people, [one, two, three], priority="high", status="pending")
    assert outcomes(bulk) == {
        one: Outcome.CHANGED,
        two: Outcome.UNCHANGED,
        three: Outcome.REFUSED,
    }
    assert "This ticket is done" in reason(bulk, three)
    assert ticket(three).priority is Priority.NORMAL, "all of it or nothing"
    entries = session.query(JournalEntry).filter_by(event="BulkEdited").all()
    assert [(e.subject_id, e.data["bulk_id"], e.actor_name) for e in entries] == [
        (one, bulk, "Mika Kallio")
    ]


def test_a_type_is_set_and_taken_back(people: Cast) -> None:
    one, two, three = some_tickets(people)
    with transaction():
        order, claim = (filling.make_type(name, by=people.ada).id for name in ("Order", "Claim"))
        filling.set_type(ticket(two), session.get_one(TicketType, claim), by=None)
    bulk = done(people, [one, two, three], type=str(order))
    assert [ticket(n).type_id for n in (one, two, three)] == [order] * 3
    with transaction():
        filling.set_type(ticket(three), session.get_one(TicketType, claim), by=people.ben)
    undone(people, bulk)
    assert [ticket(n).type_id for n in (one, two, three)] == [None, claim, claim]
    assert outcomes(bulk)[three] is Outcome.LEFT
    assert reason(bulk, three) == "type: Ben Lund changed it since"
    entry = session.query(JournalEntry).filter_by(event="TypeChanged", subject_id=two).all()[-1]
    assert (entry.data["before"], entry.data["after"]) == ("Order", "Claim")


def test_nothing_happens_before_it_is_started(people: Cast) -> None:
    numbers = some_tickets(people)
    bulk_of(people, numbers, priority="high")
    running.run_bulk_edits()
    assert ticket(numbers[0]).priority is Priority.NORMAL


def test_a_filter_means_what_one_may_see_when_it_is_proposed(people: Cast) -> None:
    one, two, three = some_tickets(people)
    with transaction():
        secret = Team(name="Disputes", restricted=True, members=[people.ben])
        session.add(secret)
        actions.move_to_team(ticket(two), secret, by=None)
    bulk = bulk_of(people, [], text="customer:“Sam Stone”".replace("“", '"').replace("”", '"'),
                   priority="low")  # fmt: skip
    assert set(outcomes(bulk)) == {one, three}
    assert set(outcomes(bulk_of(people, [one, two], priority="low"))) == {one}


def test_what_becomes_hidden_before_it_is_done_is_refused(people: Cast) -> None:
    one, two, _ = some_tickets(people)
    bulk = bulk_of(people, [one, two], priority="low")
    with transaction():
        secret = Team(name="Disputes", restricted=True, members=[people.ben])
        session.add(secret)
        actions.move_to_team(ticket(one), secret, by=None)
        start(session.get_one(BulkEdit, bulk), confirmed=False, by=people.mika)
    running.run_bulk_edits()
    assert outcomes(bulk) == {one: Outcome.REFUSED, two: Outcome.CHANGED}
    assert ticket(one).priority is Priority.NORMAL


def test_whoever_was_disabled_changes_nothing(people: Cast) -> None:
    numbers = some_tickets(people)
    bulk = bulk_of(people, numbers, priority="low")
    with transaction():
        start(session.get_one(BulkEdit, bulk), confirmed=False, by=people.mika)
        people.mika.disabled_at = now()
    running.run_bulk_edits()
    assert set(outcomes(bulk).values()) == {Outcome.REFUSED}


def test_wrong_proposals_are_refused(people: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    numbers = some_tickets(people)
    with pytest.raises(Invalid, match="No ticket"):
        bulk_of(people, [999_999], priority="low")
    with pytest.raises(FilterError):
        bulk_of(people, [], text="statsu:open", priority="low")
    monkeypatch.setattr("helpdesk.tickets.bulk.actions.MOST", 2)
    with pytest.raises(Invalid, match="More than 2"):
        bulk_of(people, numbers, priority="low")


def test_writing_to_customers_asks_twice_and_writes_once(people: Cast) -> None:
    numbers = some_tickets(people, 2)
    bulk = bulk_of(people, numbers, reply="Hello {{customer.first_name}}", status="resolve")
    with pytest.raises(Invalid, match="Tick the box"), transaction():
        start(session.get_one(BulkEdit, bulk), confirmed=False, by=people.mika)
    with pytest.raises(Forbidden), transaction():
        start(session.get_one(BulkEdit, bulk), confirmed=True, by=people.ada)
    for _ in range(2):
        with transaction():
            start(session.get_one(BulkEdit, bulk), confirmed=True, by=people.mika)
        running.run_bulk_edits()
    replies = session.query(Message).filter_by(kind=MessageKind.AGENT)
    assert [reply.body for reply in replies] == ["Hello Sam"] * 2
    undone(people, bulk)
    assert replies.count() == 2
    assert {ticket(number).status for number in numbers} == {Status.NEW}
    assert all(ticket(number).waiting_since is None for number in numbers), "they are answered"


def test_a_killed_step_is_taken_again(people: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    numbers = some_tickets(people, 7)
    monkeypatch.setattr(running, "STEP", 3)
    monkeypatch.setattr(running, "STEP_SECONDS", 60)  # on a busy machine, too
    bulk = bulk_of(people, numbers, add_tags="seen", note="Once.")
    with transaction():
        start(session.get_one(BulkEdit, bulk), confirmed=False, by=people.mika)
    real, calls = changes.apply, []

    def killed(*args: object, **kwargs: object) -> object:
        calls.append(1)
        if len(calls) == 5:
            raise SystemExit
        return real(*args, **kwargs)  # type: ignore[arg-type]  # handed on as they came

    monkeypatch.setattr(changes, "apply", killed)
    with pytest.raises(SystemExit):
        running.run_bulk_edits()
    assert list(outcomes(bulk).values()).count(Outcome.CHANGED) == 3
    running.run_bulk_edits()
    assert set(outcomes(bulk).values()) == {Outcome.CHANGED}
    assert session.query(Message).filter_by(kind=MessageKind.NOTE).count() == 7
    assert session.get_one(BulkEdit, bulk).state is BulkState.DONE


def test_one_that_breaks_stops_no_other(people: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    numbers = some_tickets(people, 3)
    real = changes.apply

    def broken(todo: object, on: Ticket, **kwargs: object) -> object:
        if on.id == numbers[1]:
            raise ZeroDivisionError
        return real(todo, on, **kwargs)  # type: ignore[arg-type]  # handed on as they came

    monkeypatch.setattr(changes, "apply", broken)
    bulk = done(people, numbers, priority="low")
    assert outcomes(bulk)[numbers[1]] is Outcome.REFUSED
    assert ticket(numbers[2]).priority is Priority.LOW


def test_the_clock_goes_on_with_it_when_nobody_was_told(
    people: Cast, work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    numbers = some_tickets(people)
    monkeypatch.setattr(running.run_bulk_edits, "enqueue_once", lambda: None)
    bulk = bulk_of(people, numbers, add_tags="refund")
    with transaction():
        start(session.get_one(BulkEdit, bulk), confirmed=False, by=people.mika)
    work.tick()
    assert set(outcomes(bulk).values()) == {Outcome.CHANGED}


def test_what_somebody_changed_since_stays_and_is_listed(people: Cast) -> None:
    one, two, three = some_tickets(people)
    bulk = done(people, [one, two, three], priority="high", add_tags="seen", status="pending")
    with transaction():
        actions.set_priority(ticket(one), Priority.URGENT, by=people.ben)
    with transaction():
        conversation.write(ticket(two), "Still there?", people.sam)
    undone(people, bulk)
    assert outcomes(bulk) == {one: Outcome.PARTLY, two: Outcome.PARTLY, three: Outcome.UNDONE}
    assert "priority: Ben Lund changed it since" in reason(bulk, one)
    assert ticket(one).priority is Priority.URGENT
    assert (ticket(one).status, ticket(one).tags) == (Status.NEW, [])
    assert ticket(two).status is Status.OPEN
    assert "status: " in reason(bulk, two)


def test_undoing_is_asked_once_and_only_when_it_is_over(people: Cast) -> None:
    bulk = bulk_of(people, some_tickets(people), priority="high")
    with pytest.raises(Conflict, match="over"), transaction():
        undo(session.get_one(BulkEdit, bulk), by=people.mika)


def test_a_team_that_is_gone_and_an_agent_who_left_are_not_restored(people: Cast) -> None:
    one, two, _ = some_tickets(people)
    with transaction():
        gone = Team(name="Gone")
        session.add(gone)
        session.flush()
        actions.move_to_team(ticket(one), gone, by=None)
        actions.assign(ticket(two), people.ben, by=None)
    bulk = done(people, [one, two], team="none", assignee=str(people.ids["nora"]))
    with transaction():
        session.delete(session.merge(gone))
        people.ben.disabled_at = now()
    undone(people, bulk)
    assert "team: it cannot be as it was" in reason(bulk, one)
    assert "assignee: it cannot be as it was" in reason(bulk, two)
    assert ticket(one).assignee_id is None


def test_one_after_the_other_is_undone_backwards(people: Cast) -> None:
    numbers = some_tickets(people, 2)
    before = pictures(numbers)
    first = done(people, numbers, priority="high", add_tags="one", status="on_hold")
    second = done(people, numbers, priority="low", add_tags="two", status="resolve")
    undone(people, second)
    undone(people, first)
    assert pictures(numbers) == before


def test_proposals_that_nobody_started_are_forgotten(people: Cast, work: Work) -> None:
    bulk = bulk_of(people, some_tickets(people), priority="high")
    with transaction():
        session.get_one(BulkEdit, bulk).created_at = now() - timedelta(days=2)
    work.tick()
    assert session.get(BulkEdit, bulk) is None


def test_the_tally_counts(people: Cast) -> None:
    bulk = done(people, some_tickets(people), priority="high")
    assert tally(session.get_one(BulkEdit, bulk)) == {Outcome.CHANGED: 3}


def pictures(numbers: list[int]) -> dict[int, object]:
    """All of these tickets that a bulk edit could change."""
    session.rollback()
    around = surroundings(numbers)
    return {
        number: (
            standing(ticket(number)),
            around[number]["pauses"],
            sorted(around[number]["clocks"], key=lambda row: row["target"]),
            ticket(number).due_at,
            ticket(number).due_for,
            ticket(number).sla_policy_id,
        )
        for number in numbers
    }


STATES = st.sampled_from(["new", "open", "pending", "on_hold", "resolved", "reopened"])
DOES = st.fixed_dictionaries(
    {},
    optional={
        "status": st.sampled_from(["open", "pending", "on_hold", "resolve", "reopen"]),
        "priority": st.sampled_from(["low", "normal", "high", "urgent"]),
        "team": st.sampled_from(["none", "billing", "technical"]),
        "assignee": st.sampled_from(["me", "nobody", "ben"]),
        "add_tags": st.sampled_from(["a", "a,b", "new"]),
        "remove_tags": st.sampled_from(["c", "c,d"]),
    },
).filter(bool)


def bring_to(number: int, state: str, people: Cast) -> None:
    on = ticket(number)
    if state in ("pending", "on_hold"):
        actions.set_status(on, Status(state), by=people.ben)
    elif state == "open":
        actions.assign(on, people.ben, by=people.ben)
    elif state in ("resolved", "reopened"):
        actions.resolve(on, by=people.mika)
        if state == "reopened":
            session.flush()
            actions.reopen(on, by=people.mika)
    actions.set_tags(on, ["c", "keep"], by=people.ben)


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(states=st.lists(STATES, min_size=1, max_size=3), does=DOES)
def test_undone_is_exactly_as_before(
    people: Cast, clock: Clock, states: list[str], does: dict[str, str]
) -> None:
    if not session.query(SlaPolicy).count():
        with transaction():
            policy("Urgent", priorities=["urgent"], first_response=300, resolution=2 * HOUR)
            policy(position=2, first_response=HOUR, update=2 * HOUR, resolution=8 * HOUR)
    numbers = some_tickets(people, len(states))
    clock.move(minutes=7)
    for number, state in zip(numbers, states, strict=True):
        with transaction():
            bring_to(number, state, people)
    clock.move(minutes=5)
    before = pictures(numbers)
    ids = {name: str(people.ids[name]) for name in ("billing", "technical", "ben")}
    bulk = done(people, numbers, **{do: ids.get(to, to) for do, to in does.items()})
    clock.move(minutes=3)
    refused = [n for n, outcome in outcomes(bulk).items() if outcome is not Outcome.CHANGED]
    assert {n: pictures(numbers)[n] for n in refused} == {n: before[n] for n in refused}
    undone(people, bulk)
    assert pictures(numbers) == before
    assert Outcome.LEFT not in outcomes(bulk).values()
