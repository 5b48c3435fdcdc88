"""Filing a request, signed in or not."""

from collections.abc import Callable
from contextlib import nullcontext

import pytest
from flask import Flask
from sqlalchemy import func, select

from helpdesk.core.db import session, transaction
from helpdesk.core.errors import Conflict
from helpdesk.customers.models import Customer
from helpdesk.customers.queries import customer_behind
from helpdesk.tickets import conversation
from helpdesk.tickets.models import Ticket
from tests.cast import Cast
from tests.desk.conftest import statements
from tests.letters import events
from tests.portal.forms import LENA, REQUEST, file_request
from tests.servers.valkey import Valkey
from tests.tickets.promises import HOUR, policy
from tests.visitor import Visitor

sqlite_only = pytest.mark.databases("sqlite")  # where the database plays no part


def tickets() -> list[Ticket]:
    return list(session.scalars(select(Ticket).order_by(Ticket.id)))


def test_somebody_without_an_account_files_a_request(client: Visitor) -> None:
    assert file_request(client).location == "/requests/filed"
    (ticket,) = tickets()
    assert ticket.subject == REQUEST["subject"]
    assert ticket.messages[0].body == REQUEST["message"]
    assert (ticket.status, ticket.channel) == ("new", "portal")
    assert ticket.customer.email == LENA
    assert not ticket.customer.is_verified
    assert ticket.customer.account_id is None


def test_filing_asks_few_questions(client: Visitor, people: Cast) -> None:
    with transaction():
        policy(first_response=HOUR, resolution=8 * HOUR)
    client.sign_in(people.rosas_account)
    client.get("/requests/new")
    with statements() as asked:
        assert client.post("/requests", data=REQUEST).status_code == 303
    assert tickets()[-1].due_at is not None
    assert not [each for each in asked if each.startswith("UPDATE")]
    assert len(asked) <= 14, asked


def test_filing_leaves_a_journal_entry(client: Visitor) -> None:
    file_request(client)
    (entry,) = events("TicketFiled")
    assert entry.subject_id == tickets()[0].id
    assert REQUEST["subject"] not in str(entry.data)


def test_the_page_afterwards_says_what_happens_next(client: Visitor) -> None:
    page = file_request(client, follow_redirects=True)
    page = client.get("/requests/filed")
    assert f"Its number is {tickets()[0].id}" in page.text
    assert LENA in page.text


def test_the_page_afterwards_is_for_this_browser_alone(
    client: Visitor, visit: Callable[[], Visitor]
) -> None:
    file_request(client)
    assert visit().get("/requests/filed").location == "/"


def test_whoever_filed_without_an_account_sees_nothing_before_the_address_is_proven(
    client: Visitor,
) -> None:
    file_request(client)
    number = tickets()[0].id
    assert client.get(f"/requests/{number}").status_code == 303
    assert client.get("/requests").location.startswith("/sign-in")


def test_somebody_signed_in_files_in_her_own_name(client: Visitor, people: Cast) -> None:
    client.sign_in(people.rosas_account)
    answer = file_request(client, name="Somebody Else", email="other@x.example")
    ticket = tickets()[-1]
    assert answer.location == f"/requests/{ticket.id}"
    assert ticket.customer_id == people.rosa.id
    assert customer_behind("other@x.example") is None


def test_the_staff_files_elsewhere(client: Visitor, people: Cast) -> None:
    client.sign_in(people.mika)
    assert client.post("/requests", data=REQUEST).status_code == 403


def test_pressing_twice_files_once(client: Visitor) -> None:
    first, second = file_request(client), file_request(client)
    assert first.location == second.location == "/requests/filed"
    assert len(tickets()) == 1
    assert len(events("TicketFiled")) == 1


def test_a_key_files_once(people: Cast) -> None:
    for expected in (nullcontext(), pytest.raises(Conflict)):
        with expected, transaction():
            conversation.file(people.rosa, "Once", "And no more.", filing_key="a key")
    assert [each.subject for each in tickets()].count("Once") == 1
    found = conversation.filed_before("a key", people.rosa)
    assert found is not None
    assert found.subject == "Once"
    assert conversation.filed_before("a key", people.sam) is None


def test_going_back_to_correct_something_files_what_was_corrected(client: Visitor) -> None:
    file_request(client)
    file_request(client, message="It says 59, I meant.")
    assert [t.messages[0].body for t in tickets()][-1] == "It says 59, I meant."


def test_two_people_with_one_key_file_two_requests(
    client: Visitor, visit: Callable[[], Visitor]
) -> None:
    file_request(client)
    file_request(visit())
    assert len(tickets()) == 2


def test_an_address_is_one_customer_however_it_is_written(client: Visitor) -> None:
    file_request(client)
    file_request(client, email=" LENA@X.example", subject="Another")
    assert session.scalar(select(func.count(Customer.id))) == 1


def test_a_strangers_name_does_not_change_a_record(client: Visitor, people: Cast) -> None:
    file_request(client, name="Mallory", email="rosa@harbor.example")
    assert people.rosa.name == "Rosa Lindt"


