"""Each ticket can say which decisions no person took, and why."""

from datetime import timedelta

import pytest

from helpdesk.core.clock import now
from helpdesk.core.db import session, transaction
from helpdesk.core.journal import record
from helpdesk.rules.causes import Trigger
from helpdesk.rules.models import Outcome, RuleDecision, RuleVersion
from helpdesk.rules.waiting import Wait
from helpdesk.surveys.events import FollowUpOpened
from helpdesk.surveys.reactions import invite_customer
from helpdesk.tickets import actions, assignment
from helpdesk.tickets.duty import Method, TeamDistribution
from helpdesk.tickets.events import TicketResolved
from helpdesk.tickets.models import Priority, Status
from tests.cast import Cast
from tests.conftest import Clock
from tests.rules.writing import rule
from tests.tickets.promises import policy
from tests.visitor import Visitor
from tests.work import Work


@pytest.fixture
def page(people: Cast, client: Visitor) -> Visitor:
    client.sign_in(people.mika)
    return client


def why(visitor: Visitor, people: Cast, more: str = "") -> str:
    session.rollback()
    return visitor.get(f"/desk/tickets/{people.ids['ticket']}/why{more}").text


def test_a_rule_says_what_it_did_and_saw(page: Visitor, people: Cast, work: Work) -> None:
    work()
    with transaction():
        rule("tag:vip", {"add_tags": "seen"}, Trigger("priority", after=("high",)))
        actions.set_tags(people.ticket, ["vip"], by=people.mika)
        actions.set_priority(people.ticket, Priority.HIGH, by=people.mika)
    work()
    text = why(page, people)
    assert (
        "The rule “Refund words” acted, because its priority changed from normal to high:"
        " add the tag seen." in text
    )
    assert '<code dir="auto">tag:vip</code>' in text
    assert "priority <bdi>high</bdi>" in text


def test_a_near_miss_says_what_was_lacking(page: Visitor, people: Cast, work: Work) -> None:
    work()
    with transaction():
        rule("is:open tag:vip", {"add_tags": "seen"}, "priority")
        actions.set_priority(people.ticket, Priority.HIGH, by=people.mika)
    work()
    assert "it asks for tag:vip" in why(page, people)


def test_what_stopped_a_rule_is_said(page: Visitor, people: Cast, work: Work) -> None:
    work()
    with transaction():
        rule("", {"add_tags": "a"}, "priority", name="First", stops=True)
        rule("", {"add_tags": "b"}, "priority", name="Second")
        actions.set_priority(people.ticket, Priority.HIGH, by=people.mika)
    work()
    assert "was stopped, because its priority changed" in why(page, people)
    assert "the rule “First” ends the list" in why(page, people)


def test_a_policy_and_a_breach_are_decisions(page: Visitor, people: Cast, work: Work) -> None:
    with transaction():
        policy("Gold", first_response=3600)
        actions.set_priority(people.ticket, Priority.HIGH, by=people.mika)
    assert "The SLA policy “Gold” counts" in why(page, people)


def test_an_assignment_says_its_reason(page: Visitor, people: Cast) -> None:
    with transaction():
        session.add(TeamDistribution(team_id=people.ids["billing"], method=Method.ROUND_ROBIN))
        actions.assign(people.ticket, None, by=people.mika)
        assignment.give(people.ticket)
    assert "Given to Mika Kallio: next in turn of 1 on shift" in why(page, people)


def test_what_people_do_is_no_decision_of_ours(page: Visitor, people: Cast) -> None:
    with transaction():
        actions.set_priority(people.ticket, Priority.HIGH, by=people.mika)
    assert "from normal to high" not in why(page, people)


def test_a_survey_that_is_not_sent_says_why(page: Visitor, people: Cast) -> None:
    with transaction():
        ticket = people.ticket
        actions.resolve(ticket, by=people.mika)
        resolved = TicketResolved(ticket.id, ticket.customer_id, "open", None, None, False)
        invite_customer(resolved)
    assert "No survey is sent, because nobody of us replied." in why(page, people)


def test_an_answer_that_is_looked_after_says_why(page: Visitor, people: Cast) -> None:
    with transaction():
        record(
            FollowUpOpened(
                people.ids["rosa"], 1, 1, people.ids["ticket"], "low_score", 2, None, now()
            )
        )
    told = "The answer 2 opened a follow-up because of a low score."
    assert told in why(page, people)


def test_what_a_rule_about_time_will_do_is_told(clock: Clock, page: Visitor, people: Cast) -> None:
    with transaction():
        rule("", {"priority": "low"}, wait=Wait("pending", 3 * 24 * 3600))
        rule("tag:vip", {"priority": "low"}, wait=Wait("pending", 3600), name="Other")
        actions.set_status(people.ticket, Status.PENDING, by=people.mika)
    text = why(page, people)
    assert "The rule “Refund words” acts on" in text
    assert "but it asks for tag:vip" in text


def test_many_decisions_come_in_pages(
    clock: Clock, page: Visitor, people: Cast, work: Work
) -> None:
    work()
    with transaction():
        version_id = rule("", {"note": "Seen."}, "filed").version_id or 0
        for n in range(50):
            session.add(
                RuleDecision(
                    at=now() + timedelta(seconds=n),
                    rule_id=session.get_one(RuleVersion, version_id).rule_id,
                    version_id=version_id,
                    ticket_id=people.ids["ticket"],
                    cause=f"entry:{n}",
                    because="it was filed",
                    outcome=Outcome.DONE,
                    reason="",
                    facts=[],
                    did=["add a note"],
                )
            )
    first = why(page, people)
    assert first.count("acted, because") == 40
    before = first.partition("why?before=")[2].partition('"')[0]
    assert why(page, people, f"?before={before}").count("acted, because") == 10


def test_a_broken_link_is_refused(page: Visitor, people: Cast) -> None:
    answer = page.get(f"/desk/tickets/{people.ids['ticket']}/why?before=nonsense")
    assert answer.status_code == 422
