"""In by password, out again, and what a stranger learns by trying."""

from collections.abc import Callable

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from helpdesk.accounts.passwords import hash_password
from helpdesk.accounts.throttle import PER_ACCOUNT
from helpdesk.core.clock import now
from helpdesk.core.db import transaction
from tests.cast import Cast
from tests.conftest import Clock
from tests.letters import events
from tests.servers.valkey import Valkey
from tests.visitor import Visitor

sqlite_only = pytest.mark.databases("sqlite")  # where the database plays no part

PASSWORD = "a kettle of tea"
ROSA = "rosa@harbor.example"
LIMIT = int(PER_ACCOUNT.split()[0])


@pytest.fixture(autouse=True)
def _passwords(people: Cast) -> None:
    with transaction():
        people.rosas_account.password_hash = hash_password(PASSWORD)


def attempt(
    client: Visitor, email: str = ROSA, password: str = PASSWORD, **more: str
) -> TestResponse:
    return client.post("/sign-in", data={"email": email, "password": password, **more})


def is_in(client: Visitor) -> bool:
    return client.get("/account").status_code == 200


def test_the_right_password_opens(client: Visitor) -> None:
    assert attempt(client).status_code == 303
    assert is_in(client)


def test_signing_in_leaves_a_journal_entry(client: Visitor, people: Cast) -> None:
    attempt(client)
    (entry,) = events("SignedIn")
    assert (entry.actor_id, entry.data["how"]) == (people.rosas_account.id, "password")


def test_case_and_spaces_of_an_address_do_not_matter(client: Visitor) -> None:
    assert attempt(client, email="  Rosa@Harbor.EXAMPLE ").status_code == 303


@sqlite_only
@pytest.mark.parametrize("password", ["wrong", "", "x" * 5000, "\x00", "a kettle of tea "])
def test_a_wrong_password_does_not_open(client: Visitor, password: str) -> None:
    assert attempt(client, password=password).status_code == 422
    assert not is_in(client)


def test_the_stored_hash_is_no_password(client: Visitor, people: Cast) -> None:
    stored = people.rosas_account.password_hash or ""
    assert attempt(client, password=stored).status_code == 422


def test_an_unknown_address_gets_the_same_answer_as_a_known_one(
    visit: Callable[[], Visitor],
) -> None:
    known = attempt(visit(), ROSA, "wrong password")
    unknown = attempt(visit(), "ross@harbor.example", "wrong password")
    assert known.status_code == unknown.status_code == 422
    assert plain(known.text) == plain(unknown.text).replace("ross@", "rosa@")


def plain(text: str) -> str:
    """A page without what is different each time."""
    return "\n".join(line for line in text.splitlines() if "csrf_token" not in line)


def test_an_address_that_nobody_proved_does_not_open(client: Visitor, people: Cast) -> None:
    with transaction():
        people.rosas_account.verified_at = None
    assert attempt(client).status_code == 422


def test_a_disabled_account_does_not_open(client: Visitor, people: Cast) -> None:
    with transaction():
        people.rosas_account.disabled_at = now()
    assert attempt(client).status_code == 422


def test_an_open_session_ends_when_the_account_is_disabled(client: Visitor, people: Cast) -> None:
    attempt(client)
    with transaction():
        people.rosas_account.disabled_at = now()
    assert not is_in(client)


@sqlite_only
@pytest.mark.parametrize("email", [ROSA, "nobody@harbor.example"])
def test_guessing_is_stopped_alike_for_known_and_unknown(
    visit: Callable[[], Visitor], email: str, clock: Clock
) -> None:
    answers = [attempt(visit(), email, "wrong").status_code for _ in range(LIMIT + 2)]
    assert answers == [422] * LIMIT + [429] * 2


def test_a_stopped_account_opens_again_later(client: Visitor, redis_server: Valkey) -> None:
    for _ in range(LIMIT + 1):
        attempt(client, password="wrong")
    assert attempt(client).status_code == 429
    redis_server.redis.flushdb()  # a quarter of an hour later
    assert attempt(client).status_code == 303


