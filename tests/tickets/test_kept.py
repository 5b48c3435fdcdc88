"""How many promises were kept, out of the journal."""

from datetime import timedelta

import pytest

from helpdesk.core.clock import now
from helpdesk.core.db import session, transaction
from helpdesk.tickets import actions, conversation
from helpdesk.tickets.jobs import watch_clocks
from helpdesk.tickets.kept import Kept, kept_between
from helpdesk.tickets.models import Ticket
from helpdesk.tickets.sla import Target
from tests.cast import Cast
from tests.conftest import Clock
from tests.tickets.promises import HOUR, policy


def test_each_promise_counts_once(people: Cast, clock: Clock) -> None:
    start = now()
    with transaction():
        rule = policy(first_response=HOUR, total_resolution=3 * HOUR)
        rule_id = rule.id
        numbers = [conversation.file(people.rosa, "Help", "Please").id for _ in range(3)]
    for number in numbers:  # answered in time, in time, and late
        if number == numbers[-1]:
            clock.move(hours=2)
            watch_clocks()
        with transaction():
            ticket = session.get_one(Ticket, number)
            conversation.reply(ticket, "Done", by=people.mika, seen=ticket.version)
    with transaction():  # resolved in time, opened again, and then late
        actions.resolve(session.get_one(Ticket, numbers[0]), by=people.mika)
        actions.reopen(session.get_one(Ticket, numbers[0]), by=people.mika)
    clock.move(hours=2)
    with transaction():
        actions.resolve(session.get_one(Ticket, numbers[0]), by=people.mika)
    clock.move(minutes=1)
    found = kept_between(start, now())
    assert found == [
        Kept(rule_id, Target.FIRST_RESPONSE, 2, 1),
        Kept(rule_id, Target.TOTAL_RESOLUTION, 0, 1),
    ]
    assert found[0].share == pytest.approx(2 / 3)
    assert kept_between(start - timedelta(days=1), start) == []
