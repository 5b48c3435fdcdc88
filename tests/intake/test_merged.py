"""A mail about a merged ticket goes on where the ticket does."""

import pytest
from flask import Flask

from helpdesk.core.db import session, transaction
from helpdesk.intake.models import Outcome
from helpdesk.tickets import actions, conversation
from helpdesk.tickets.merging import merge
from helpdesk.tickets.models import Ticket
from helpdesk.tickets.unmerging import undo_merge
from tests.cast import Cast
from tests.intake.conftest import Come
from tests.intake.letters import letter
from tests.intake.test_threading import SAM, answered, signs


@pytest.mark.parametrize("way", ["address", "In-Reply-To", "root"])
def test_an_answer_about_the_merged_one_stands_on_the_survivor(
    way: str, people: Cast, app: Flask, come: Come
) -> None:
    given = signs(people, answered(people, app))[way]
    with transaction():
        into = conversation.file(people.rosa, "Once more", "Charged.").id
        merge(people.ticket, session.get_one(Ticket, into), by=people.mika)
    mail = come(letter("Both.", **given))
    assert (mail.outcome, mail.ticket_id) == (Outcome.REPLY, into)
    last = session.get_one(Ticket, into).messages[-1]
    assert (last.body, last.came_to_id) == ("Both.", people.ticket.id)
    with transaction():
        undo_merge(people.ticket, by=people.mika)
    assert people.ticket.messages[-1].body == "Both."


def test_a_stranger_gets_no_further_by_a_merge(people: Cast, app: Flask, come: Come) -> None:
    given = signs(people, answered(people, app))["In-Reply-To"]
    with transaction():
        into = conversation.file(people.rosa, "Once more", "Charged.").id
        merge(people.ticket, session.get_one(Ticket, into), by=people.mika)
    mail = come(letter("Tell me all.", sender=SAM, **given))
    assert mail.outcome is Outcome.TICKET
    assert mail.ticket_id not in (into, people.ticket.id)


def test_another_customers_answer_to_what_is_closed_by_now_is_a_follow_up_of_his_own(
    people: Cast, app: Flask, come: Come
) -> None:
    given = signs(people, answered(people, app))["In-Reply-To"]
    with transaction():
        into = conversation.file(people.sam, "Sam’s", "Charged.").id
        merge(people.ticket, session.get_one(Ticket, into), by=people.mika, confirmed=True)
        actions.resolve(session.get_one(Ticket, into), by=people.mika)
        actions.close(session.get_one(Ticket, into))
    mail = come(letter("Both.", **given))
    grown = session.get_one(Ticket, mail.ticket_id)
    assert (grown.customer_id, grown.follows_id) == (people.rosa.id, people.ticket.id)
