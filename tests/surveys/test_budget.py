"""Nobody is asked more often than the budget allows, and no organization."""

from datetime import datetime, timedelta
from itertools import pairwise

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from helpdesk.core.clock import now
from helpdesk.core.db import session, transaction
from helpdesk.customers.models import Customer
from helpdesk.surveys import actions, cadence
from helpdesk.surveys.jobs import invite_to_nps, send_due
from helpdesk.surveys.models import Invitation, State
from helpdesk.surveys.reasons import Reason
from helpdesk.tickets import actions as tickets
from helpdesk.tickets.models import DONE, Status, Ticket
from tests.cast import Cast
from tests.conftest import Clock
from tests.surveys.stage import (
    answered,
    asked,
    decide,
    file_ticket,
    help_with,
    invitation,
    invited_to_nps,
    mails,
    resolved,
)


def resolved_for(customer: Customer, people: Cast) -> int:
    with transaction():
        ticket = file_ticket(customer)
        help_with(ticket, people.mika)
        return decide(ticket).id


def test_a_person_who_was_just_asked_is_not_asked_again(people: Cast, clock: Clock) -> None:
    asked(people, clock)
    second = resolved_for(people.rosa, people)
    assert invitation(second).reason is Reason.PERSON_BUDGET


def test_two_tickets_of_one_day_give_one_question(people: Cast, clock: Clock) -> None:
    resolved(people)
    second = resolved_for(people.rosa, people)
    assert invitation(second).state is State.WAITING
    clock.move(days=1, minutes=1)
    send_due()
    assert invitation(second).reason is Reason.PERSON_BUDGET
    assert len(mails()) == 1


def test_a_colleague_is_not_asked_inside_the_window_of_the_organization(
    people: Cast, clock: Clock
) -> None:
    asked(people, clock)
    assert invitation(resolved_for(people.carl, people)).reason is Reason.ORGANIZATION_BUDGET
    assert invitation(resolved_for(people.sam, people)).state is State.WAITING


def test_customers_without_an_organization_are_no_organization(people: Cast, clock: Clock) -> None:
    with transaction():
        people.rosa.organization_id = people.carl.organization_id = None
    asked(people, clock)
    assert invitation(resolved_for(people.carl, people)).state is State.WAITING


def test_after_the_window_they_can_be_asked_again(people: Cast, clock: Clock) -> None:
    asked(people, clock)
    clock.move(days=13, minutes=1)
    second = resolved_for(people.rosa, people)
    clock.move(days=1)
    send_due()
    assert invitation(second).state is State.SENT


def test_the_question_about_us_goes_before_that_about_a_ticket(people: Cast, clock: Clock) -> None:
    first = resolved(people)
    with transaction():
        actions.invite_about_us(people.rosa)
    clock.move(days=1, minutes=1)
    with transaction():
        actions.send(first)  # its turn came before that of the other
    assert invitation(first).reason is Reason.NPS_FIRST
    send_due()
    assert [mail.subject for mail in mails()] == [
        "How likely are you to recommend Acorn Payroll to a colleague?"
    ]


def test_who_was_asked_about_a_ticket_keeps_the_turn_for_the_other_question(
    people: Cast, clock: Clock
) -> None:
    asked(people, clock)
    clock.move(days=10)
    assert invited_to_nps(people.rosa.id) is None
    clock.move(days=5)
    assert invited_to_nps(people.rosa.id) is not None


DELAYS = st.integers(0, 20)
EVENTS = st.lists(
    st.tuples(
        st.sampled_from(["resolve", "reopen", "send", "nps", "answer", "move"]),
        st.integers(0, 4),
        DELAYS,
    ),
    max_size=40,
)


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(history=EVENTS)
def test_whatever_happens_the_budget_holds(
    history: list[tuple[str, int, int]], people: Cast, clock: Clock
) -> None:
    with transaction():
        world = [people.rosa, people.rosa, people.carl, people.carl, people.sam]
        numbers = [file_ticket(customer).id for customer in world]
    for what, which, days in history:
        happen(what, session.get_one(Ticket, numbers[which]), people)
        clock.move(days=days, seconds=days)
        assert_budget_held()
    assert_all_decided(numbers)


def happen(what: str, ticket: Ticket, people: Cast) -> None:
    ticket_id, customer_id = ticket.id, ticket.customer_id
    if what == "send":
        send_due()
    elif what == "nps":
        with transaction():
            cadence.ask(customer_id, share=3)
    elif what == "answer":
        open_one = session.scalar(
            select(Invitation.id).where(
                Invitation.customer_id == customer_id, Invitation.state == State.SENT
            )
        )
        if open_one is not None and is_open(open_one):
            answered(open_one, 4)
    elif what in ("resolve", "reopen"):
        with transaction():
            toggle(session.get_one(Ticket, ticket_id), what, people)


def is_open(invitation_id: int) -> bool:
    return invitation(invitation_id).is_open(now())


def toggle(ticket: Ticket, what: str, people: Cast) -> None:
    if what == "resolve":
        help_with(ticket, people.mika)
        actions.invite_about(ticket)
    elif ticket.status is Status.RESOLVED:
        tickets.reopen(ticket, by=None, by_customer=True)
        actions.withdraw_about(ticket.id)


def assert_budget_held() -> None:
    session.rollback()
    statement = select(
        Invitation.customer_id, Invitation.organization_id, Invitation.sent_at
    ).where(Invitation.sent_at.is_not(None))
    sent: dict[tuple[str, int], list[datetime]] = {}
    for customer_id, organization_id, at in session.execute(statement.order_by("sent_at")):
        assert at is not None
        sent.setdefault(("customer", customer_id), []).append(at)
        if organization_id:
            sent.setdefault(("organization", organization_id), []).append(at)
    for times in sent.values():
        gaps = [later - before for before, later in pairwise(times)]
        assert all(gap >= timedelta(days=14) for gap in gaps)


def assert_all_decided(numbers: list[int]) -> None:
    """P7: resolved tickets minus their decisions are none."""
    session.rollback()
    for number in numbers:
        ticket = session.get_one(Ticket, number)
        if ticket.status in DONE:
            assert ticket.resolved_at is not None
            statement = select(Invitation).where(
                Invitation.ticket_id == number, Invitation.resolved_at == ticket.resolved_at
            )
            decision = session.scalars(statement).one()
            assert decision.state is not State.SUPPRESSED or decision.reason


def test_the_daily_job_is_bound_by_the_same_budget(people: Cast, clock: Clock) -> None:
    asked(people, clock)
    clock.move(days=2)
    invite_to_nps()
    send_due()
    assert len(mails()) == 1
