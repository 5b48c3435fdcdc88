"""What is promised on tickets: which policy counts, when it is due, what is met or breached."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, update

from helpdesk.core.clock import now
from helpdesk.core.db import session, transaction
from helpdesk.core.journal import JournalEntry
from helpdesk.tickets import actions, clocks, conversation
from helpdesk.tickets.jobs import watch_clocks
from helpdesk.tickets.models import Priority, Status, Ticket
from helpdesk.tickets.pauses import pauses_of
from helpdesk.tickets.policies import SlaPolicy
from helpdesk.tickets.recounts import Recount, ask_for_recount, recount_open
from helpdesk.tickets.sla import Target
from tests.cast import Cast
from tests.conftest import Clock
from tests.tickets.promises import HOUR, berlin, clock_of, office, policy


@pytest.fixture(autouse=True)
def _time(clock: Clock) -> None:
    """Monday, 2 March 2026, 10:00 in Berlin."""


def file(people: Cast, subject: str = "Help", **more: object) -> int:
    with transaction():
        return conversation.file(people.rosa, subject, "Please", **more).id  # type: ignore[arg-type]  # by name


def ticket(number: int) -> Ticket:
    return session.get_one(Ticket, number, populate_existing=True)


def reply(people: Cast, number: int, text: str = "Done") -> None:
    with transaction():
        it = ticket(number)
        conversation.reply(it, text, by=people.mika, seen=it.version)


def write(people: Cast, number: int) -> None:
    with transaction():
        conversation.write(ticket(number), "And now?", people.rosa, by=people.rosas_account)


def told(number: int, *kinds: str) -> list[str]:
    """Names of the entries about promises, in order; of these kinds alone where some are given."""
    names = session.scalars(
        select(JournalEntry.event)
        .where(JournalEntry.subject_kind == "ticket", JournalEntry.subject_id == number)
        .where(JournalEntry.event.startswith("Sla"))
        .order_by(JournalEntry.id)
    )
    return [name for name in names if not kinds or name in kinds]


def standard(**targets: object) -> None:
    with transaction():
        wanted: dict[str, object] = {"first_response": 4 * HOUR, "resolution": 8 * HOUR}
        policy("Standard", 1, **(wanted | targets))


def test_a_new_ticket_is_due_when_the_policy_says(people: Cast) -> None:
    with transaction():
        policy(first_response=4 * HOUR, business_hours=office())
    number = file(people)
    assert ticket(number).due_at == berlin(2026, 3, 2, 15)
    assert ticket(number).due_for == Target.FIRST_RESPONSE
    assert told(number) == ["SlaPolicyChosen"]


def test_without_a_policy_nothing_is_promised(people: Cast) -> None:
    number = file(people)
    assert (ticket(number).due_at, ticket(number).due_for, told(number)) == (None, None, [])


def test_the_first_policy_that_fits_counts(people: Cast) -> None:
    with transaction():
        policy("Urgent", 1, first_response=HOUR, priorities=["urgent"])
        policy("Harbor", 2, first_response=2 * HOUR, organization_ids=[people.ids["harbor"]])
        policy("Refunds", 3, first_response=3 * HOUR, tags=["refund"])
        policy("Billing", 4, first_response=4 * HOUR, team_ids=[people.ids["billing"]])
        policy("All", 5, first_response=5 * HOUR)
    with transaction():
        number = conversation.file(people.sam, "Help", "Please").id
    start = ticket(number).created_at

    def due_after() -> float:
        due = ticket(number).due_at
        assert due is not None
        return (due - start).total_seconds() / HOUR

    assert due_after() == 5
    with transaction():
        actions.move_to_team(ticket(number), people.billing, by=None)
    assert due_after() == 4
    with transaction():
        actions.set_tags(ticket(number), ["refund"], by=None)
    assert due_after() == 3
    with transaction():
        actions.set_priority(ticket(number), Priority.URGENT, by=None)
    assert due_after() == 1
    harbors = file(people)
    assert ticket(harbors).due_at == ticket(harbors).created_at + timedelta(hours=2)


def test_a_change_of_priority_counts_anew_and_says_why(people: Cast) -> None:
    with transaction():
        policy("Urgent", 1, first_response=HOUR, priorities=["urgent"])
        policy("All", 2, first_response=5 * HOUR)
    number = file(people)
    with transaction():
        actions.set_priority(ticket(number), Priority.URGENT, by=people.mika)
    assert told(number) == ["SlaPolicyChosen", "SlaPolicyChosen", "SlaRecounted"]
    last = session.scalars(select(JournalEntry).order_by(JournalEntry.id.desc())).first()
    assert last is not None
    assert last.data["why"] == "priority changed from normal to urgent"
    assert last.data["changes"][0]["target"] == "first_response"


def test_a_reply_in_time_meets_the_first_response_once(people: Cast, clock: Clock) -> None:
    standard()
    number = file(people)
    clock.move(hours=4)
    reply(people, number)
    assert told(number, "SlaMet", "SlaBreached") == ["SlaMet"]
    assert ticket(number).due_for == Target.RESOLUTION
    reply(people, number)
    assert told(number, "SlaMet", "SlaBreached") == ["SlaMet"]


def test_a_late_reply_is_a_breach_even_when_nobody_watched(people: Cast, clock: Clock) -> None:
    standard()
    number = file(people)
    clock.move(hours=4, seconds=1)
    reply(people, number)
    assert told(number)[1:] == ["SlaBreached", "SlaMetLate"]


def test_the_watch_warns_once_and_records_the_breach_once(people: Cast, clock: Clock) -> None:
    standard(resolution=None)
    number = file(people)
    clock.move(hours=3)
    watch_clocks()
    assert told(number)[1:] == []
    clock.move(minutes=13)
    for _ in range(2):
        watch_clocks()
    assert told(number)[1:] == ["SlaWarned"]
    clock.move(hours=1)
    for _ in range(2):
        watch_clocks()
    assert told(number)[1:] == ["SlaWarned", "SlaBreached"]
    with transaction(write=False):
        assert session.scalars(clocks.to_look_at(now() + timedelta(days=9))).all() == []


def test_after_a_long_sleep_the_watch_misses_nothing_and_warns_of_nothing_stale(
    people: Cast, clock: Clock
) -> None:
    standard()
    numbers = [file(people) for _ in range(3)]
    clock.move(days=3)
    watch_clocks()
    for number in numbers:
        assert told(number)[1:] == ["SlaBreached", "SlaBreached"]


def test_a_clock_that_jumps_back_repeats_nothing(people: Cast, clock: Clock) -> None:
    standard(resolution=None)
    number = file(people)
    clock.move(hours=5)
    watch_clocks()
    clock.move(hours=-3)
    watch_clocks()
    clock.move(hours=3)
    watch_clocks()
    assert told(number)[1:] == ["SlaBreached"]


def test_a_ticket_that_cannot_be_counted_keeps_no_other_waiting(
    people: Cast, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    standard(resolution=None)
    broken, whole = file(people), file(people)
    clock.move(hours=5)
    refresh = clocks.refresh

    def fail(one: Ticket, why: str = "") -> None:
        if one.id == broken:
            raise RuntimeError
        refresh(one, why=why)

    monkeypatch.setattr(clocks, "refresh", fail)
    watch_clocks()
    assert told(whole)[1:] == ["SlaBreached"]
    with transaction(write=False):
        assert session.scalars(clocks.to_look_at(now())).all() == []
    monkeypatch.undo()
    clock.move(minutes=11)
    watch_clocks()
    assert told(broken)[1:] == ["SlaBreached"]


def test_nagging_buys_nobody_time(people: Cast, clock: Clock) -> None:
    standard(next_response=2 * HOUR, resolution=None)
    number = file(people)
    reply(people, number)
    clock.move(hours=1)
    write(people, number)
    due = ticket(number).due_at
    assert due == now() + timedelta(hours=2)
    clock.move(hours=1)
    write(people, number)
    assert ticket(number).due_at == due
    reply(people, number)
    assert (ticket(number).due_at, ticket(number).due_for) == (None, None)


def test_each_next_response_is_a_promise_of_its_own(people: Cast, clock: Clock) -> None:
    standard(next_response=2 * HOUR, resolution=None, first_response=None)
    number = file(people)
    reply(people, number)
    for late in (True, False, True):
        clock.move(hours=1)
        write(people, number)
        clock.move(hours=3 if late else 1)
        watch_clocks()
        reply(people, number)
    kinds = told(number, "SlaBreached", "SlaMet", "SlaMetLate")
    assert kinds == ["SlaBreached", "SlaMetLate", "SlaMet", "SlaBreached", "SlaMetLate"]


def test_a_ticket_of_an_agent_owes_a_first_response_once_the_customer_writes(
    people: Cast, clock: Clock
) -> None:
    standard(resolution=None)
    number = file(people, by=people.mika, channel="desk")
    assert ticket(number).due_at is None
    clock.move(hours=1)
    reply(people, number)
    clock.move(hours=1)
    write(people, number)
    assert ticket(number).due_for == Target.FIRST_RESPONSE
    assert ticket(number).due_at == now() + timedelta(hours=4)
    reply(people, number)
    assert told(number, "SlaMet", "SlaMetLate") == ["SlaMet"]


def test_a_resolution_pauses_and_says_who_when_and_why(people: Cast, clock: Clock) -> None:
    standard(first_response=None)
    number = file(people)
    clock.move(hours=2)
    with transaction():
        actions.set_status(ticket(number), Status.PENDING, by=people.mika)
    assert (ticket(number).due_at, ticket(number).due_for) == (None, Target.RESOLUTION)
    row = clock_of(number, Target.RESOLUTION)
    assert row is not None
    assert row.left == 6 * HOUR
    clock.move(hours=30)
    watch_clocks()
    with transaction():
        actions.set_status(ticket(number), Status.ON_HOLD, by=people.ben)
    clock.move(hours=30)
    write(people, number)
    assert ticket(number).due_at == now() + timedelta(hours=6)
    first, second = pauses_of(ticket(number))
    assert (first.status, first.started_by_id, first.ended_because) == (
        Status.PENDING,
        people.ids["mika"],
        "set to on hold",
    )
    assert (second.status, second.ended_by_id, second.ended_because) == (
        Status.ON_HOLD,
        people.ids["rosas_account"],
        "the customer wrote",
    )
    assert told(number, "SlaWarned", "SlaBreached") == []


def test_a_message_ends_the_pause_whatever_the_status_says(people: Cast) -> None:
    standard()
    number = file(people)
    with transaction():
        actions.set_status(ticket(number), Status.PENDING, by=people.mika)
    with transaction():  # as a rule or an import might leave it
        session.execute(update(Ticket).where(Ticket.id == number).values(status=Status.OPEN))
    write(people, number)
    assert [pause.ended_because for pause in pauses_of(ticket(number))] == ["the customer wrote"]


def test_pending_stops_no_reply_that_is_owed(people: Cast, clock: Clock) -> None:
    standard()
    number = file(people)
    with transaction():
        actions.set_status(ticket(number), Status.PENDING, by=people.mika)
    assert ticket(number).due_for == Target.FIRST_RESPONSE
    clock.move(hours=5)
    watch_clocks()
    assert told(number, "SlaBreached") == ["SlaBreached"]


def test_the_total_goes_on_after_reopening(people: Cast, clock: Clock) -> None:
    standard(total_resolution=8 * HOUR, first_response=None)
    number = file(people)
    clock.move(hours=3)
    with transaction():
        actions.resolve(ticket(number), by=people.mika)
    assert ticket(number).due_at is None
    clock.move(hours=20)
    write(people, number)
    assert ticket(number).due_for == Target.TOTAL_RESOLUTION
    assert ticket(number).due_at == now() + timedelta(hours=5)
    clock.move(hours=6)
    watch_clocks()
    with transaction():
        actions.resolve(ticket(number), by=people.mika)
        actions.reopen(ticket(number), by=people.mika)
    watch_clocks()
    kinds = told(number, "SlaMet", "SlaMetLate", "SlaBreached")
    assert kinds == ["SlaMet", "SlaMet", "SlaBreached", "SlaMetLate"]


def test_a_breach_stays_one_breach_when_it_is_opened_again(people: Cast, clock: Clock) -> None:
    standard(total_resolution=2 * HOUR, resolution=None, first_response=None)
    number = file(people)
    clock.move(hours=3)
    watch_clocks()
    for _ in range(2):
        with transaction():
            actions.resolve(ticket(number), by=people.mika)
            actions.reopen(ticket(number), by=people.mika)
        watch_clocks()
    assert told(number, "SlaBreached") == ["SlaBreached"]


def test_solved_by_the_customer_owes_no_reply_and_met_none(people: Cast) -> None:
    standard(resolution=None)
    number = file(people)
    with transaction():
        actions.resolve(ticket(number), by=people.rosas_account, by_customer=True)
    assert told(number)[1:] == []
    row = clock_of(number, Target.FIRST_RESPONSE)
    assert row is not None
    assert row.outcome == "void"


def test_updates_are_owed_while_it_is_on_us(people: Cast, clock: Clock) -> None:
    standard(update=24 * HOUR, resolution=None)
    number = file(people)
    reply(people, number)
    assert ticket(number).due_for == Target.UPDATE
    with transaction():
        actions.set_status(ticket(number), Status.PENDING, by=people.mika)
    assert ticket(number).due_at is None
    clock.move(hours=40)
    with transaction():
        actions.set_status(ticket(number), Status.OPEN, by=people.mika)
    assert ticket(number).due_at == now() + timedelta(hours=24)
    assert told(number, "SlaBreached") == []


def test_closing_forgets_the_clocks(people: Cast) -> None:
    standard()
    number = file(people)
    with transaction():
        actions.resolve(ticket(number), by=people.mika)
        actions.close(ticket(number))
    assert clocks.clocks_of(number) == []


def test_removing_a_policy_clears_what_it_would_have_escalated(people: Cast, clock: Clock) -> None:
    with transaction():
        rule = policy(first_response=HOUR)
    number = file(people)
    clock.move(hours=3)
    with transaction():
        rule.removed_at = now()
        ask_for_recount("the policy was removed", by=people.ada)
    watch_clocks()
    recount_open()
    assert told(number, "SlaBreached", "SlaWarned") == []
    assert (ticket(number).due_at, ticket(number).sla_policy_id) == (None, None)


def test_a_recount_reaches_every_open_ticket_and_says_why(
    people: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("helpdesk.tickets.recounts.STEP", 2)
    with transaction():
        rule = policy(first_response=4 * HOUR)
    numbers = [file(people) for _ in range(5)]
    with transaction():
        rule.first_response = 2 * HOUR
        ask_for_recount("the policy Standard changed", by=people.ada)
    monkeypatch.setattr("helpdesk.tickets.recounts.STEPS", 2)  # as if the worker died after them
    recount_open()
    monkeypatch.undo()
    recount_open()
    for number in numbers:
        assert ticket(number).due_at == ticket(number).created_at + timedelta(hours=2)
        assert told(number)[1:] == ["SlaRecounted"]
    assert session.scalars(select(Recount.finished_at)).one() is not None
    recount_open()


def test_a_recount_passes_over_what_it_cannot_count(
    people: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    with transaction():
        rule = policy(first_response=4 * HOUR)
    broken, whole = file(people), file(people)
    refresh = clocks.refresh

    def fail(one: Ticket, why: str = "") -> None:
        if one.id == broken:
            raise RuntimeError
        refresh(one, why=why)

    monkeypatch.setattr(clocks, "refresh", fail)
    with transaction():
        rule.first_response = HOUR
        ask_for_recount("changed", by=None)
    recount_open()
    assert ticket(whole).due_at == ticket(whole).created_at + timedelta(hours=1)
    recount = session.scalars(select(Recount)).one()
    assert recount.failed == 1
    assert recount.finished_at is not None


def test_a_shorter_promise_is_warned_of_and_breached_once(people: Cast, clock: Clock) -> None:
    with transaction():
        rule = policy(first_response=10 * HOUR)
    number = file(people)
    clock.move(hours=9)
    watch_clocks()
    for hours in (5, 20, 5, 20):
        with transaction():
            rule.first_response = hours * HOUR
            clocks.refresh(ticket(number), why="the policy changed")
        watch_clocks()
    assert told(number, "SlaBreached") == ["SlaBreached"]
    clock.move(hours=12)
    watch_clocks()
    assert told(number, "SlaBreached") == ["SlaBreached"]


STEPS = ("reply", "write", "pending", "on_hold", "open", "resolve", "reopen", "urgent", "normal")


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(steps=st.lists(st.tuples(st.sampled_from(STEPS), st.integers(0, 500)), max_size=12))
def test_what_is_stored_is_what_counting_anew_gives(
    people: Cast, clock: Clock, steps: list[tuple[str, int]]
) -> None:
    """Whatever happened: a fresh count moves nothing, and no instance is warned of, breached or met
    twice."""
    with transaction():
        session.execute(update(SlaPolicy).values(removed_at=now()))
        policy("Urgent", 1, first_response=HOUR, resolution=5 * HOUR, priorities=["urgent"])
        policy(
            "All", 2, first_response=3 * HOUR, next_response=2 * HOUR, update=6 * HOUR,
            resolution=9 * HOUR, total_resolution=12 * HOUR, business_hours=None,
        )  # fmt: skip
    number = file(people)
    for step, minutes in steps:
        clock.move(minutes=minutes)
        if minutes % 3 == 0:
            watch_clocks()
        with transaction():
            _do(step, ticket(number), people)
    before = _stored(number)
    with transaction():
        clocks.refresh(ticket(number))
        clocks.refresh(ticket(number), why="counted anew")
    assert _stored(number) == before
    entries = session.scalars(select(JournalEntry).where(JournalEntry.subject_id == number)).all()
    for kind in ("SlaBreached", "SlaMet", "SlaMetLate"):
        found = [
            (e.data["target"], e.data["started_at"])
            for e in entries
            if e.event == kind and e.data["target"] != Target.TOTAL_RESOLUTION
        ]
        assert len(found) == len(set(found)), (kind, found)


def _do(step: str, it: Ticket, people: Cast) -> None:
    if step == "reply":
        conversation.reply(it, "Done", by=people.mika, seen=it.version)
    elif step == "write":
        conversation.write(it, "And?", people.rosa, by=people.rosas_account)
    elif step == "resolve":
        actions.resolve(it, by=people.mika)
    elif step == "reopen":
        actions.reopen(it, by=people.mika)
    elif step in ("urgent", "normal"):
        actions.set_priority(it, Priority(step), by=people.mika)
    elif it.status is not Status.RESOLVED:
        actions.set_status(it, Status(step), by=people.mika)


def _stored(number: int) -> object:
    it = ticket(number)
    rows = sorted(
        (row.target.value, row.started_at, row.due_at, row.left, row.outcome)
        for row in clocks.clocks_of(number)
        if row.outcome is None
    )
    return it.due_at, it.due_for, it.sla_policy_id, rows
