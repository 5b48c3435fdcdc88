"""The record of a customer: everything that happened, newest first."""

import re
from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from helpdesk.churn.models import ChurnFlag, HealthSnapshot
from helpdesk.core.clock import now
from helpdesk.core.db import session, transaction
from helpdesk.customers.actions import add_note, edit
from helpdesk.customers.models import CustomerNote, Order
from helpdesk.customers.visits import CustomerVisit
from helpdesk.desk.chapters import NOTHING_YET
from helpdesk.desk.courses import courses_of
from helpdesk.desk.history import KINDS, Moment, history_of
from helpdesk.surveys import follow_ups
from helpdesk.surveys.models import Invitation, Kind, Response, State, Survey
from helpdesk.tickets import conversation
from tests.cast import Cast
from tests.desk.conftest import statements
from tests.visitor import Visitor


def order(people: Cast, n: int, days: float = 0) -> Order:
    at = now() - timedelta(days=days)
    return Order(
        customer_id=people.ids["rosa"],
        reference=f"A-{n}",
        ordered_at=at,
        amount=Decimal("49.00"),
        currency="EUR",
        item="Payroll, monthly",
        recorded_at=at,
    )


def answer(people: Cast, score: int, comment: str) -> None:
    survey = Survey(
        kind=Kind.CSAT,
        question="?",
        comment_label="",
        low_label="",
        high_label="",
        lowest=1,
        highest=5,
        created_at=now(),
    )
    session.add(survey)
    session.flush()
    invitation = Invitation(
        survey_id=survey.id,
        kind=Kind.CSAT,
        customer_id=people.ids["rosa"],
        ticket_id=people.ids["ticket"],
        state=State.ANSWERED,
        created_at=now(),
        send_at=now(),
    )
    session.add(invitation)
    session.flush()
    session.add(
        Response(
            invitation_id=invitation.id,
            kind=Kind.CSAT,
            score=score,
            comment=comment,
            created_at=now(),
            updated_at=now(),
            customer_id=people.ids["rosa"],
            ticket_id=people.ids["ticket"],
        )
    )


def snapshot(people: Cast, days: int, **points: int) -> HealthSnapshot:
    at = now() - timedelta(days=days)
    return HealthSnapshot(
        customer_id=people.ids["rosa"],
        day=at.date(),
        risk=sum(points.values()),
        points=[
            {
                "key": key,
                "counted": worth,
                "reason": f"It was {key}",
                "ticket_ids": [people.ids["ticket"]],
            }
            for key, worth in points.items()
        ],
        missing=[],
        coverage=1.0,
        clears=[],
        recorded_at=at,
    )


def test_each_change_of_health_is_told_with_what_moved_it(mika: Visitor, people: Cast) -> None:
    number = people.ids["ticket"]
    with transaction():
        session.add_all(
            (
                snapshot(people, 3, low=20, crowded=15),
                snapshot(people, 2, low=20, crowded=15),
                snapshot(people, 1, low=20, late=10),
                snapshot(people, 0, low=12, late=10),
            )
        )
    page = mika.get(f"/desk/customers/{people.ids['rosa']}?kind=health").text
    assert page.count("Health rose from") == 2
    assert "Health rose from 65 to 70" in page
    told = " ".join(re.sub("<[^>]+>", " ", page).split())
    assert f"+15 no longer: It was crowded #{number} −10 It was late #{number}" in told
    assert f"Health rose from 70 to 78 +8 It was low #{number}" in told
    with transaction():
        people.billing.restricted = True
    client = mika.sign_in(people.ben)
    hidden = client.get(f"/desk/customers/{people.ids['rosa']}?kind=health").text
    assert "It was crowded" in hidden
    assert f"#{number}" not in hidden


@pytest.mark.parametrize("kind", [None, *KINDS])
def test_where_nothing_is_the_page_says_what_would_stand_there(
    mika: Visitor, people: Cast, kind: str | None
) -> None:
    page = mika.get(f"/desk/customers/{people.ids['sam']}", query_string={"kind": kind or ""}).text
    assert NOTHING_YET[kind][0] in page
    assert NOTHING_YET[kind][1] in page


def test_everything_stands_on_one_page(mika: Visitor, people: Cast) -> None:
    with transaction():
        session.add(order(people, 1))
        add_note(people.rosa, "Call before ten.", by=people.ben)
        answer(people, 2, "Too slow.")
        people.rosa.addresses[0].bounced_at = now()
    text = mika.get(f"/desk/customers/{people.ids['rosa']}").text
    for words in (
        "Rosa Lindt",
        "Harbor Coffee",
        "rosa@harbor.example",
        "bounced",
        "Charged twice for October",
        "Our card was charged twice.",
        "49.00\N{NO-BREAK SPACE}EUR",
        "Call before ten.",
        "Answered 2 of 5",
        "Too slow.",
        "Not reviewed yet",
    ):
        assert words in text, words


