"""Reading a request and answering on it, signed in."""

from collections.abc import Callable

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from helpdesk.core.db import session, transaction
from helpdesk.tickets import actions, conversation
from helpdesk.tickets.models import Status, Ticket
from tests.cast import Cast
from tests.conftest import Clock
from tests.letters import events
from tests.portal.forms import upload
from tests.visitor import Visitor

sqlite_only = pytest.mark.databases("sqlite")  # where the database plays no part


@pytest.fixture
def rosa(client: Visitor, people: Cast) -> Visitor:
    return client.sign_in(people.rosas_account)


def resolved(people: Cast) -> None:
    with transaction():
        actions.resolve(people.ticket, by=people.mika)


def closed(people: Cast) -> None:
    resolved(people)
    with transaction():
        actions.close(people.ticket)


def url(people: Cast, what: str = "") -> str:
    return f"/requests/{people.ticket.id}{what}"


def say(
    client: Visitor, people: Cast, text: str, what: str = "/messages", **more: object
) -> TestResponse:
    return client.post(url(people, what), data={"message": text, "form_key": "k", **more})


def test_the_conversation_shows_what_is_public(clock: Clock, rosa: Visitor, people: Cast) -> None:
    with transaction():
        conversation.add_note(people.ticket, "Handle with care", by=people.mika)
        conversation.reply(
            people.ticket, "It goes back today.", by=people.mika, seen=people.ticket.version
        )
    clock.move(seconds=11)
    page = rosa.get(url(people)).text
    assert "Our card was charged twice." in page
    assert "It goes back today." in page
    assert "Mika Kallio" in page
    assert "Handle with care" not in page


def test_a_file_on_a_note_is_not_there_for_the_customer(rosa: Visitor, people: Cast) -> None:
    say(rosa, people, "See this", files=[upload("mine.png")])
    with transaction():
        attachment = people.ticket.messages[-1].attachments[0]
        note = conversation.add_note(people.ticket, "Inside", by=people.mika)
        session.flush()
        attachment.message_id = note.id
        path = url(people, f"/files/{attachment.id}")
    assert rosa.get(path).status_code == 404


def test_a_reply_arrives_with_its_files(rosa: Visitor, people: Cast) -> None:
    assert say(rosa, people, "Here it is.", files=[upload("a.png")]).location == url(people)
    message = people.ticket.messages[-1]
    assert (message.body, message.kind) == ("Here it is.", "customer")
    assert [a.name for a in message.attachments] == ["a.png"]
    assert events("CustomerWrote")[0].actor_id == people.rosas_account.id


def test_pressing_twice_writes_once(rosa: Visitor, people: Cast) -> None:
    for _ in range(2):
        assert say(rosa, people, "Any news?").status_code == 303
    assert [m.body for m in people.ticket.messages].count("Any news?") == 1
    assert len(events("CustomerWrote")) == 1


@pytest.mark.parametrize("text", ["", "  \n ", "\x00\x01", "x" * 100_001])
def test_a_reply_that_does_not_fit_is_refused_and_its_files_are_kept(
    rosa: Visitor, people: Cast, text: str
) -> None:
    answer = say(rosa, people, text, files=[upload("a.png")])
    assert answer.status_code == 422
    assert "a.png" in answer.text
    assert len(people.ticket.messages) == 1
    say(rosa, people, "Now with words")
    assert [a.name for a in people.ticket.messages[-1].attachments] == ["a.png"]


def test_a_reply_reopens_what_was_resolved(rosa: Visitor, people: Cast) -> None:
    resolved(people)
    say(rosa, people, "It happened again.")
    assert people.ticket.status is Status.OPEN


def test_a_reply_to_what_is_closed_opens_a_follow_up_and_leads_there(
    rosa: Visitor, people: Cast
) -> None:
    closed(people)
    answer = say(rosa, people, "It happened again.")
    follow_up = session.scalars(select(Ticket).where(Ticket.follows_id == people.ticket.id)).one()
    assert answer.location == f"/requests/{follow_up.id}"
    assert "It happened again." in rosa.get(answer.location).text
    assert f"goes on in request {follow_up.id}" in rosa.get(url(people)).text


def test_a_follow_up_is_opened_once(rosa: Visitor, people: Cast) -> None:
    closed(people)
    first, second = (say(rosa, people, "It happened again.").location for _ in range(2))
    assert first == second


def test_the_customer_marks_her_request_as_solved(rosa: Visitor, people: Cast) -> None:
    assert rosa.post(url(people, "/resolution")).location == url(people)
    assert people.ticket.status is Status.RESOLVED
    (entry,) = events("TicketResolved")
    assert (entry.data["by_customer"], entry.actor_id) == (True, people.rosas_account.id)


def test_solved_twice_is_harmless(rosa: Visitor, people: Cast) -> None:
    for _ in range(2):
        assert rosa.post(url(people, "/resolution")).status_code == 303
    assert len(events("TicketResolved")) == 1


def test_what_was_written_beside_it_is_sent_first(rosa: Visitor, people: Cast) -> None:
    say(rosa, people, "Thank you!", "/resolution")
    assert people.ticket.messages[-1].body == "Thank you!"
    assert people.ticket.status is Status.RESOLVED


