"""Rules that wait for time to pass act once for each time that something lasted long enough."""

from datetime import UTC, datetime, timedelta

import pytest

from helpdesk.core.clock import now
from helpdesk.core.db import session, transaction
from helpdesk.core.hours import Block, Hours
from helpdesk.rules import jobs
from helpdesk.rules.jobs import ask_rules_about_time
from helpdesk.rules.models import Rule
from helpdesk.rules.waiting import Wait, before, wait_of
from helpdesk.tickets import actions, conversation
from helpdesk.tickets.hours import BusinessHours
from helpdesk.tickets.models import Status
from tests.cast import Cast
from tests.conftest import Clock
from tests.rules.writing import decisions, rule

HOUR = 3600
OFFICE = Hours("Europe/Berlin", tuple(Block(day, 9 * 60, 17 * 60) for day in range(5)))


def tags_of(people: Cast) -> list[str]:
    session.rollback()
    return [tag.name for tag in people.ticket.tags]


def test_pending_for_three_days(clock: Clock, people: Cast) -> None:
    with transaction():
        rule("", {"add_tags": "reminded"}, wait=Wait("pending", 72 * HOUR))
        actions.set_status(people.ticket, Status.PENDING, by=people.mika)
    clock.move(hours=71)
    ask_rules_about_time()
    assert tags_of(people) == []
    clock.move(hours=2)
    ask_rules_about_time()
    assert tags_of(people) == ["reminded"]
    assert decisions()[0].because == "it has been waiting for the customer for 3 days"


def test_it_acts_once_until_it_begins_anew(clock: Clock, people: Cast) -> None:
    with transaction():
        rule("", {"note": "Look at it."}, wait=Wait("pending", HOUR))
        actions.set_status(people.ticket, Status.PENDING, by=people.mika)
    for _ in range(3):
        clock.move(hours=2)
        ask_rules_about_time()
    assert len(decisions()) == 1
    with transaction():
        conversation.write(people.ticket, "Here I am.", people.rosa)
        actions.set_status(people.ticket, Status.PENDING, by=people.mika)
    clock.move(hours=2)
    ask_rules_about_time()
    assert len(decisions()) == 2


def test_unanswered_for_four_business_hours(clock: Clock, people: Cast) -> None:
    clock.set(datetime(2026, 3, 6, 14, tzinfo=UTC))  # Friday, 15:00 in Berlin
    with transaction():
        week = [list(block) for block in OFFICE.week]
        hours = BusinessHours(name="Office", zone=OFFICE.zone, week=week, created_at=now())
        session.add(hours)
        session.flush()
        rule("", {"priority": "urgent"}, wait=Wait("unanswered", 4 * HOUR, hours.id))
        number = conversation.file(people.sam, "Broken", "Help!", by=people.sams_account).id
    seen = []
    for at in (datetime(2026, 3, 7, 12, tzinfo=UTC), datetime(2026, 3, 9, 9, 59, tzinfo=UTC)):
        clock.set(at)
        ask_rules_about_time()
        seen += [one for one in decisions() if one.ticket_id == number]
    assert seen == []
    clock.set(datetime(2026, 3, 9, 10, 1, tzinfo=UTC))  # Monday, 11:01 in Berlin
    ask_rules_about_time()
    assert [one.because for one in decisions() if one.ticket_id == number] == [
        "the customer has waited for an answer for 4 hours of “Office”"
    ]


def test_a_condition_that_comes_true_later_counts_then(clock: Clock, people: Cast) -> None:
    with transaction():
        rule("tag:vip", {"priority": "urgent"}, wait=Wait("unanswered", HOUR))
    clock.move(hours=3)
    ask_rules_about_time()
    assert decisions() == []
    with transaction():
        actions.set_tags(people.ticket, ["vip"], by=people.mika)
    ask_rules_about_time()
    assert len(decisions()) == 1


def test_an_answer_in_the_last_moment_counts(clock: Clock, people: Cast) -> None:
    with transaction():
        rule("", {"priority": "urgent"}, wait=Wait("unanswered", HOUR))
    clock.move(hours=3)
    with transaction():
        ticket = people.ticket
        conversation.reply(ticket, "Done.", by=people.mika, seen=ticket.version)
    ask_rules_about_time()
    assert decisions() == []


def test_a_walk_goes_on_where_it_ended(
    clock: Clock, people: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "SLICE", 2)
    monkeypatch.setattr(jobs, "SECONDS", -1.0)  # each run looks at one slice
    with transaction():
        rule("subject OR charged", {"add_tags": "late"}, wait=Wait("unanswered", HOUR))
        for number in range(5):
            conversation.file(people.sam, f"A subject {number}", "?", by=people.sams_account)
    clock.move(hours=2)
    for _ in range(8):
        ask_rules_about_time()
    assert len(decisions()) == 6


def test_hours_that_are_gone_park_the_rule(clock: Clock, people: Cast) -> None:
    with transaction():
        rule("", {"priority": "urgent"}, wait=Wait("unanswered", HOUR, 999))
    for _ in range(6):
        ask_rules_about_time()
    session.rollback()
    assert "hours that this rule counts in are gone" in (session.query(Rule).one().error or "")
    assert session.query(Rule).one().parked_at is not None


@pytest.mark.parametrize(
    "at",
    [
        datetime(2026, 3, 29, 12, tzinfo=UTC),  # the day on which clocks go forward
        datetime(2026, 10, 26, 8, tzinfo=UTC),
        datetime(2028, 2, 29, 10, 30, tzinfo=UTC),
        datetime(2026, 3, 9, 7, 59, 59, tzinfo=UTC),
    ],
)
@pytest.mark.parametrize("hours", [1, 4, 9, 100])
def test_the_edge_is_the_last_second_that_is_long_enough_ago(at: datetime, hours: int) -> None:
    span = timedelta(hours=hours)
    edge = before(OFFICE, at, span)
    assert OFFICE.between(edge, at) >= span
    assert OFFICE.between(edge + timedelta(seconds=1), at) < span


def test_times_that_make_no_sense_are_refused_in_words() -> None:
    for number, unit in (("0", "hours"), ("x", "hours"), ("4", "fortnights"), ("9999", "days")):
        with pytest.raises(Exception, match=r"hours|minutes|whole number"):
            wait_of("pending", number, unit, "")