def test_a_success_forgets_earlier_slips(client: Visitor, clock: Clock) -> None:
    for _ in range(LIMIT - 1):
        attempt(client, password="wrong")
    assert attempt(client).status_code == 303
    assert attempt(client, password="wrong").status_code == 422
    assert attempt(client).status_code == 303


@sqlite_only
def test_guessing_from_one_place_is_stopped_whatever_the_address(
    visit: Callable[[], Visitor], clock: Clock
) -> None:
    answers = [attempt(visit(), f"p{n}@x.example", "wrong").status_code for n in range(62)]
    assert answers[:60] == [422] * 60
    assert answers[60:] == [429] * 2


@sqlite_only
def test_a_forwarded_address_does_not_dodge_the_limit(client: Visitor, clock: Clock) -> None:
    for n in range(62):
        answer = client.post(
            "/sign-in",
            data={"email": f"p{n}@x.example", "password": "wrong"},
            headers={"X-Forwarded-For": f"203.0.113.{n}"},
        )
    assert answer.status_code == 429


@sqlite_only
def test_limits_hold_while_redis_is_away(
    make_app: Callable[..., Flask], redis_server: Valkey
) -> None:
    # An application of its own, because it remembers for a while that Redis is away.
    client = make_app().test_client()
    assert isinstance(client, Visitor)
    redis_server.kill()
    answers = [attempt(client, password="wrong").status_code for _ in range(LIMIT + 1)]
    assert answers[-1] == 429


def test_a_session_that_was_planted_before_is_worth_nothing(client: Visitor) -> None:
    with client.session_transaction() as session:
        session["planted"] = "by a stranger"
    assert attempt(client).status_code == 303
    with client.session_transaction() as session:
        assert "planted" not in session


@sqlite_only
@pytest.mark.parametrize(
    "evil",
    [
        "//evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "https://evil.example",
        "https:evil.example",
        "///evil.example",
        "/\t/evil.example",
        "/%09/../\n/evil",
        "javascript:alert(1)",
        "evil.example",
        " //evil.example",
        "/" + "x" * 3000,
        "",
    ],
)
def test_signing_in_leads_to_no_other_place(client: Visitor, evil: str) -> None:
    assert attempt(client, next=evil).location == "/"


def test_signing_in_leads_back_to_the_page_one_wanted(client: Visitor, people: Cast) -> None:
    wanted = f"/requests/{people.ticket.id}?a=b"
    asked = client.get(wanted)
    assert asked.location.startswith("/sign-in?next=")
    assert wanted in client.get(asked.location).text
    assert attempt(client, next=wanted).location == wanted


def test_signing_out_ends_the_session_of_this_browser(client: Visitor) -> None:
    attempt(client)
    assert client.post("/sign-out").status_code == 303
    assert not is_in(client)
    assert [e.event for e in events("SignedOut")] == ["SignedOut"]


def test_a_copied_session_is_worth_nothing_once_its_owner_signed_out(
    client: Visitor, visit: Callable[[], Visitor]
) -> None:
    attempt(client)
    cookie = client.get_cookie("helpdesk")
    assert cookie is not None
    thief = visit()
    thief.set_cookie("helpdesk", cookie.value, domain="localhost")
    assert is_in(thief)
    client.post("/sign-out")
    assert not is_in(thief)


def test_signing_out_twice_is_harmless(client: Visitor) -> None:
    assert client.post("/sign-out").status_code == 303
    assert client.post("/sign-out").status_code == 303


def test_signing_in_needs_the_token_of_the_form(client: Visitor) -> None:
    answer = client.post("/sign-in", data={"email": ROSA, "password": PASSWORD}, csrf=False)
    assert answer.status_code == 400


def test_pages_of_an_account_are_kept_by_no_cache(client: Visitor) -> None:
    attempt(client)
    assert client.get("/account").headers["Cache-Control"] == "no-store"


def test_another_host_is_refused(client: Visitor) -> None:
    answer = client.post("/sign-in/link", data={"email": ROSA}, headers={"Host": "evil.example"})
    assert answer.status_code == 400
