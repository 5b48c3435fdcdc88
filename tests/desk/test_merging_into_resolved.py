"""What is resolved goes on when something open is merged into it; undone, it is as it was."""

import pytest

from helpdesk.core.db import session, transaction
from helpdesk.tickets import actions, conversation
from helpdesk.tickets.merging import merge
from helpdesk.tickets.models import Status, Ticket
from helpdesk.tickets.unmerging import undo_merge
from tests.cast import Cast
from tests.conftest import Clock
from tests.visitor import Visitor


@pytest.fixture
def twin(people: Cast) -> int:
    """An open ticket of Rosa's about the same."""
    with transaction():
        return conversation.file(people.rosa, "Still charged twice", "Hello?").id


def ticket(number: int) -> Ticket:
    return session.get_one(Ticket, number)


def test_what_is_resolved_is_open_again_when_something_open_comes_to_it(
    mika: Visitor, people: Cast, twin: int
) -> None:
    with transaction():
        actions.resolve(people.ticket, by=people.mika)
    number = people.ids["ticket"]
    page = mika.get(f"/desk/tickets/{twin}/merge?into={number}").text
    assert f"#{number} is resolved, and will be open again." in page
    with transaction():
        merge(ticket(twin), people.ticket, by=people.mika)
    assert (people.ticket.status, people.ticket.reopenings) == (Status.OPEN, 1)
    with transaction():
        undo_merge(ticket(twin), by=people.mika)
    assert (people.ticket.status, people.ticket.reopenings) == (Status.RESOLVED, 0)


@pytest.mark.parametrize("later", ["the customer asks", "a colleague lets it wait"])
def test_it_stays_open_where_something_else_keeps_it_open(
    people: Cast, twin: int, clock: Clock, later: str
) -> None:
    with transaction():
        actions.resolve(people.ticket, by=people.mika)
    with transaction():
        merge(ticket(twin), people.ticket, by=people.mika)
    clock.move(minutes=5)
    with transaction():
        if later == "the customer asks":
            conversation.write(people.ticket, "And mine?", people.rosa)
        else:
            actions.set_status(people.ticket, Status.PENDING, by=people.ben)
    with transaction():
        undo_merge(ticket(twin), by=people.mika)
    assert people.ticket.is_open
