"""How many were asked, how many answered, and why the others were not asked."""

from datetime import timedelta

from helpdesk.core.clock import now
from helpdesk.core.db import session, transaction
from helpdesk.customers.models import SurveyPreference
from helpdesk.mail.models import Delivery
from helpdesk.surveys import queries
from helpdesk.surveys.jobs import send_due
from helpdesk.surveys.models import Invitation, Kind
from helpdesk.surveys.reasons import Reason
from tests.cast import Cast
from tests.conftest import Clock
from tests.surveys.stage import answered, asked
from tests.surveys.test_budget import resolved_for

DAY = timedelta(days=1)


def test_the_rate_counts_those_who_were_reached(people: Cast, clock: Clock) -> None:
    first = asked(people, clock)
    resolved_for(people.sam, people)
    clock.move(days=1, minutes=1)
    send_due()
    answered(first, 4)
    counted = queries.asked_and_answered(now() - 7 * DAY, now() + DAY)
    assert (counted.asked, counted.answered, counted.rate) == (2, 1, 0.5)
    with transaction():
        second = session.query(Invitation).filter_by(customer_id=people.sam.id).one()
        assert second.mail is not None
        second.mail.state = Delivery.BOUNCED
    assert queries.asked_and_answered(now() - 7 * DAY, now() + DAY).asked == 1


def test_a_period_without_questions_has_no_rate(people: Cast) -> None:
    assert queries.asked_and_answered(now() - DAY, now(), Kind.NPS).rate is None


def test_reasons_are_counted_by_period(people: Cast, clock: Clock) -> None:
    with transaction():
        people.sam.survey_preference = SurveyPreference.NONE
    resolved_for(people.sam, people)
    resolved_for(people.sam, people)
    asked(people, clock)
    resolved_for(people.rosa, people)
    assert queries.not_asked_reasons(now() - 7 * DAY, now() + DAY) == {
        Reason.UNSUBSCRIBED: 2,
        Reason.PERSON_BUDGET: 1,
    }
    assert queries.not_asked_reasons(now() + DAY, now() + 2 * DAY) == {}


def test_answers_of_a_period_are_one_statement(people: Cast, clock: Clock) -> None:
    answered(asked(people, clock), 4)
    found = queries.responses_between(now() - DAY, now() + DAY, Kind.CSAT)
    assert [each.score for each in session.scalars(found)] == [4]
    assert not list(session.scalars(queries.responses_between(now() + DAY, now(), Kind.CSAT)))


def test_the_decision_about_a_ticket_is_one_sentence(people: Cast, clock: Clock) -> None:
    invitation_id = asked(people, clock)
    assert queries.decision_for(people.ids["ticket"]) == "Asked on 3 Mar, no answer yet."
    answered(invitation_id, 4)
    assert queries.decision_for(people.ids["ticket"]) == "Asked on 3 Mar, answered 4 of 5."