def test_the_customer_reopens_what_is_not_solved(rosa: Visitor, people: Cast) -> None:
    resolved(people)
    for _ in range(2):
        assert rosa.post(url(people, "/reopening")).status_code == 303
    assert people.ticket.status is Status.OPEN
    assert [e.data["by_customer"] for e in events("TicketReopened")] == [True]


def test_what_is_closed_is_not_reopened(rosa: Visitor, people: Cast) -> None:
    closed(people)
    assert rosa.post(url(people, "/reopening")).status_code == 409
    assert people.ticket.status is Status.CLOSED


@pytest.mark.parametrize("what", ["", "/messages", "/resolution", "/reopening"])
@pytest.mark.parametrize("who", ["sams_account", "carls_account"])
def test_for_a_stranger_and_for_a_colleague_there_is_no_such_request(
    client: Visitor, people: Cast, what: str, who: str
) -> None:
    client.sign_in(getattr(people, who))
    answer = say(client, people, "Hello", what) if what else client.get(url(people))
    missing = client.get("/requests/999999")
    assert answer.status_code == missing.status_code == 404
    assert answer.data == missing.data
    assert len(people.ticket.messages) == 1
    assert people.ticket.status is Status.OPEN


def test_a_colleague_reads_and_writes_where_the_organization_shares(
    client: Visitor, people: Cast
) -> None:
    with transaction():
        people.harbor.shares_tickets = True
    client.sign_in(people.carls_account)
    assert "asked by" in client.get(url(people)).text
    assert say(client, people, "I have it too").status_code == 303
    assert people.ticket.messages[-1].customer_id == people.carl.id


@pytest.mark.parametrize("what", ["/resolution", "/reopening"])
def test_a_colleague_does_not_end_what_is_not_his(client: Visitor, people: Cast, what: str) -> None:
    with transaction():
        people.harbor.shares_tickets = True
    client.sign_in(people.carls_account)
    assert client.post(url(people, what)).status_code == 403


@sqlite_only
def test_nobody_writes_without_end(rosa: Visitor, people: Cast, clock: Clock) -> None:
    rosa.sign_in(people.rosas_account)
    answers = [say(rosa, people, f"Nr {n}") for n in range(42)]
    assert [a.status_code for a in answers] == [303] * 40 + [429] * 2
    assert "Nr 41" in answers[-1].text


@sqlite_only
@pytest.mark.parametrize("number", ["0", "-1", "99999999999999999999999", "1e3", "1%00", "../1"])
def test_an_odd_number_is_no_request(rosa: Visitor, number: str) -> None:
    assert rosa.get(f"/requests/{number}").status_code == 404


def test_my_requests_show_status_and_the_last_answer(
    clock: Clock, rosa: Visitor, people: Cast
) -> None:
    with transaction():
        conversation.reply(
            people.ticket, "Which card was it?", by=people.mika, seen=people.ticket.version
        )
        actions.set_status(people.ticket, Status.PENDING, by=people.mika)
    clock.move(seconds=11)
    page = rosa.get("/requests").text
    assert "waiting for you" in page
    assert "Which card was it?" in page


def test_my_requests_show_nobody_elses(
    client: Visitor, visit: Callable[[], Visitor], people: Cast
) -> None:
    for who in (people.carls_account, people.sams_account):
        page = visit().sign_in(who).get("/requests").text
        assert "Charged twice" not in page
        assert "Nothing here yet" in page


def test_my_requests_are_paged(rosa: Visitor, people: Cast) -> None:
    with transaction():
        for n in range(25):
            conversation.file(people.rosa, f"Question {n:02}", "?", by=people.rosas_account)
    first = rosa.get("/requests").text
    assert "Question 24" in first
    assert "Charged twice" not in first
    older = first.split('rel="next"')[0].rsplit('href="', 1)[1].split('"')[0]
    second = rosa.get(older).text
    assert "Charged twice" in second
    assert "Question 24" not in second


@sqlite_only
@pytest.mark.parametrize("cursor", ["x", "bm8=", "W10", "%00", "A" * 5000])
def test_a_damaged_page_link_is_refused_in_words(rosa: Visitor, cursor: str) -> None:
    assert rosa.get("/requests", query_string={"page": cursor}).status_code == 422


def test_a_refused_message_beside_reopening_reopens_nothing_and_says_nothing(
    client: Visitor, people: Cast
) -> None:
    with transaction():
        actions.resolve(people.ticket, by=people.mika)
    client.sign_in(people.rosas_account)
    answer = client.post(
        f"/requests/{people.ids['ticket']}/reopening", data={"message": "x" * 100_001}
    )
    assert answer.status_code == 422
    assert "We take it up again" not in answer.text
    assert people.ticket.status is Status.RESOLVED


def test_what_is_not_there_is_called_a_request(client: Visitor, people: Cast) -> None:
    page = client.sign_in(people.sams_account).get(f"/requests/{people.ticket.id}").text
    assert "There is no such request" in page
    assert "ticket" not in page.split("<main", 1)[1].lower()
