"""Whoever was unhappy hears from us, and sees what became of it."""

from datetime import timedelta

import pytest

from helpdesk.core.clock import now
from helpdesk.core.db import session, transaction
from helpdesk.core.errors import Conflict, NotFound
from helpdesk.surveys import follow_ups
from helpdesk.surveys.jobs import score_comments, send_due
from helpdesk.surveys.ledger import ledger
from helpdesk.surveys.models import Cause, FollowUp, Outcome, State, Trigger
from helpdesk.surveys.reasons import Reason
from helpdesk.tickets.models import Status
from tests.cast import Cast
from tests.conftest import Clock
from tests.letters import events
from tests.surveys.stage import answered, asked, invitation, link
from tests.surveys.test_budget import resolved_for
from tests.visitor import Visitor

BITTER = "Nobody answered for a week, it is still broken, and the agent was rude. Terrible."


def only() -> FollowUp:
    session.rollback()
    return session.query(FollowUp).one()


def close(people: Cast, told: str = "", reopen: bool = False) -> None:
    with transaction():
        found = session.query(FollowUp).one()
        follow_ups.close(found, Cause.SLOW, Outcome.SOLVED, told, reopen=reopen, by=people.mika)


def test_a_low_score_is_given_to_whoever_had_the_ticket_with_a_time(
    people: Cast, clock: Clock
) -> None:
    answered(asked(people, clock), 2)
    found = only()
    assert (found.trigger, found.owner_id) == (Trigger.LOW_SCORE, people.mika.id)
    assert found.due_at == now() + timedelta(hours=48)
    assert len(events("FollowUpOpened")) == 1


@pytest.mark.parametrize("score", [3, 4, 5])
def test_a_score_that_is_not_low_opens_none(score: int, people: Cast, clock: Clock) -> None:
    answered(asked(people, clock), score)
    assert session.query(FollowUp).count() == 0


def test_a_bitter_comment_is_looked_after_whatever_the_score(people: Cast, clock: Clock) -> None:
    answered(asked(people, clock), 4, BITTER)
    score_comments()
    assert only().trigger is Trigger.NEGATIVE_COMMENT


def test_one_answer_has_one_however_often_it_changes(people: Cast, clock: Clock) -> None:
    number = asked(people, clock)
    for score, comment in ((1, ""), (2, BITTER), (1, "")):
        answered(number, score, comment)
        score_comments()
    assert only().score == 1


def test_nobody_who_left_owns_one(people: Cast, clock: Clock) -> None:
    number = asked(people, clock)
    with transaction():
        people.mika.disabled_at = now()
    answered(number, 1)
    assert only().owner_id is None


def test_they_are_asked_again_only_after_it_is_closed(people: Cast, clock: Clock) -> None:
    answered(asked(people, clock), 1)
    clock.move(days=20)
    assert invitation(resolved_for(people.rosa, people)).reason is Reason.FOLLOW_UP_OPEN
    close(people)
    assert invitation(resolved_for(people.rosa, people)).state is State.WAITING


def test_the_customer_sees_what_became_of_it(people: Cast, clock: Clock, client: Visitor) -> None:
    number = asked(people, clock)
    answered(number, 1)
    path = link(number, "/response")
    assert "will be in touch by 5 March" in client.get(path).text
    close(people, told="We gave you <b>the money</b> back.")
    page = client.get(path).text
    assert "What became of it" in page
    assert "We gave you &lt;b&gt;the money&lt;/b&gt; back." in page
    clock.move(days=40)
    assert "the money" in client.get(link(number)).text  # also when the question is long closed


def test_closing_can_open_the_ticket_again(people: Cast, clock: Clock) -> None:
    answered(asked(people, clock), 1)
    close(people, reopen=True)
    session.rollback()
    assert people.ticket.status is Status.OPEN
    (entry,) = events("FollowUpClosed")
    assert entry.data["reopened"] is True
    assert entry.actor_id == people.mika.id


def test_a_ticket_that_is_closed_for_good_is_not_opened_again(people: Cast, clock: Clock) -> None:
    answered(asked(people, clock), 1)
    with transaction():
        people.ticket.status = Status.CLOSED
    with pytest.raises(Conflict):
        close(people, reopen=True)
    assert only().closed_at is None


def test_closing_twice_is_refused(people: Cast, clock: Clock) -> None:
    answered(asked(people, clock), 1)
    close(people)
    with pytest.raises(Conflict):
        close(people)


def test_one_about_a_restricted_team_is_its_members_alone(people: Cast, clock: Clock) -> None:
    answered(asked(people, clock), 1)
    number = only().id
    with transaction():
        people.billing.restricted = True
    assert follow_ups.follow_up_for(people.mika, number).id == number
    with pytest.raises(NotFound):
        follow_ups.follow_up_for(people.ben, number)
    assert ledger(people.ben, now() - timedelta(days=90)).opened == 0


def test_it_is_worked_by_pages(people: Cast, clock: Clock, client: Visitor) -> None:
    answered(asked(people, clock), 1, "Much too slow.")
    path = f"/desk/follow-ups/{only().id}"
    client.sign_in(people.nora)
    assert "Rosa Lindt" in client.get("/desk/follow-ups").text
    client.post(f"{path}/ownership")
    client.post(f"{path}/contact")
    assert only().owner_id == people.nora.id
    assert only().contacted_at is not None
    refused = client.post(f"{path}/outcome", data={"cause": "", "told": "Sorry."})
    assert refused.status_code == 422
    assert "Sorry." in refused.text
    form = {"cause": "slow", "outcome": "explained", "told": "Sorry."}
    assert client.post(f"{path}/outcome", data=form).status_code == 303
    assert only().told == "Sorry."
    assert "Rosa Lindt" not in client.get("/desk/follow-ups").text
    assert "Rosa Lindt" in client.get("/desk/follow-ups?list=closed").text


def test_the_ledger_counts_who_was_contacted_in_time_and_who_came_back_happier(
    people: Cast, clock: Clock
) -> None:
    answered(asked(people, clock), 1)
    with transaction():
        follow_ups.note_contact(session.query(FollowUp).one(), by=people.mika)
    close(people)
    clock.move(days=20)
    second = resolved_for(people.rosa, people)
    clock.move(days=1, minutes=1)
    send_due()
    answered(second, 5)
    found = ledger(people.nora, now() - timedelta(days=90))
    assert (found.opened, found.in_touch.number, found.in_touch.of) == (1, 1, 1)
    assert (found.recovered.number, found.recovered.of) == (1, 1)
    assert found.causes == [(Cause.SLOW, 1)]


def test_one_nobody_looked_after_is_late_and_counts_against_us(
    people: Cast, clock: Clock, client: Visitor
) -> None:
    answered(asked(people, clock), 1)
    clock.move(hours=49)
    found = ledger(people.nora, now() - timedelta(days=90))
    assert (found.in_touch.number, found.in_touch.of) == (0, 1)
    client.sign_in(people.mika)
    assert "late" in client.get("/desk/follow-ups?list=late").text


def test_a_waiting_question_is_not_sent_while_one_is_open(people: Cast, clock: Clock) -> None:
    first = asked(people, clock)
    clock.move(days=14, hours=1)
    second = resolved_for(people.rosa, people)
    answered(first, 1)
    clock.move(days=1, minutes=1)
    send_due()
    assert invitation(second).reason is Reason.FOLLOW_UP_OPEN
