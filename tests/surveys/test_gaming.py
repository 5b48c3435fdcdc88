"""Scores that were helped along are listed with their tickets."""

from datetime import timedelta

from helpdesk.core.clock import now
from helpdesk.core.db import transaction
from helpdesk.surveys import actions, rules
from helpdesk.surveys.gaming import Pattern, patterns
from helpdesk.tickets import actions as tickets
from tests.cast import Cast
from tests.conftest import Clock
from tests.surveys.stage import answered, asked, decide, help_with, resolved
from tests.visitor import Visitor

LONG_AGO = timedelta(days=90)


def found(people: Cast, viewer: str = "nora") -> dict[str, list[int]]:
    seen: list[Pattern] = patterns(getattr(people, viewer), now() - LONG_AGO)
    return {pattern.name: [sign.ticket_id for sign in pattern.signs] for pattern in seen}


def test_honest_work_shows_nothing(people: Cast, clock: Clock) -> None:
    answered(asked(people, clock), 5)
    with transaction():
        tickets.assign(people.ticket, people.ben, by=people.mika)
    assert [signs for signs in found(people).values() if signs] == []


def test_a_ticket_given_away_after_a_bad_score(people: Cast, clock: Clock) -> None:
    answered(asked(people, clock), 1)
    clock.move(hours=2)
    with transaction():
        tickets.assign(people.ticket, people.ben, by=people.mika)
    assert found(people)["Given away after a bad score"] == [people.ticket.id]


def test_one_given_away_before_is_no_sign(people: Cast, clock: Clock) -> None:
    number = asked(people, clock)
    with transaction():
        tickets.assign(people.ticket, people.ben, by=people.mika)
    clock.move(hours=2)
    answered(number, 1)
    assert found(people)["Given away after a bad score"] == []


def test_a_ticket_that_was_answered_and_then_called_spam(people: Cast, clock: Clock) -> None:
    with transaction():
        help_with(people.ticket, people.mika)
        tickets.set_tags(people.ticket, ["spam"], by=people.mika)
        decide(people.ticket)
    assert found(people)["Kept from being asked by a tag"] == [people.ticket.id]


def test_a_tag_whose_rule_asks_nothing_is_a_sign_as_well(people: Cast, clock: Clock) -> None:
    with transaction():
        quiet = {"name": "Not these", "title": None, "tag": "internal"}
        rules.set_rule(None, quiet, by=people.nora)
        help_with(people.ticket, people.mika)
        tickets.set_tags(people.ticket, ["internal", "vip"], by=people.mika)
    assert found(people)["Kept from being asked by a tag"] == [people.ticket.id]


def test_a_ticket_opened_again_while_the_question_waited(people: Cast, clock: Clock) -> None:
    resolved(people)
    clock.move(hours=20)
    with transaction():
        tickets.reopen(people.ticket, by=people.mika)
        actions.withdraw_about(people.ticket.id)
    clock.move(hours=1)
    with transaction():
        tickets.resolve(people.ticket, by=people.mika)
        decide(people.ticket)
    assert found(people)["Opened again before the question"] == [people.ticket.id]


def test_a_customer_who_opens_it_again_is_no_sign(people: Cast, clock: Clock) -> None:
    resolved(people)
    clock.move(hours=20)
    with transaction():
        tickets.reopen(people.ticket, by=people.rosas_account, by_customer=True)
        actions.withdraw_about(people.ticket.id)
    with transaction():
        tickets.resolve(people.ticket, by=people.mika)
    assert found(people)["Opened again before the question"] == []


def test_tickets_of_restricted_teams_are_listed_to_their_members_alone(
    people: Cast, clock: Clock, client: Visitor
) -> None:
    with transaction():
        people.billing.restricted = True
        help_with(people.ticket, people.mika)
        tickets.set_tags(people.ticket, ["spam"], by=people.mika)
    assert found(people)["Kept from being asked by a tag"] == []
    assert found(people, "ada")["Kept from being asked by a tag"] == [people.ticket.id]
    client.sign_in(people.ada)
    assert f"#{people.ids['ticket']}" in client.get("/desk/surveys/patterns").text