@sqlite_only
@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("name", "", "Tell us your name"),
        ("name", " \t ", "Tell us your name"),
        ("name", "x" * 121, "at most 120 characters"),
        ("email", "", "Tell us your e-mail"),
        ("email", "lena", "not an e-mail address"),
        ("email", "lena@x.example\r\nBcc: sam@x.example", "not an e-mail address"),
        ("email", "x" * 250 + "@x.example", "at most 254 characters"),
        ("subject", "", "what it is about"),
        ("subject", "\x00\x01", "what it is about"),
        ("subject", "x" * 201, "200 characters"),
        ("message", "", "Write a word or two"),
        ("message", "\x00\ud7ff"[0], "Write a word or two"),
        ("message", "x" * 100_001, "100,000 are possible"),
        ("topic_again", "http://spam.example", "trap for robots"),
    ],
)
def test_a_form_that_does_not_fit_is_refused_and_nothing_is_lost(
    client: Visitor, field: str, value: str, words: str
) -> None:
    answer = file_request(client, **{field: value})
    assert answer.status_code == 422
    assert words in answer.text
    assert tickets() == []
    for name in {"name", "email", "subject", "message"} - {field}:
        assert REQUEST[name] in answer.text


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        '"><img src=x onerror=alert(1)>',
        "{{ 7 * 7 }}{% raw %}",
        "'; DROP TABLE ticket; --",
        "مرحبا بالعالم",
        "👩🏽‍💻 \u200bzero width",
        "a\x00b\x1b[31mc",
        "line\r\nline\rline\u2028line",
    ],
)
def test_hostile_and_foreign_text_is_kept_and_shown_as_text(
    client: Visitor, people: Cast, text: str
) -> None:
    client.sign_in(people.rosas_account)
    page = client.get(file_request(client, subject=text, message=text).location)
    assert page.status_code == 200
    assert "<script>alert" not in page.text
    assert "<img src=x" not in page.text
    assert "\x00" not in page.text


def test_a_subject_takes_no_line_breaks(client: Visitor) -> None:
    file_request(client, subject="Hello\r\nBcc: victim@x.example")
    assert tickets()[0].subject == "Hello Bcc: victim@x.example"


def test_bytes_that_are_no_text_do_no_harm(client: Visitor) -> None:
    client.get("/requests/new")
    body = b"name=L&email=lena@x.example&subject=%ff%fe&message=%c3%28%00&form_key=k"
    kind = "application/x-www-form-urlencoded"
    assert client.post("/requests", data=body, content_type=kind).status_code == 303
    assert "\x00" not in tickets()[0].messages[0].body


def test_hidden_fields_cannot_be_set_with_the_form(client: Visitor, people: Cast) -> None:
    more = {"customer_id": str(people.rosa.id), "status": "resolved", "team_id": "1", "id": "999"}
    file_request(client, **more, assignee_id="1", priority="urgent", created_at="2001-01-01")
    ticket = tickets()[-1]
    assert ticket.customer_id != people.rosa.id
    assert (ticket.status, ticket.priority, ticket.team_id) == ("new", "normal", None)
    assert ticket.id != 999


def test_filing_needs_the_token_of_the_form(client: Visitor) -> None:
    assert client.post("/requests", data=REQUEST, csrf=False).status_code == 400
    assert tickets() == []


def test_one_address_cannot_be_filed_for_without_end(visit: Callable[[], Visitor]) -> None:
    answers = [file_request(visit(), subject=f"Nr {n}") for n in range(7)]
    assert [a.status_code for a in answers] == [303] * 5 + [429] * 2
    assert "Nr 6" in answers[-1].text
    assert REQUEST["message"] in answers[-1].text


@sqlite_only
def test_one_place_cannot_file_without_end(visit: Callable[[], Visitor]) -> None:
    answers = [file_request(visit(), email=f"p{n}@x.example").status_code for n in range(32)]
    assert answers == [303] * 30 + [429] * 2


@sqlite_only
def test_filing_works_while_redis_is_away(
    make_app: Callable[..., Flask], redis_server: Valkey
) -> None:
    client = make_app().test_client()
    assert isinstance(client, Visitor)
    redis_server.kill()
    assert file_request(client).status_code == 303
    assert len(tickets()) == 1


def test_the_first_page_is_the_form(client: Visitor) -> None:
    page = client.get("/")
    assert page.status_code == 200
    assert 'name="message"' in page.text
    assert "/sign-in" in page.text


@pytest.mark.parametrize(
    ("who", "where"), [("rosas_account", "/requests"), ("mika", "/desk"), ("ada", "/desk")]
)
def test_the_first_page_leads_everybody_home(
    client: Visitor, people: Cast, who: str, where: str
) -> None:
    assert client.sign_in(getattr(people, who)).get("/").location == where


def test_robots_are_asked_to_stay_away_from_everything_but_the_first_page(client: Visitor) -> None:
    assert client.get("/robots.txt").text == "User-agent: *\nAllow: /$\nDisallow: /\n"


def test_browsers_find_an_icon(client: Visitor) -> None:
    assert client.get("/favicon.ico", follow_redirects=True).status_code == 200
