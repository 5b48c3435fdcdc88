"""Countdowns in words, and what a ticket shows of its promises."""

from datetime import UTC, datetime, timedelta

import pytest

from helpdesk.core.db import session, transaction
from helpdesk.desk.promises import countdown
from helpdesk.tickets import actions, conversation
from helpdesk.tickets.models import Status, Ticket
from tests.cast import Cast
from tests.conftest import Clock
from tests.tickets.promises import HOUR, policy
from tests.visitor import Visitor

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("minutes", "tone", "words"),
    [
        (38, "warn", "reply in 38 min"),
        (0, "warn", "reply in 0 min"),
        (60, "", "reply in 60 min"),
        (130, "", "reply in 2 h"),
        (3 * 1440, "", "reply in 3 d"),
        (-23, "bad", "reply 23 min late"),
        (-3 * 1440, "bad", "reply 3 d late"),
    ],
)
def test_a_countdown_says_what_is_due_and_how_soon(minutes: int, tone: str, words: str) -> None:
    found = countdown(NOW + timedelta(minutes=minutes), "next_response", NOW)
    assert (found.tone, found.words, found.is_paused) == (tone, words, False)


def test_a_pause_is_shown_as_one() -> None:
    assert countdown(None, "resolution", NOW) == ("", "paused", True)


def test_a_ticket_shows_what_is_owed(clock: Clock, mika: Visitor, people: Cast) -> None:
    with transaction():
        policy("Gold", first_response=HOUR, resolution=8 * HOUR)
        number = conversation.file(people.rosa, "Help", "Please").id
    page = mika.get(f"/desk/tickets/{number}").text
    assert "first reply in 60 min" in page
    assert "<dt>Solution</dt>" in page
    assert "The SLA policy “Gold” counts: it counts for every ticket" in page
    clock.move(hours=2)
    page = mika.get(f"/desk/tickets/{number}").text
    assert "first reply 60 min late" in page
    with transaction():
        ticket = session.get_one(Ticket, number)
        conversation.reply(ticket, "Done", by=people.mika, seen=ticket.version)
        actions.set_status(ticket, Status.PENDING, by=people.mika)
    page = mika.get(f"/desk/tickets/{number}").text
    assert "paused, 6 h left" in page
    assert "The first reply is late" in page
    assert "The first reply came 1 h late" in page


def due_in_the_queue(visitor: Visitor) -> str:
    page = visitor.get("/desk/queue/open").text
    return page.split('class="row-due">')[1].split('class="row-age')[0]


def test_the_queue_counts_down(clock: Clock, mika: Visitor, people: Cast) -> None:
    with transaction():
        policy("Gold", first_response=3 * HOUR, resolution=8 * HOUR)
        number = conversation.file(people.rosa, "Help", "Please").id
    found = due_in_the_queue(mika)
    assert "first reply due: " in found
    assert "data-left>3 h</time>" in found
    assert "pill" not in found
    clock.move(hours=2, minutes=22)
    assert 'class="pill pill-warn"' in due_in_the_queue(mika)
    assert "data-left>38 min</time>" in due_in_the_queue(mika)
    clock.move(hours=1)
    assert 'class="pill pill-bad"' in due_in_the_queue(mika)
    assert "data-left>22 min over</time>" in due_in_the_queue(mika)
    with transaction():
        ticket = session.get_one(Ticket, number)
        conversation.reply(ticket, "Done", by=people.mika, seen=ticket.version)
        actions.set_status(ticket, Status.PENDING, by=people.mika)
    assert ">paused<" in due_in_the_queue(mika)
    assert "pill" not in due_in_the_queue(mika)
