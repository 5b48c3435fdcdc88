"""A survey's mail answered with a number is an answer, and nothing else is."""

from collections.abc import Callable

import pytest
from flask import Flask

from helpdesk.core.db import session
from helpdesk.intake.models import Outcome
from helpdesk.surveys.models import Response
from helpdesk.tickets.models import Ticket
from tests.cast import Cast
from tests.conftest import Clock
from tests.intake.conftest import Come
from tests.intake.letters import letter
from tests.surveys.stage import asked, mails

ROSA = "rosa@harbor.example"


def responses() -> list[tuple[int, str, str]]:
    session.rollback()
    return [(each.score, each.comment, each.door) for each in session.query(Response)]


@pytest.mark.parametrize("way", ["address", "id"])
def test_a_number_counts_by_reply_address_and_by_message_id(
    way: str, people: Cast, clock: Clock, come: Come
) -> None:
    asked(people, clock)
    (mail,) = mails()
    sign = (
        {"to": mail.headers["Reply-To"]} if way == "address" else {"In_Reply_To": mail.message_id}
    )
    before = session.query(Ticket).count()
    came = come(letter("4\nIt was quick.\n\n> How was our help?", **sign))
    assert (came.outcome, came.ticket_id) == (Outcome.REPLY, people.ticket.id)
    assert responses() == [(4, "It was quick.", "mail")]
    assert session.query(Ticket).count() == before


@pytest.mark.parametrize(
    "wrong",
    [
        {"text": "Please call me."},
        {"text": "5", "sender": "Carl <carl@harbor.example>"},
    ],
)
def test_other_mail_opens_a_ticket_and_answers_nothing(
    wrong: dict[str, str], people: Cast, clock: Clock, come: Come
) -> None:
    asked(people, clock)
    (mail,) = mails()
    came = come(letter(to=mail.headers["Reply-To"], **wrong))
    assert came.outcome is Outcome.TICKET
    assert responses() == []


def test_a_stranger_in_their_name_gives_no_vote(
    people: Cast, clock: Clock, make_app: Callable[..., Flask], come: Come
) -> None:
    asked(people, clock)
    (mail,) = mails()
    with make_app(authserv_ids=("mx.acorn-payroll.example",)).app_context():
        found = "mx.acorn-payroll.example; dmarc=fail header.from=harbor.example"
        came = come(letter("5", to=mail.headers["Reply-To"], Authentication_Results=found))
        assert came.outcome is Outcome.TICKET
        assert responses() == []


def test_a_machine_that_answers_gives_no_vote(people: Cast, clock: Clock, come: Come) -> None:
    asked(people, clock)
    (mail,) = mails()
    came = come(letter("5", to=mail.headers["Reply-To"], Auto_Submitted="auto-replied"))
    assert came.outcome is Outcome.AUTO
    assert responses() == []


def test_the_same_mail_twice_is_one_answer(people: Cast, clock: Clock, come: Come) -> None:
    asked(people, clock)
    (mail,) = mails()
    raw = letter("2", to=mail.headers["Reply-To"])
    come(raw)
    come(raw)
    assert responses() == [(2, "", "mail")]
    assert ROSA in [mail.to_address for mail in mails()]
