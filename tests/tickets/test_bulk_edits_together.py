"""Many tickets of a bulk edit are changed together, and nobody can tell."""

from collections import Counter

import pytest
from sqlalchemy import select

from helpdesk.core import jobs
from helpdesk.core.clock import now
from helpdesk.core.db import session, transaction
from helpdesk.core.journal import JournalEntry, tell, tell_each
from helpdesk.tickets import actions
from helpdesk.tickets.bulk import running
from helpdesk.tickets.bulk.standing import surroundings
from tests.cast import Cast
from tests.conftest import Clock
from tests.desk.conftest import statements
from tests.tickets.promises import HOUR, policy
from tests.tickets.test_bulk_edits import done, outcomes, some_tickets, ticket, undone

DOES = {"status": "on_hold", "priority": "high", "add_tags": "a,b", "assignee": "me"}


@pytest.fixture(autouse=True)
def _promises(people: Cast) -> None:
    with transaction():
        policy("High", priorities=["high"], first_response=300, resolution=2 * HOUR)
        policy(position=2, first_response=HOUR, update=2 * HOUR, resolution=8 * HOUR)


def story(people: Cast, clock: Clock) -> list[object]:
    """Of four new tickets, of which one is done already and one late: what a bulk edit and its undo
    make of them, and what the journal says, with places instead of numbers."""
    numbers = some_tickets(people, 4)
    with transaction():
        actions.resolve(ticket(numbers[1]), by=people.mika)
    clock.move(minutes=20)
    bulk = done(people, numbers, **DOES)
    told: list[object] = [_outcomes(bulk), _clocks(numbers)]
    clock.move(minutes=1)
    undone(people, bulk)
    told += [_outcomes(bulk), _clocks(numbers)]
    of_tickets = JournalEntry.subject_kind == "ticket", JournalEntry.subject_id.in_(numbers)
    for entry in session.scalars(select(JournalEntry).where(*of_tickets).order_by(JournalEntry.id)):
        data = {k: v for k, v in entry.data.items() if k not in ("ticket_id", "bulk_id")}
        at = now() - entry.at
        told.append((numbers.index(entry.subject_id), entry.event, entry.actor_name, len(data), at))
    return told


def _outcomes(bulk: int) -> list[object]:
    return [outcome for _, outcome in sorted(outcomes(bulk).items())]


def _clocks(numbers: list[int]) -> list[object]:
    session.rollback()
    around = surroundings(numbers)
    return [
        sorted((row["target"], str(row["left"]), row["outcome"]) for row in around[n]["clocks"])
        for n in numbers
    ]


def test_together_is_the_same_as_one_by_one(
    people: Cast, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    together = story(people, clock)
    monkeypatch.setattr(running, "_together", lambda meant, *_: meant)
    assert story(people, clock) == together


def test_questions_do_not_grow_with_the_tickets(people: Cast) -> None:
    asked = []
    for number in (3, 9):
        numbers = some_tickets(people, number)
        with statements() as seen:
            undone(people, done(people, numbers, **DOES))
        asked.append([one for one in seen if one.startswith("SELECT")])
    assert len(asked[1]) <= len(asked[0]), Counter(asked[1]) - Counter(asked[0])


def test_many_calls_of_one_transaction_become_few(
    people: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "MANY_CALLS", 2)
    jobs.connection().flushdb()
    some_tickets(people, 5)
    waiting = [job.func_name for job in jobs.queue("default").jobs]
    assert tell_each.path in waiting
    assert tell.path not in waiting
