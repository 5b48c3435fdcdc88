"""Whoever is not asked is not asked for one reason, and it is written down."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from helpdesk.core.clock import now
from helpdesk.core.db import session, transaction
from helpdesk.core.journal import JournalEntry
from helpdesk.customers.models import Address, SurveyPreference
from helpdesk.surveys import actions, queries
from helpdesk.surveys.jobs import send_due
from helpdesk.surveys.models import State
from helpdesk.surveys.reasons import Reason
from helpdesk.tickets import actions as tickets
from helpdesk.tickets.models import MessageKind
from tests.cast import Cast
from tests.conftest import Clock
from tests.surveys.stage import decide, help_with, resolved, say


def test_a_customer_who_was_helped_is_to_be_asked_after_the_delay(
    people: Cast, clock: Clock
) -> None:
    with transaction():
        help_with(people.ticket, people.mika)
        decision = decide(people.ticket)
        assert decision.state is State.WAITING
        assert decision.send_at == now() + timedelta(days=1)
        assert decision.email == "rosa@harbor.example"


def unverified(people: Cast) -> None:
    people.rosa.addresses[0].verified_at = None


def bounced(people: Cast) -> None:
    people.rosa.addresses[0].bounced_at = now()


def without_address(people: Cast) -> None:
    rosa = people.rosa
    rosa.addresses.clear()


def of_our_own_domain(people: Cast) -> None:
    people.rosa.addresses[0].email = "rosa@mail.acorn-payroll.example"


def known_as_staff(people: Cast) -> None:
    rosa = people.rosa
    rosa.addresses.append(Address(email=people.ben.email, verified_at=now()))


def signing_in_as_staff(people: Cast) -> None:
    people.rosa.account = people.ben


def unsubscribed(people: Cast) -> None:
    people.rosa.survey_preference = SurveyPreference.NONE


def pausing(people: Cast) -> None:
    people.rosa.survey_paused_until = now() + timedelta(days=2)


def wanting_problems_only(people: Cast) -> None:
    people.rosa.survey_preference = SurveyPreference.PROBLEMS


def writing_spam(people: Cast) -> None:
    tickets.set_tags(people.ticket, ["spam"], by=None)


EXCLUSIONS: dict[Callable[[Cast], None], Reason] = {
    unverified: Reason.UNVERIFIED,
    bounced: Reason.BOUNCED,
    without_address: Reason.NO_ADDRESS,
    of_our_own_domain: Reason.INTERNAL,
    known_as_staff: Reason.STAFF,
    signing_in_as_staff: Reason.STAFF,
    unsubscribed: Reason.UNSUBSCRIBED,
    pausing: Reason.PAUSED,
    wanting_problems_only: Reason.WENT_WELL,
    writing_spam: Reason.SPAM,
}


@pytest.mark.parametrize("exclude", EXCLUSIONS, ids=lambda exclude: exclude.__name__)
def test_somebody_is_not_asked_when(exclude: Callable[[Cast], None], people: Cast) -> None:
    with transaction():
        exclude(people)
        session.flush()
        help_with(people.ticket, people.mika)
        decision = decide(people.ticket)
        assert (decision.state, decision.reason) == (State.SUPPRESSED, EXCLUSIONS[exclude])


@pytest.mark.parametrize("exclude", EXCLUSIONS, ids=lambda exclude: exclude.__name__)
def test_what_came_between_deciding_and_sending_counts_too(
    exclude: Callable[[Cast], None], people: Cast, clock: Clock
) -> None:
    invitation_id = resolved(people)
    clock.move(days=1, minutes=1)
    with transaction():
        exclude(people)
    send_due()
    session.rollback()
    decision = queries.locked(invitation_id)
    assert decision is not None
    assert (decision.state, decision.reason) == (State.SUPPRESSED, EXCLUSIONS[exclude])
    assert decision.email_id is None


def test_nobody_is_asked_about_a_ticket_that_no_human_answered(people: Cast) -> None:
    with transaction():
        say(people.ticket, MessageKind.AUTOMATIC)
        tickets.resolve(people.ticket, by=None, by_customer=True)
        assert decide(people.ticket).reason is Reason.NO_HUMAN_REPLY


def test_a_note_is_no_reply(people: Cast) -> None:
    with transaction():
        say(people.ticket, MessageKind.NOTE, people.mika)
        tickets.resolve(people.ticket, by=people.mika)
        assert decide(people.ticket).reason is Reason.NO_HUMAN_REPLY


def test_who_wants_problems_only_is_asked_when_the_tone_was_bad(people: Cast) -> None:
    with transaction():
        wanting_problems_only(people)
        say(people.ticket, MessageKind.CUSTOMER, sentiment_label="negative")
        help_with(people.ticket, people.mika)
        assert decide(people.ticket).state is State.WAITING


def test_who_wants_problems_only_is_asked_when_it_was_reopened(people: Cast) -> None:
    with transaction():
        wanting_problems_only(people)
        help_with(people.ticket, people.mika)
        tickets.reopen(people.ticket, by=None, by_customer=True)
        tickets.resolve(people.ticket, by=people.mika)
        assert decide(people.ticket).state is State.WAITING


def test_a_pause_that_ends_before_the_question_is_no_reason(people: Cast) -> None:
    with transaction():
        people.rosa.survey_paused_until = now() + timedelta(hours=12)
        help_with(people.ticket, people.mika)
        assert decide(people.ticket).state is State.WAITING


def test_a_verified_address_is_preferred_to_the_primary_one(people: Cast) -> None:
    with transaction():
        unverified(people)
        rosa = people.rosa
        rosa.addresses.append(Address(email="rosa@lindt.example", verified_at=now()))
        help_with(people.ticket, people.mika)
        assert decide(people.ticket).email == "rosa@lindt.example"


def test_one_resolution_is_decided_about_once(people: Cast) -> None:
    resolved(people)
    with transaction():
        assert actions.invite_about(people.ticket) is None


def test_a_ticket_that_is_open_again_is_not_decided_about(people: Cast) -> None:
    with transaction():
        help_with(people.ticket, people.mika)
        tickets.reopen(people.ticket, by=None)
        assert actions.invite_about(people.ticket) is None


def test_a_decision_is_journaled_with_its_reason(people: Cast) -> None:
    with transaction():
        unsubscribed(people)
        help_with(people.ticket, people.mika)
        decision = decide(people.ticket)
        entry = session.query(JournalEntry).filter_by(event="SurveySuppressed").one()
        assert entry.subject_kind == "customer"
        assert entry.subject_id == people.rosa.id
        assert entry.data["reason"] == "unsubscribed"
        assert entry.data["invitation_id"] == decision.id


def test_every_reason_can_be_read(people: Cast) -> None:
    with transaction():
        unsubscribed(people)
        help_with(people.ticket, people.mika)
        decide(people.ticket)
        said = queries.decision_for(people.ticket.id)
    assert said == "Not asked, because they do not want to be asked."
    assert all(reason.sentence for reason in Reason)
