"""A customer reads what is kept about her, and about nobody else."""

from decimal import Decimal

from helpdesk.core.clock import now
from helpdesk.core.db import session, transaction
from helpdesk.customers.actions import add_note
from helpdesk.customers.models import Order
from helpdesk.surveys.models import Invitation, Kind, Response, State
from helpdesk.surveys.questions import survey_in_use
from helpdesk.tickets import conversation
from tests.cast import Cast
from tests.visitor import Visitor


def answer(people: Cast, name: str, comment: str) -> None:
    survey = survey_in_use(Kind.CSAT)
    invitation = Invitation(
        survey_id=survey.id,
        kind=Kind.CSAT,
        customer_id=people.ids[name],
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
            score=2,
            comment=comment,
            created_at=now(),
            updated_at=now(),
            customer_id=people.ids[name],
            ticket_id=people.ids["ticket"],
        )
    )


def order(people: Cast, name: str, item: str) -> Order:
    return Order(
        customer_id=people.ids[name],
        reference=f"A-{item}",
        ordered_at=now(),
        amount=Decimal("49.00"),
        currency="EUR",
        item=item,
        recorded_at=now(),
    )


def test_it_shows_what_she_told_us_and_decided(client: Visitor, people: Cast) -> None:
    with transaction():
        people.rosa.phone = "+47 22 33"
        conversation.write(people.ticket, "And again.", people.rosa, by=people.rosas_account)
        answer(people, "rosa", "Too slow.")
        session.add(order(people, "rosa", "Payroll"))
    page = client.sign_in(people.rosas_account).get("/my/data").text
    for words in (
        "Rosa Lindt",
        "rosa@harbor.example",
        "confirmed",
        "+47 22 33",
        "Harbor Coffee",
        "1 request with 2 messages of yours",
        "Too slow.",
        "Payroll",
        "49.00\u00a0EUR",
        "after you were helped",
        'href="/requests"',
        'href="/my/surveys"',
        'href="/account"',
    ):
        assert words in page, words


def test_nothing_of_anybody_else_and_no_note(client: Visitor, people: Cast) -> None:
    with transaction():
        answer(people, "carl", "Carl's own words.")
        session.add(order(people, "sam", "Secret item"))
        add_note(people.rosa, "Likes long calls.", by=people.mika)
        conversation.add_note(people.ticket, "Between us.", by=people.mika)
    page = client.sign_in(people.rosas_account).get("/my/data").text
    for words in ("Carl", "Secret item", "Likes long calls", "Between us", "sam@"):
        assert words not in page, words
    assert "You have answered none so far." in page


def test_an_account_without_a_record_is_shown_what_there_is(client: Visitor, people: Cast) -> None:
    with transaction():
        people.sam.account_id = None
    page = client.sign_in(people.sams_account).get("/my/data")
    assert page.status_code == 200
    assert "sam@stone.example" in page.text


def test_the_account_page_leads_there(client: Visitor, people: Cast) -> None:
    assert 'href="/my/data"' in client.sign_in(people.rosas_account).get("/account").text
