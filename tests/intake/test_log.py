"""Managers see what became of every mail, and let in what waits."""

import json

from flask import Flask

from helpdesk.core.db import session, transaction
from helpdesk.intake.models import InboundEmail, Outcome
from helpdesk.tickets import actions
from helpdesk.tickets.models import Message, Ticket
from tests.cast import Cast
from tests.intake.conftest import Come
from tests.intake.letters import bring, letter
from tests.visitor import Visitor
from tests.work import Work

NAMELESS = letter("Who am I?", sender="")


def test_the_log_is_one_object_a_line(app: Flask, come: Come, people: Cast) -> None:
    mail = come(letter())
    come(b"Received: again\r\n" + letter())
    said = app.test_cli_runner().invoke(args=["mail", "log", "--json"])
    first, second = map(json.loads, said.output.splitlines())
    assert (first["outcome"], first["ticket"], first["text"], first["message_id"]) == (
        "ticket",
        mail.ticket_id,
        "The card was charged twice.",
        "<1@harbor.example>",
    )
    assert (second["outcome"], second["ticket"]) == ("duplicate", mail.ticket_id)


def test_a_mail_that_waits_is_known_by_its_message_id(app: Flask) -> None:
    bring(letter())
    said = app.test_cli_runner().invoke(args=["mail", "log", "--json"])
    waiting = json.loads(said.output)
    assert (waiting["outcome"], waiting["message_id"]) == (None, "<1@harbor.example>")


def test_what_waits_is_let_in_by_one_press(
    client: Visitor, people: Cast, come: Come, work: Work
) -> None:
    held = come(NAMELESS)
    assert held.outcome is Outcome.QUARANTINE
    client.sign_in(people.nora)
    assert "does not say who sent it" in client.get("/desk/mails?outcome=quarantine").text
    client.post(f"/desk/mails/{held.id}/release", data={"outcome": "quarantine"})
    work()
    mail = session.get_one(InboundEmail, held.id)
    assert mail.outcome is Outcome.TICKET
    assert session.get_one(Ticket, mail.ticket_id).customer.name == "Unknown sender"
    assert client.post(f"/desk/mails/{held.id}/release").status_code == 409


def test_a_refused_mail_can_be_let_in(
    client: Visitor, people: Cast, come: Come, work: Work
) -> None:
    mine = come(letter(sender="support@acorn-payroll.example"))
    assert mine.outcome is Outcome.REJECTED
    client.sign_in(people.nora).post(f"/desk/mails/{mine.id}/release")
    work()
    assert session.get_one(InboundEmail, mine.id).outcome is Outcome.TICKET


def test_a_mail_is_found_by_what_is_known_of_it(client: Visitor, people: Cast, come: Come) -> None:
    mail = come(letter(subject="A needle"))
    client.sign_in(people.nora)
    for words in ("needle", "rosa@harbor.example", "<1@harbor.example>", mail.sha256[:12]):
        assert "A needle" in client.get("/desk/mails", query_string={"q": words}).text
    assert "A needle" not in client.get("/desk/mails?q=nothing").text


def test_a_mail_is_handed_out_as_it_came(client: Visitor, people: Cast, come: Come) -> None:
    mail = come(letter())
    answer = client.sign_in(people.nora).get(f"/desk/mails/{mail.id}/raw")
    assert answer.data == letter()
    assert answer.headers["Content-Disposition"].startswith("attachment")


def test_mails_of_a_restricted_team_are_not_in_the_log_of_others(
    client: Visitor, people: Cast, come: Come
) -> None:
    mail = come(letter(subject="Secret"))
    with transaction():
        people.billing.restricted = True
        actions.move_to_team(session.get_one(Ticket, mail.ticket_id), people.billing, by=None)
    client.sign_in(people.nora)
    assert "Secret" not in client.get("/desk/mails").text
    assert client.get(f"/desk/mails/{mail.id}").status_code == 404


def test_a_formatted_mail_asks_nobody_for_images_until_told(
    client: Visitor, people: Cast, come: Come
) -> None:
    raw = letter(
        '<p onclick="x()">Hello</p><img src="https://spy.example/a.png"><script>x()</script>',
        Content_Type="text/html",
    )
    mail = come(raw)
    [message] = session.query(Message).filter_by(id=mail.entry_id)
    assert message.body == "Hello"
    client.sign_in(people.mika)
    path = f"/desk/messages/{message.id}/formatted"
    held, shown = client.get(path), client.get(f"{path}?images=yes")
    assert "spy.example" not in held.text
    assert "img-src 'self';" in held.headers["Content-Security-Policy"]
    assert "spy.example" in shown.text
    for page in (held.text, shown.text):
        assert "onclick" not in page
        assert "x()" not in page
