"""Nobody locks another out by guessing, and guessing is written down without telling on anybody."""

import logging
from collections.abc import Callable

import pytest

from helpdesk.accounts import throttle
from helpdesk.accounts.devices import COOKIE
from helpdesk.accounts.passwords import hash_password
from helpdesk.accounts.throttle import PER_ACCOUNT
from helpdesk.core.db import transaction
from tests.cast import Cast
from tests.conftest import Clock
from tests.letters import events
from tests.visitor import Visitor
from tests.work import Work

pytestmark = pytest.mark.databases("sqlite")  # the database plays no part

PASSWORD = "a kettle of tea"
ROSA, SAM = "rosa@harbor.example", "sam@stone.example"
LIMIT = int(PER_ACCOUNT.split()[0])


@pytest.fixture(autouse=True)
def _passwords(people: Cast, clock: Clock) -> None:
    with transaction():
        hashed = hash_password(PASSWORD)
        people.rosas_account.password_hash = people.sams_account.password_hash = hashed


@pytest.fixture
def known(visit: Callable[[], Visitor]) -> Visitor:
    """A browser in which Rosa signed in, and out again."""
    browser = visit()
    assert attempt(browser) == 303
    browser.post("/sign-out")
    return browser


def attempt(client: Visitor, email: str = ROSA, password: str = PASSWORD) -> int:
    return client.post("/sign-in", data={"email": email, "password": password}).status_code


def test_a_stranger_who_guesses_locks_nobody_out_of_her_own_browser(
    visit: Callable[[], Visitor], known: Visitor
) -> None:
    stranger = visit()
    answers = [attempt(stranger, password="wrong") for _ in range(LIMIT + 1)]
    assert answers[-1] == 429
    assert attempt(known) == 303


def test_a_known_browser_may_not_guess_for_ever_either(known: Visitor) -> None:
    answers = [attempt(known, password="wrong") for _ in range(2 * LIMIT + 1)]
    assert answers[-1] == 429


def test_a_known_browser_is_known_for_that_account_alone(
    visit: Callable[[], Visitor], known: Visitor
) -> None:
    stranger = visit()
    for _ in range(LIMIT + 1):
        attempt(stranger, SAM, "wrong")
    assert attempt(known, SAM) == 429


def test_a_forged_cookie_is_no_known_browser(visit: Callable[[], Visitor]) -> None:
    stranger = visit()
    stranger.set_cookie(COOKIE, "rosa@harbor.example", domain="localhost")
    assert [attempt(stranger, password="wrong") for _ in range(LIMIT + 1)][-1] == 429


def test_one_browser_is_known_of_several_people(visit: Callable[[], Visitor]) -> None:
    shared, stranger = visit(), visit()
    for email in (ROSA, SAM):
        assert attempt(shared, email) == 303
        shared.post("/sign-out")
    for email in (ROSA, SAM):
        for _ in range(LIMIT + 1):
            attempt(stranger, email, "wrong")
        assert attempt(shared, email) == 303
        shared.post("/sign-out")


def test_too_many_tries_altogether_leave_an_honest_person_a_few(
    visit: Callable[[], Visitor], known: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(throttle, "EVERYBODY", "2 per 15 minute")
    guesses = [attempt(visit(), f"p{n}@x.example", "wrong") for n in range(4)]
    assert guesses == [422] * 4
    assert attempt(visit(), SAM) == 303, "from a browser that nobody knows"
    assert attempt(known) == 303
    answers = [attempt(visit(), "p9@x.example", "wrong") for _ in range(4)]
    assert answers == [422, 422, 422, 429], "and guessing at one account gets slow"


def test_a_refused_sign_in_is_journalled_where_there_is_an_account(
    client: Visitor, people: Cast, work: Work
) -> None:
    attempt(client, ROSA, "wrong")
    attempt(client, "nobody@harbor.example", "wrong")
    work()
    (entry,) = events("SignInRefused")
    assert entry.subject_id == people.rosas_account.id
    assert entry.data["network"] == "127.0.0.1"


def test_the_log_tells_of_each_without_what_was_typed(
    client: Visitor, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING, "helpdesk.accounts"):
        attempt(client, ROSA, "wrong")
        attempt(client, "nobody@harbor.example", "wrong")
    assert [record.message.split(":")[0] for record in caplog.records] == [
        "Sign-in refused (wrong)"
    ] * 2
    assert "rosa" not in caplog.text
    assert "nobody" not in caplog.text
