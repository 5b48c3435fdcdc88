"""However rules, hands and turns overlap, nobody is asked more often than the budget allows."""

from bisect import bisect_left
from collections import defaultdict
from contextlib import suppress
from datetime import datetime, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from helpdesk.core.clock import now
from helpdesk.core.db import session, transaction
from helpdesk.core.errors import Conflict
from helpdesk.mail.jobs import deliver_due
from helpdesk.mail.models import OutboundEmail
from helpdesk.surveys import actions, cadence, policies
from helpdesk.surveys.jobs import remind, send_due
from helpdesk.surveys.models import FollowUp, Invitation, State, SurveyRule
from helpdesk.surveys.questions import survey_titled
from helpdesk.tickets.models import Ticket
from tests.cast import Cast
from tests.conftest import Clock
from tests.surveys.stage import answered, file_ticket
from tests.surveys.test_budget import assert_all_decided, toggle

RULES = st.lists(
    st.tuples(
        st.sampled_from(["After a request", "How easy it was", None]),
        st.integers(0, 60),
        st.booleans(),
    ),
    max_size=4,
)
STEPS = st.lists(
    st.tuples(
        st.sampled_from(["resolve", "reopen", "send", "nps", "hand", "answer", "close", "remind"]),
        st.integers(0, 4),
        st.integers(0, 70),
    ),
    max_size=30,
)
BUDGETS = st.tuples(st.integers(1, 3), st.integers(1, 20), st.integers(1, 4), st.integers(1, 20))


@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(rules=RULES, steps=STEPS, budget=BUDGETS)
def test_the_budget_holds_whatever_overlaps(
    rules: list[tuple[str | None, int, bool]],
    steps: list[tuple[str, int, int]],
    budget: tuple[int, int, int, int],
    people: Cast,
    clock: Clock,
) -> None:
    numbers = set_up(rules, budget, people)
    begun = now()
    for what, which, hours in steps:
        happen(what, numbers[which], people)
        clock.move(hours=hours, seconds=hours)
    assert_held(begun, budget)
    assert_all_decided(numbers)
    assert_no_second_reminder()


def set_up(
    rules: list[tuple[str | None, int, bool]], budget: tuple[int, int, int, int], people: Cast
) -> list[int]:
    with transaction():
        session.query(SurveyRule).update({"active": False})
        for place, (title, hours, business) in enumerate(rules):
            session.add(
                SurveyRule(
                    name="Some",
                    position=place,
                    title=title,
                    delay_hours=hours,
                    business_hours=business,
                    first_contact=hours > 50,
                    created_at=now(),
                )
            )
        held = policies.policy(to_change=True)
        held.person_most, held.person_days, held.organization_most, held.organization_days = budget
        held.reminder_days = 2
        customers = [people.rosa, people.rosa, people.carl, people.carl, people.sam]
        return [file_ticket(customer).id for customer in customers]


def happen(what: str, number: int, people: Cast) -> None:
    session.rollback()
    customer_id = session.get_one(Ticket, number).customer_id
    if what == "send":
        send_due()
        deliver_due()
    elif what == "remind":
        remind()
    elif what == "answer":
        answer_something(customer_id)
    else:
        with transaction():
            do(what, session.get_one(Ticket, number), people)


def do(what: str, ticket: Ticket, people: Cast) -> None:
    if what == "nps":
        cadence.ask(ticket.customer_id, share=5)
    elif what == "close":
        session.query(FollowUp).filter(FollowUp.closed_at.is_(None)).update({"closed_at": now()})
    elif what == "hand":
        survey = survey_titled("How easy it was")
        assert survey is not None
        with suppress(Conflict):
            actions.ask_by_hand(survey, ticket.customer, ticket, by=people.nora)
    else:
        toggle(ticket, what, people)


def answer_something(customer_id: int) -> None:
    statement = select(Invitation.id).where(
        Invitation.customer_id == customer_id,
        Invitation.state == State.SENT,
        Invitation.expires_at > now(),
    )
    found = session.scalar(statement.limit(1))
    if found is not None:
        answered(found, 2)


def assert_held(begun: datetime, budget: tuple[int, int, int, int]) -> None:
    person_most, person_days, organization_most, organization_days = budget
    people: dict[int, list[datetime]] = defaultdict(list)
    organizations: dict[int, list[datetime]] = defaultdict(list)
    session.rollback()
    sent = Invitation.sent_at >= begun
    for each in session.scalars(select(Invitation).where(sent).order_by(Invitation.sent_at)):
        assert each.sent_at is not None
        people[each.customer_id].append(each.sent_at)
        if each.organization_id is not None:
            organizations[each.organization_id].append(each.sent_at)
    for times, most, days in (
        *((times, person_most, person_days) for times in people.values()),
        *((times, organization_most, organization_days) for times in organizations.values()),
    ):
        for place, time in enumerate(times):
            first = bisect_left(times, time - timedelta(days=days) + timedelta(microseconds=1))
            assert place - first + 1 <= most


def assert_no_second_reminder() -> None:
    mails = session.scalars(select(OutboundEmail).where(OutboundEmail.kind == "survey")).all()
    asked = session.scalars(select(Invitation).where(Invitation.email_id.is_not(None))).all()
    known = {each.email_id for each in asked} | {each.reminder_id for each in asked}
    assert {mail.id for mail in mails} <= known
