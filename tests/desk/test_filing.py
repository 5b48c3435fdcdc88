"""A ticket that an agent files for somebody else."""

import re
from io import BytesIO

from helpdesk.core.db import session
from helpdesk.customers.models import Customer
from helpdesk.tickets.models import Attachment, Ticket
from tests.cast import Cast
from tests.visitor import Visitor

FORM = {
    "email": "New@Person.example",
    "name": "New Person",
    "subject": "Called about tax",
    "body": "They want to know.",
    "team": "",
    "priority": "high",
    "mine": "y",
    "form_key": "a key",
}


def file(visitor: Visitor, **changes: object):  # type: ignore[no-untyped-def]  # the answer of a client
    data = {**FORM, **changes}
    return visitor.post("/desk/tickets", data=data, content_type="multipart/form-data")


def last() -> Ticket:
    session.expire_all()
    ticket = session.query(Ticket).order_by(Ticket.id.desc()).first()
    assert ticket is not None
    return ticket


def test_it_is_filed_for_the_customer(mika: Visitor, people: Cast) -> None:
    answer = file(mika, team=str(people.ids["technical"]))
    assert answer.status_code == 303
    ticket = last()
    assert ticket.customer.email == "new@person.example"
    assert (ticket.priority, ticket.team_id) == ("high", people.ids["technical"])
    assert (ticket.assignee_id, ticket.status) == (people.ids["mika"], "open")


def test_a_known_address_keeps_its_record(mika: Visitor, people: Cast) -> None:
    file(mika, email="rosa@harbor.example", name="Somebody Else")
    assert last().customer_id == people.ids["rosa"]
    assert people.rosa.name == "Rosa Lindt"


def test_pressing_twice_files_once(mika: Visitor, people: Cast) -> None:
    assert file(mika).location == file(mika).location
    assert session.query(Ticket).count() == 2


def test_what_is_missing_is_said_and_nothing_lost(mika: Visitor, people: Cast) -> None:
    png = (BytesIO(b"\x89PNG\r\n\x1a\n00"), "a.png")
    answer = file(mika, subject="", files=png)
    assert answer.status_code == 422
    assert "They want to know." in answer.text
    kept = re.findall(r'name="keep" value="([^"]+)"', answer.text)
    again = file(mika, keep=kept)
    assert again.status_code == 303
    assert session.query(Attachment).one().message_id is not None


def test_an_address_that_cannot_be_is_refused(mika: Visitor, people: Cast) -> None:
    answer = file(mika, email="not an address")
    assert answer.status_code == 422
    assert "not an e-mail address" in answer.text
    assert session.query(Customer).count() == 3


def test_a_customer_is_filled_in(mika: Visitor, people: Cast) -> None:
    text = mika.get(f"/desk/tickets/new?customer={people.ids['rosa']}").text
    assert 'value="rosa@harbor.example"' in text


def test_another_text_from_the_form_before_is_another_ticket(mika: Visitor, people: Cast) -> None:
    file(mika)
    assert file(mika, subject="Called about leave").status_code == 303
    assert file(mika, email="other@person.example").status_code == 303
    assert session.query(Ticket).count() == 4
