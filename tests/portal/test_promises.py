"""What a customer reads about when they hear from us."""

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from helpdesk.core.db import session, transaction
from helpdesk.customers.models import Customer
from helpdesk.portal.promise import sentence, sentence_in_mail
from helpdesk.tickets import actions, conversation
from helpdesk.tickets.models import Status, Ticket
from tests.cast import Cast
from tests.conftest import Clock
from tests.tickets.promises import HOUR, office, policy
from tests.visitor import Visitor

MONDAY = datetime(2026, 11, 23, 9, tzinfo=UTC)


def reader(zone: str | None = "Europe/Berlin", language: str = "de") -> Customer:
    return Customer(name="Rosa", time_zone=zone, language=language)


@pytest.mark.parametrize(
    ("due", "words"),
    [
        (MONDAY + timedelta(hours=3), "You will hear from us today by 13:00."),
        (MONDAY + timedelta(hours=14, minutes=59), "You will hear from us tomorrow by 00:59."),
        (MONDAY + timedelta(days=2), "You will hear from us by Wednesday 10:00."),
        (MONDAY + timedelta(days=9), "You will hear from us by Wednesday, 2 December, 10:00."),
        (MONDAY + timedelta(days=60), "by Friday, 22 January 2027, 10:00."),
        (MONDAY - timedelta(hours=1), "You should have heard from us today by 09:00. We are late"),
        (MONDAY - timedelta(days=3), "You should have heard from us by Friday, 20 November, 10:00"),
        (MONDAY + timedelta(minutes=59, seconds=59), "today by 10:59."),
    ],
)
def test_the_promise_is_said_as_people_say_it(due: datetime, words: str) -> None:
    assert words in sentence(due, MONDAY, reader())


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("de-AT", "Sie hören von uns bis zum 25.11.2026, 10:00 Uhr."),
        ("fr", "au plus tard le 25/11/2026 à 10:00."),
        ("es", "el 25/11/2026, 10:00."),
        ("it", "entro il 25/11/2026, ore 10:00."),
        ("ar", "2026-11-25، 10:00."),
        ("en", "You will hear from us by Wednesday 10:00."),
        ("ja", "You will hear from us by Wednesday 10:00."),
    ],
)
def test_a_mail_promises_in_the_language_of_its_reader(language: str, words: str) -> None:
    due = MONDAY + timedelta(days=2)
    assert words in sentence_in_mail(due, MONDAY, reader(language=language))


def test_a_mail_that_is_late_says_so_and_names_our_zone(app: Flask) -> None:
    said = sentence_in_mail(MONDAY - timedelta(hours=1), MONDAY, reader(None))
    assert said.startswith("Sie hätten bis zum 23.11.2026, 08:00 Uhr (UTC) von uns hören sollen.")


def test_times_follow_the_language_of_the_reader() -> None:
    due = MONDAY + timedelta(hours=12)
    assert "today by 4:00\N{NO-BREAK SPACE}pm." in sentence(
        due, MONDAY, reader("America/New_York", "en-US")
    )
    assert "today by 21:00." in sentence(due, MONDAY, reader("Europe/London", "en"))
    assert "12:30\N{NO-BREAK SPACE}am" in sentence(
        datetime(2026, 11, 24, 5, 30, tzinfo=UTC), MONDAY, reader("America/New_York", "en-US")
    )


def test_whose_zone_we_do_not_know_reads_ours_by_name(app: Flask) -> None:
    assert "today by 12:00 (UTC)." in sentence(MONDAY + timedelta(hours=3), MONDAY, reader(None))
    gone = reader("Europe/Atlantis")
    assert "(UTC)" in sentence(MONDAY + timedelta(hours=3), MONDAY, gone)


@pytest.fixture
def number(people: Cast, clock: Clock) -> int:
    """Filed on Monday at 10:00 in Berlin, with 4 business hours to the first reply."""
    with transaction():
        people.rosa.time_zone = "Europe/Berlin"
        policy(
            first_response=4 * HOUR,
            next_response=4 * HOUR,
            resolution=HOUR,
            business_hours=office("Europe/Berlin"),
        )
        return conversation.file(people.rosa, "Help", "Please", by=people.rosas_account).id


def test_the_portal_promises_what_the_clock_says(
    people: Cast, client: Visitor, number: int, clock: Clock
) -> None:
    rosa = client.sign_in(people.rosas_account)
    said = "You will hear from us today by 15:00."
    assert said in rosa.get(f"/requests/{number}").text
    assert said in rosa.get("/requests").text
    with transaction():
        ticket = session.get_one(Ticket, number)
        conversation.reply(ticket, "We look", by=people.mika, seen=ticket.version)
        actions.set_status(ticket, Status.PENDING, by=people.mika)
    assert "hear from us" not in rosa.get(f"/requests/{number}").text
    assert said not in rosa.get("/requests").text


def test_a_promise_that_was_broken_is_admitted(
    people: Cast, client: Visitor, number: int, clock: Clock
) -> None:
    clock.move(days=1)
    page = client.sign_in(people.rosas_account).get(f"/requests/{number}").text
    assert "You should have heard from us yesterday by 15:00. We are late" in page
