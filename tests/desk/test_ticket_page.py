"""The page of a ticket: what it shows, and to whom."""

import pytest

from helpdesk.churn.models import HealthSnapshot
from helpdesk.core.clock import now
from helpdesk.core.db import session, transaction
from helpdesk.tickets import actions, conversation
from helpdesk.tickets.models import Message
from tests.cast import Cast
from tests.desk.conftest import statements
from tests.visitor import Visitor


def page(visitor: Visitor, people: Cast) -> str:
    answer = visitor.get(f"/desk/tickets/{people.ids['ticket']}")
    assert answer.status_code == 200
    return answer.text


def test_the_conversation_and_what_happened_between(mika: Visitor, people: Cast) -> None:
    with transaction():
        conversation.reply(people.ticket, "We look.", by=people.mika, seen=people.ticket.version)
        conversation.add_note(people.ticket, "Hm.", by=people.ben)
        actions.set_tags(people.ticket, ["refund"], by=people.ben)
    text = page(mika, people)
    order = ("Our card was charged", "Given to Mika", "We look.", "Hm.", "added the tag refund")
    places = [text.index(words) for words in order]
    assert places == sorted(places)
    assert "on its way" in text
    assert "only the team sees this" in text


def test_the_phrases_that_moved_the_tone_are_marked(mika: Visitor, people: Cast) -> None:
    with transaction():
        message = session.query(Message).one()
        message.sentiment_label, message.polarity = "negative", -0.7
        message.phrases = [["charged twice", -0.7]]
    text = page(mika, people)
    assert '<mark class="tone-bad">charged twice</mark>' in text
    assert "unhappy −0.70" in text


def test_a_quoted_end_is_folded(mika: Visitor, people: Cast) -> None:
    with transaction():
        conversation.write(people.ticket, "New.\n\nBen wrote:\n> a\n> b\n> c", people.rosa)
    text = page(mika, people)
    assert "quoted (4 lines)" in text


def test_health_stands_beside_it_with_reasons(mika: Visitor, people: Cast) -> None:
    with transaction():
        point = {"counted": 25, "reason": "asked to cancel", "ticket_ids": [people.ids["ticket"]]}
        session.add(
            HealthSnapshot(
                customer_id=people.ids["rosa"],
                day=now().date(),
                risk=25,
                points=[point],
                missing=["no orders known"],
                clears=[],
                coverage=0.8,
                recorded_at=now(),
            )
        )
    text = page(mika, people)
    assert "asked to cancel" in text
    assert "−25" in text
    assert "no orders known" in text


def test_other_tickets_of_the_customer_stand_beside_it(mika: Visitor, people: Cast) -> None:
    with transaction():
        conversation.file(people.rosa, "Menu import", "Please")
    assert "Menu import" in page(mika, people)


def test_a_long_conversation_shows_its_end_first(mika: Visitor, people: Cast) -> None:
    with transaction():
        for n in range(110):
            conversation.add_note(people.ticket, f"note number {n}!", by=people.ben)
    text = page(mika, people)
    assert "Show 11 earlier messages" in text
    assert "note number 109!" in text
    assert "note number 5!" not in text
    whole = mika.get(f"/desk/tickets/{people.ids['ticket']}?all=1").text
    assert "note number 5!" in whole


def test_hostile_text_stays_text(mika: Visitor, people: Cast) -> None:
    bad = '<script>alert(1)</script><img src=x onerror="alert(2)">'
    with transaction():
        conversation.write(people.ticket, bad, people.rosa)
        people.ticket.subject = bad
        people.rosa.name = bad
        last = session.query(Message).order_by(Message.id.desc()).first()
        assert last is not None
        last.phrases = [["<script>", -0.5], ["onerror", 0.5]]
        conversation.add_note(people.ticket, bad, by=people.mika)
        actions.set_tags(people.ticket, ["<b>x"], by=people.mika)
    for address in (
        f"/desk/tickets/{people.ids['ticket']}",
        "/desk/queue/mine",
        f"/desk/customers/{people.ids['rosa']}",
        "/desk/customers",
        "/desk/search?q=<script>alert(1)</script>",
    ):
        text = mika.get(address).text
        assert "<script>alert" not in text, address
        assert "<img src=x" not in text, address
        assert "<b>x" not in text, address


def test_a_page_asks_few_questions_however_long_it_is(mika: Visitor, people: Cast) -> None:
    with statements() as few:
        page(mika, people)
    with transaction():
        for n in range(20):
            conversation.add_note(people.ticket, f"{n}", by=people.ben)
            conversation.write(people.ticket, f"{n}", people.rosa)
        for n in range(8):
            conversation.file(people.rosa, f"Other {n}", "Please")
    with statements() as more:
        page(mika, people)
    # One of them, on PostgreSQL, asks whether anything was written since the last page.
    assert len(more) == len(few) <= 9
    with transaction():
        actions.resolve(people.ticket, by=people.mika)
    with statements() as done:
        page(mika, people)
    assert len(done) <= 10


@pytest.mark.parametrize("number", [0, 999, 2**62, 2**70])
def test_no_such_ticket(mika: Visitor, number: int) -> None:
    assert mika.get(f"/desk/tickets/{number}").status_code == 404


def test_customers_have_no_desk(client: Visitor, people: Cast) -> None:
    client.sign_in(people.rosas_account)
    number = people.ids["ticket"]
    for address in ("/desk", "/desk/queue/open", f"/desk/tickets/{number}", "/desk/customers"):
        assert client.get(address).status_code == 403


def test_strangers_are_asked_to_sign_in(client: Visitor, people: Cast) -> None:
    answer = client.get(f"/desk/tickets/{people.ids['ticket']}")
    assert answer.status_code == 303
    assert "/sign-in" in answer.location
