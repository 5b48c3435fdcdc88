"""How many were asked, how many answered, and why the others were not asked."""

from datetime import timedelta

from helpdesk.core.clock import now
from helpdesk.core.db import transaction
from helpdesk.customers.models import SurveyPreference
from helpdesk.surveys import queries
from helpdesk.surveys.reasons import Reason
from tests.cast import Cast
from tests.conftest import Clock
from tests.surveys.stage import answered, asked
from tests.surveys.test_budget import resolved_for

DAY = timedelta(days=1)


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


def test_the_decision_about_a_ticket_is_one_sentence(people: Cast, clock: Clock) -> None:
    invitation_id = asked(people, clock)
    assert queries.decision_for(people.ids["ticket"]) == "Asked on 3 Mar, no answer yet."
    answered(invitation_id, 4)
    assert queries.decision_for(people.ids["ticket"]) == "Asked on 3 Mar, answered 4 of 5."
