"""The mail that confirms a request, and what it must not carry."""

from collections.abc import Callable
from functools import partial
from typing import cast

import pytest
from flask import Flask

from helpdesk.core.clock import now
from helpdesk.core.db import session, transaction
from helpdesk.portal.reactions import acknowledge
from helpdesk.tickets.events import TicketFiled
from tests.cast import Cast
from tests.conftest import Clock
from tests.letters import events, letters, link_in
from tests.portal.forms import LENA, REQUEST, file_request
from tests.servers.smtp import Sink, text_of
from tests.together import together
from tests.visitor import Visitor
from tests.work import Work


def test_a_request_is_confirmed_by_mail(client: Visitor, work: Work, outbox: Sink) -> None:
    file_request(client)
    work()
    (letter,) = outbox.to(LENA)
    assert letter["Auto-Submitted"] == "auto-generated"
    assert link_in(letter).startswith("/r/")


def test_to_an_address_nobody_proved_it_carries_nothing_of_the_sender(
    client: Visitor, work: Work, outbox: Sink
) -> None:
    words = {"name": "Buy-Zorbium", "subject": "Cheap-Zorbium", "message": "zorbium.example"}
    file_request(client, **words)
    work()
    (letter,) = outbox.to(LENA)
    whole = letter.as_string() + text_of(letter)
    assert "zorbium" not in whole.lower()


def test_whoever_is_new_is_written_to_in_the_language_of_the_browser(
    client: Visitor, people: Cast, work: Work, outbox: Sink
) -> None:
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "de-AT,de;q=0.9,en;q=0.5"
    file_request(client)
    file_request(client, email="sam@stone.example", form_key="another form", name="Sam")
    work()
    assert "bestätigen Sie, dass die Adresse Ihre ist" in text_of(outbox.to(LENA)[0])
    known = text_of(outbox.to("sam@stone.example")[0])
    assert "We have a request with this address." in known, "a stranger's browser changes nothing"


def test_to_a_proven_address_it_names_the_subject(
    client: Visitor, people: Cast, work: Work
) -> None:
    work()
    client.sign_in(people.sams_account)
    file_request(client)
    work()
    (letter,) = letters("sam@stone.example")
    assert REQUEST["subject"] in letter.subject
    assert letter.to_name == "Sam Stone"


def test_a_stranger_cannot_write_to_a_proven_address_through_us(
    client: Visitor, people: Cast, work: Work, outbox: Sink
) -> None:
    work()
    words = {"name": "Buy-Zorbium", "subject": "Cheap-Zorbium", "message": "zorbium.example"}
    file_request(client, email="sam@stone.example", **words)
    work()
    (letter,) = outbox.to("sam@stone.example")
    assert "zorbium" not in (letter.as_string() + text_of(letter)).lower()
    assert "confirm" not in text_of(letter)


def test_an_address_is_confirmed_at_most_once_an_hour(
    visit: Callable[[], Visitor], work: Work, clock: Clock
) -> None:
    for n in range(3):
        file_request(visit(), subject=f"Nr {n}")
    work()
    assert len(letters(LENA)) == 1


def test_two_workers_at_once_confirm_once(
    app: Flask, visit: Callable[[], Visitor], clock: Clock
) -> None:
    for n in range(2):
        file_request(visit(), subject=f"Nr {n}")
    filed = [entry.to_event() for entry in events("TicketFiled")][-2:]

    def tell(event: object) -> None:
        with transaction():
            acknowledge(cast(TicketFiled, event))

    together(app, *(partial(tell, event) for event in filed))
    assert len(letters(LENA)) == 1


def test_an_address_nobody_proved_is_written_to_three_times_a_day_at_most(
    visit: Callable[[], Visitor], work: Work, clock: Clock
) -> None:
    for n in range(6):
        file_request(visit(), email=LENA, subject=f"Nr {n}")
        work()
        clock.move(minutes=61)
    assert len(letters(LENA)) == 3


def test_being_told_twice_confirms_once(client: Visitor, work: Work) -> None:
    file_request(client)
    work()
    work.tick()
    assert len(letters(LENA)) == 1


def test_an_old_request_is_not_confirmed(client: Visitor, work: Work, clock: Clock) -> None:
    file_request(client)
    clock.move(hours=25)
    work()
    assert letters(LENA) == []


@pytest.mark.parametrize(
    "name", ["Ann <x@evil.example>, Bob", 'A"B', "L\r\nBcc: x@y.example", "a;b,c"]
)
def test_a_name_adds_no_recipients(client: Visitor, work: Work, name: str) -> None:
    file_request(client, name=name)
    work()
    assert {letter.to_address for letter in letters()} == {LENA}


def test_an_address_that_bounces_is_left_alone(client: Visitor, people: Cast, work: Work) -> None:
    work()
    before = len(letters())
    with transaction():
        people.sam.addresses[0].bounced_at = now()
    client.sign_in(people.sams_account)
    file_request(client)
    work()
    session.expire_all()
    assert len(letters()) == before


def test_the_link_of_a_mail_that_went_is_kept_nowhere(
    client: Visitor, work: Work, outbox: Sink
) -> None:
    file_request(client)
    work.tick()
    assert "/r/" in text_of(outbox.last)
    (letter,) = letters(LENA)
    assert letter.text + letter.html == ""
