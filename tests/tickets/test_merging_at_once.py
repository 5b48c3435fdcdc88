"""Several agents merge the same tickets at the same moment: each goes on in one place."""

from functools import partial

import pytest
from flask import Flask
from sqlalchemy import func, select

from helpdesk.core.db import session, transaction
from helpdesk.core.errors import HelpdeskError
from helpdesk.tickets import conversation
from helpdesk.tickets.merging import TicketMerge, merge
from helpdesk.tickets.models import Message, Ticket
from helpdesk.tickets.survivors import survivor_of
from tests.cast import Cast
from tests.together import together

THERE = (0, 1)
"""The first into the second."""
BACK = (1, 0)
ON = (1, 2)


@pytest.mark.parametrize("pairs", [(THERE, THERE), (THERE, BACK), (THERE, ON)])
def test_each_goes_on_in_one_place(
    app: Flask, people: Cast, pairs: tuple[tuple[int, int], tuple[int, int]]
) -> None:
    for _ in range(3):
        with transaction():
            numbers = [
                conversation.file(people.rosa, f"T{n}", f"Question {n}").id for n in range(3)
            ]
        refused: list[HelpdeskError] = []

        def join(
            one: int,
            other: int,
            numbers: list[int] = numbers,
            refused: list[HelpdeskError] = refused,
        ) -> None:
            try:
                with transaction():
                    source, into = (session.get_one(Ticket, numbers[n]) for n in (one, other))
                    merge(source, into, by=people.mika)
            except HelpdeskError as error:
                refused.append(error)

        together(app, *(partial(join, *pair) for pair in pairs))
        mine = TicketMerge.ticket_id.in_(numbers), TicketMerge.undone_at.is_(None)
        done = session.scalar(select(func.count()).select_from(TicketMerge).where(*mine))
        assert done == 2 - len(refused)
        assert done == (2 if pairs[1] == ON and not refused else 1)
        for message in session.scalars(select(Message).where(Message.ticket_id.in_(numbers))):
            home = session.get_one(Ticket, message.came_to_id or message.ticket_id)
            assert message.ticket_id == survivor_of(home).id
