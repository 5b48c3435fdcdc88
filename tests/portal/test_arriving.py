"""A reply that its writer may still take back is not there for its customer, by no door."""

import pytest

from helpdesk.core.db import transaction
from helpdesk.privacy.collecting import collect
from helpdesk.tickets import conversation, uploads
from helpdesk.tickets.links import link_for
from helpdesk.tickets.queries import locked
from tests.cast import Cast
from tests.conftest import Clock
from tests.privacy.test_erasing import upload
from tests.visitor import Visitor

WORDS = "Which card was it?"


@pytest.fixture
def file_id(people: Cast) -> str:
    """Of a file on a reply that was just sent."""
    with transaction():
        kept = uploads.keep([upload("card.txt", b"front and back")], "a draft of Mika's")
        ticket = locked(people.ids["ticket"])
        conversation.reply(ticket, WORDS, by=people.mika, seen=ticket.version, attachments=kept)
        return kept[0].id


def link(people: Cast) -> str:
    with transaction():
        address = link_for(people.ticket, people.rosa, "rosa@harbor.example")
    return address.removeprefix("http://localhost")


@pytest.mark.parametrize("seconds", [9, 10])
def test_it_arrives_when_it_can_no_longer_be_taken_back(
    client: Visitor, people: Cast, clock: Clock, file_id: str, seconds: int
) -> None:
    rosa, there = client.sign_in(people.rosas_account), f"/requests/{people.ids['ticket']}"
    linked = link(people)
    clock.move(seconds=seconds)
    arrived = seconds == 10
    for page in ("/requests", there, linked):
        assert (WORDS in rosa.get(page).text) == arrived
    for page in (there, linked):
        assert rosa.get(f"{page}/files/{file_id}").status_code == (200 if arrived else 404)
    data, files = collect(people.rosa, people.rosas_account)
    assert (WORDS in str(data)) == arrived
    assert len(files) == arrived


def test_her_list_shows_what_was_said_before(
    client: Visitor, people: Cast, clock: Clock, file_id: str
) -> None:
    assert (
        "Our card was charged twice." in client.sign_in(people.rosas_account).get("/requests").text
    )


def test_a_colleague_reads_it_at_once(client: Visitor, people: Cast, file_id: str) -> None:
    page = client.sign_in(people.ben).get(f"/desk/tickets/{people.ids['ticket']}")
    assert WORDS in page.text