def test_a_page_asks_few_questions_however_much_happened(mika: Visitor, people: Cast) -> None:
    asked = []
    for days in ([0], range(1, 40)):
        with transaction():
            for n in days:
                session.add(order(people, n, n))
                add_note(people.rosa, "Call before ten.", by=people.ben)
        with statements() as found:
            mika.get(f"/desk/customers/{people.ids['rosa']}")
        asked.append(len(found))
    assert asked[1] <= asked[0] <= 12


@pytest.mark.parametrize("kind", KINDS)
def test_it_is_filtered_by_kind(mika: Visitor, people: Cast, kind: str) -> None:
    with transaction():
        session.add(order(people, 1))
        session.add(CustomerVisit(customer_id=people.rosa.id, day=now()))
        add_note(people.rosa, "Call before ten.", by=people.ben)
        answer(people, 2, "Too slow.")
        edit(people.rosa, {"tier": "gold"}, by=people.ben)
        session.add(ChurnFlag(customer_id=people.rosa.id, risk=60, points=[], raised_at=now()))
        session.add_all((snapshot(people, 1), snapshot(people, 0, late=10)))
        session.flush()
        follow_ups.open_where_low(session.scalars(select(Response)).one())
    text = mika.get(f"/desk/customers/{people.ids['rosa']}?kind={kind}").text
    assert set(re.findall(r'class="moment moment-([\w-]+)"', text)) == {kind}


def test_what_is_done_about_answers_to_a_restricted_team_stays_there(
    client: Visitor, people: Cast
) -> None:
    with transaction():
        answer(people, 1, "Too slow.")
        session.flush()
        follow_ups.open_where_low(session.scalars(select(Response)).one())
        people.billing.restricted = True
    path = f"/desk/customers/{people.ids['rosa']}?kind=follow-ups"
    assert "an answer of 1" in client.sign_in(people.mika).get(path).text
    assert "an answer of 1" not in client.sign_in(people.ben).get(path).text


def test_a_year_is_drawn_month_by_month_as_far_as_one_may_see(people: Cast) -> None:
    with transaction():
        people.ticket.messages[0].polarity = -0.5
        people.ticket.messages[0].created_at = now() - timedelta(days=40)
        conversation.write(people.ticket, "Again.", people.rosa, by=people.rosas_account)
    seen = courses_of(people.mika, people.ids["rosa"])
    assert len(seen.bars) == 12
    assert seen.contacts == 2
    assert sum(bar.month.contacts for bar in seen.bars[:-1]) == 1
    assert next(bar.month.tone for bar in seen.bars if bar.month.contacts) == -0.5
    with transaction():
        people.billing.restricted = True
    assert courses_of(people.ben, people.ids["rosa"]).contacts == 0


def test_notes_on_tickets_are_not_messages(mika: Visitor, people: Cast) -> None:
    with transaction():
        conversation.add_note(people.ticket, "Between us.", by=people.mika)
    text = mika.get(f"/desk/customers/{people.ids['rosa']}").text
    assert "Between us." not in text


@pytest.mark.parametrize("query", ["kind=nonsense", "before=x", "before=1e400-1-1", "before=1-1"])
def test_nonsense_in_the_address_is_refused(mika: Visitor, people: Cast, query: str) -> None:
    address = f"/desk/customers/{people.ids['rosa']}?{query}"
    assert mika.get(address).status_code == 422


def test_no_such_customer(mika: Visitor) -> None:
    assert mika.get("/desk/customers/999").status_code == 404


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(days=st.lists(st.sampled_from([0, 1, 1, 2, 3]), min_size=0, max_size=70))
def test_paging_shows_each_moment_once(people: Cast, days: list[int]) -> None:
    with transaction():
        session.query(Order).delete()
        session.query(CustomerNote).delete()
        for n, day in enumerate(days):
            session.add(order(people, n, day))
            if n % 2:
                at = now() - timedelta(days=day)
                session.add(
                    CustomerNote(
                        customer_id=people.ids["rosa"],
                        author_id=people.ids["ben"],
                        body=str(n),
                        created_at=at,
                    )
                )
    moments: list[Moment] = []
    cursor = None
    with transaction(write=False):
        while True:
            page = history_of(people.mika, people.ids["rosa"], cursor=cursor)
            moments += page.moments
            if page.older is None:
                break
            cursor = page.older
    keys = [(m.kind, m.id) for m in moments]
    assert len(keys) == len(set(keys)) == len(days) + len(days) // 2 + 2
    assert [m.place for m in moments] == sorted((m.place for m in moments), reverse=True)
