"""Everybody is asked about us as a whole once in the interval, a few each day."""

from datetime import timedelta
from math import ceil

from helpdesk.core.clock import now
from helpdesk.core.db import session, transaction
from helpdesk.customers.models import Customer, SurveyPreference
from helpdesk.surveys import actions, cadence, rules
from helpdesk.surveys.jobs import invite_to_nps, send_due
from helpdesk.surveys.models import Invitation, Kind, State
from helpdesk.surveys.questions import survey_in_use
from helpdesk.surveys.reasons import Reason
from tests.cast import Cast, customer
from tests.conftest import Clock
from tests.surveys.stage import answered, file_ticket, invited_to_nps, mails, response

LONG_AGO = timedelta(days=400)


def crowd(size: int) -> list[int]:
    """So many customers who have known us for long and were helped once."""
    ids = []
    with transaction():
        for number in range(size):
            person = customer(f"Number {number}", f"n{number}@many.example", with_account=False)
            person.created_at = now() - LONG_AGO
            session.add(person)
            session.flush()
            file_ticket(person).first_replied_at = now() - LONG_AGO
            ids.append(person.id)
    return ids


def invited() -> list[Invitation]:
    session.rollback()
    return session.query(Invitation).filter_by(kind="nps").order_by(Invitation.id).all()


def test_each_day_takes_its_share_and_no_more(people: Cast, clock: Clock) -> None:
    crowd(200)
    with transaction():
        assert cadence.daily_share() == ceil(200 / 180) == 2
    for _hour in range(24):
        invite_to_nps()
        clock.move(hours=1)
    assert len(invited()) == 2


def test_in_the_interval_everybody_has_a_turn_and_nobody_two(people: Cast, clock: Clock) -> None:
    everybody = crowd(7)
    for _day in range(180):
        invite_to_nps()
        send_due()
        clock.move(days=1)
    assert sorted(each.customer_id for each in invited()) == everybody


def test_whoever_is_over_a_longer_budget_holds_up_nobody(people: Cast, clock: Clock) -> None:
    first, second = crowd(2)
    with transaction():
        rules.change_policy({"person_days": 90}, by=people.nora)
        asked = actions.ask_by_hand(
            survey_in_use(Kind.CSAT), session.get_one(Customer, first), None, by=people.nora
        )
    clock.move(days=4)  # past the weekend
    send_due()
    assert session.get_one(Invitation, asked.id).state is State.SENT
    clock.move(days=30)  # longer than the installation's own window
    with transaction(write=False):
        assert list(session.scalars(cadence.due(now()))) == [second]


def test_those_who_waited_longest_come_first(people: Cast, clock: Clock) -> None:
    first, second = crowd(2)
    invite_to_nps()
    clock.move(days=1)
    invite_to_nps()
    assert [each.customer_id for each in invited()] == [first, second]


def test_one_that_still_waits_is_enough_however_long_it_waits(people: Cast, clock: Clock) -> None:
    crowd(1)
    for _ in range(2):
        invite_to_nps()
        clock.move(days=200)
    assert len(invited()) == 1


def test_nobody_is_asked_whom_none_of_us_ever_wrote_to(people: Cast, clock: Clock) -> None:
    (lonely,) = crowd(1)
    with transaction():
        for ticket in session.query(type(people.ticket)).filter_by(customer_id=lonely):
            ticket.first_replied_at = None
    invite_to_nps()
    assert invited() == []


def test_newcomers_are_given_time_to_know_us(people: Cast, clock: Clock) -> None:
    (newcomer,) = crowd(1)
    with transaction():
        session.get_one(type(people.rosa), newcomer).created_at = now() - timedelta(days=20)
    invite_to_nps()
    assert invited() == []
    clock.move(days=11)
    invite_to_nps()
    assert [each.customer_id for each in invited()] == [newcomer]


def test_who_does_not_want_it_is_recorded_and_costs_nobody_a_turn(
    people: Cast, clock: Clock
) -> None:
    unwilling, willing = crowd(2)
    with transaction():
        session.get_one(type(people.rosa), unwilling).survey_preference = SurveyPreference.NONE
    invite_to_nps()
    refused, asked = invited()
    assert (refused.customer_id, refused.reason) == (unwilling, Reason.UNSUBSCRIBED)
    assert (asked.customer_id, asked.state) == (willing, State.WAITING)


def test_an_answer_belongs_to_the_customer_and_to_no_ticket(people: Cast, clock: Clock) -> None:
    invitation = invited_to_nps(people.sam.id)
    assert invitation is not None
    send_due()
    given = response(answered(invitation.id, 9))
    assert (given.customer_id, given.ticket_id, given.agent_id) == (people.sam.id, None, None)
    assert people.sam.last_score is None  # that is for ratings from 1 to 5
    (mail,) = mails()
    assert "?score=0" in mail.text
    assert "?score=10" in mail.text
