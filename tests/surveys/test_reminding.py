"""One reminder, at most, where somebody wants it."""

import pytest

from helpdesk.core.clock import now
from helpdesk.core.db import session, transaction
from helpdesk.customers.models import SurveyPreference
from helpdesk.mail.jobs import deliver_due
from helpdesk.mail.models import Delivery
from helpdesk.surveys import policies
from helpdesk.surveys.jobs import remind
from helpdesk.surveys.models import Invitation
from helpdesk.tickets import actions as tickets
from tests.cast import Cast
from tests.conftest import Clock
from tests.servers.smtp import Sink, text_of
from tests.surveys.stage import answered, asked, invitation, mails
from tests.surveys.test_withdrawing import reopened


@pytest.fixture(autouse=True)
def wanted(people: Cast) -> None:
    with transaction():
        policies.policy(to_change=True).reminder_days = 5


def asked_and_arrived(people: Cast, clock: Clock) -> int:
    number = asked(people, clock)
    deliver_due()
    return number


def test_one_reminder_and_never_another(people: Cast, clock: Clock, outbox: Sink) -> None:
    number = asked_and_arrived(people, clock)
    clock.move(days=4)
    remind()
    assert len(mails()) == 1
    for _ in range(20):
        clock.move(days=1, hours=1)
        remind()
        deliver_due()
    first, second = mails()
    assert second.at_most_once
    assert first.message_id != second.message_id
    assert "no further reminder" in text_of(outbox.last)
    assert invitation(number).reminder_id == second.id
    assert len(outbox) == 2


def test_reminders_count_while_the_address_is_warmed_up(people: Cast, clock: Clock) -> None:
    asked_and_arrived(people, clock)
    clock.move(days=6)
    with transaction():
        held = policies.policy(to_change=True)
        held.warm_up_from, held.warm_up_since = 0, now().date()
    remind()
    assert len(mails()) == 1
    with transaction():
        policies.policy(to_change=True).warm_up_from = 1
    remind()
    assert len(mails()) == 2
    with transaction():
        assert policies.room_today(now()) == 0


def test_nobody_is_reminded_where_nobody_wants_it(people: Cast, clock: Clock) -> None:
    with transaction():
        policies.policy(to_change=True).reminder_days = 0
    asked_and_arrived(people, clock)
    clock.move(days=8)
    remind()
    assert len(mails()) == 1


def test_who_answered_is_not_reminded(people: Cast, clock: Clock) -> None:
    answered(asked_and_arrived(people, clock), 5)
    clock.move(days=6)
    remind()
    assert len(mails()) == 1


@pytest.mark.parametrize("state", [Delivery.IN_DOUBT, Delivery.BOUNCED, Delivery.PARKED])
def test_a_mail_that_may_not_have_arrived_is_not_followed_by_another(
    state: Delivery, people: Cast, clock: Clock
) -> None:
    number = asked_and_arrived(people, clock)
    with transaction():
        mail = session.get_one(Invitation, number).mail
        assert mail is not None
        mail.state = state
    clock.move(days=6)
    remind()
    assert len(mails()) == 1


def test_who_unsubscribed_meanwhile_is_not_reminded(people: Cast, clock: Clock) -> None:
    asked_and_arrived(people, clock)
    with transaction():
        people.rosa.survey_preference = SurveyPreference.NONE
    clock.move(days=6)
    remind()
    assert len(mails()) == 1


def test_a_reopened_ticket_takes_a_waiting_reminder_back(people: Cast, clock: Clock) -> None:
    asked_and_arrived(people, clock)
    clock.move(days=7)
    remind()
    reopened(people)
    assert mails()[1].state is Delivery.WITHDRAWN
    with transaction():
        tickets.resolve(people.ticket, by=people.mika)
    remind()
    assert len(mails()) == 2


def test_nobody_is_reminded_on_a_weekend(people: Cast, clock: Clock) -> None:
    asked_and_arrived(people, clock)  # on a Tuesday
    clock.move(days=5)  # Sunday
    remind()
    assert len(mails()) == 1
    clock.move(days=1)
    remind()
    assert len(mails()) == 2
