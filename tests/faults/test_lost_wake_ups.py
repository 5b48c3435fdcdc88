"""Redis may forget everything, and a process may die before it wakes anybody: the sweeps find
whatever was stored."""

from functools import partial

import pytest
from sqlalchemy import func, select

from helpdesk.core.db import session, transaction
from helpdesk.core.journal import JournalEntry, JournalMark, record
from helpdesk.mail.models import Delivery, OutboundEmail
from helpdesk.surveys.models import Invitation
from helpdesk.tickets import conversation
from helpdesk.tickets.models import Status, Ticket
from tests.cast import Cast, cast
from tests.faults.events import Harmless, Poisonous
from tests.faults.lab import Lab, trials
from tests.mail.writing import write

pytestmark = [pytest.mark.faults, pytest.mark.processes]


def untold() -> int:
    """How many entries still wait to be told."""
    statement = select(func.count()).where(JournalEntry.tell_at.is_not(None))
    with transaction(write=False):
        return session.scalar(statement) or 0


def told(trial_id: int) -> int:
    """How many mails the reaction to that trial wrote."""
    address = f"trial-{trial_id}@harbor.example"
    statement = select(func.count()).where(OutboundEmail.to_address == address)
    with transaction(write=False):
        return session.scalar(statement) or 0


def happen(event: Harmless | Poisonous) -> int:
    """Let it happen as a request would; the id of its entry."""
    with transaction():
        entry = record(event)
        session.flush()
        return entry.id


def test_a_request_killed_between_commit_and_wake_up_has_its_consequences() -> None:
    with Lab() as lab:
        for _ in range(trials(3, 300)):
            request = lab.start("request", CRASH_AT="after_commit_before_enqueue")
            lab.wait_until(partial(lab.is_gone, request), 10, "the request died")
        assert untold() == trials(3, 300), "each was kept and nobody was told"
        lab.start("worker")
        lab.start("clock")
        lab.wait_until(lambda: untold() == 0, 120, "every reaction was told")
        assert [told(1000 + n) for n in range(trials(3, 300))] == [1] * trials(3, 300)


def test_every_resolved_ticket_gets_a_survey_decision() -> None:
    with Lab() as lab:
        people = cast()
        tickets = [_filed(people) for _ in range(trials(2, 300))]
        for ticket in tickets:
            point = "after_commit_before_enqueue"
            killed = lab.start("resolution", CRASH_AT=point, TICKET=str(ticket))
            lab.wait_until(partial(lab.is_gone, killed), 30, "the request died")
        lab.start("worker")
        lab.start("clock")
        lab.wait_until(lambda: untold() == 0, 120, "every reaction was told")
        with transaction(write=False):
            resolved = select(Ticket.id).where(Ticket.status == Status.RESOLVED)
            decided = select(Invitation.ticket_id).where(Invitation.ticket_id.is_not(None))
            assert sorted(session.scalars(resolved)) == tickets
            assert sorted(n for n in session.scalars(decided) if n) == tickets


def _filed(people: Cast) -> int:
    with transaction():
        return conversation.file(people.rosa, "Charged twice", "Our card was charged twice.").id


def test_redis_away_at_the_moment_of_a_change() -> None:
    with Lab() as lab:
        lab.valkey.kill()
        for n in range(trials(5, 500)):
            happen(Harmless(n))
            write()
        lab.valkey.start()
        lab.start("worker")
        lab.start("clock")
        lab.wait_until(lambda: untold() == 0 and lab.settled(), 120, "everything was done")
        assert all(told(n) == 1 for n in range(trials(5, 500)))


def test_redis_killed_and_emptied_while_work_waits() -> None:
    with Lab() as lab:
        lab.start("worker")
        lab.start("clock")
        for n in range(trials(3, 30)):
            for m in range(trials(4, 50)):
                happen(Harmless(100 * n + m))
                write()
            lab.pause(0.3)
            lab.valkey.kill()
            lab.pause(0.3)
            lab.valkey.start()
        lab.start("worker")  # the first one may be asleep, waiting for Redis to come back
        lab.wait_until(lambda: untold() == 0 and lab.settled(), 120, "everything was done")
        assert {mail.state for mail in lab.mails()} == {Delivery.ACCEPTED}


def test_a_poisonous_reaction_is_parked_and_holds_up_no_other() -> None:
    with Lab() as lab:
        lab.start("worker")
        lab.start("clock")
        for n in range(trials(1, 50)):
            poisoned = happen(Poisonous(10_000 + n))
            for m in range(3):
                happen(Harmless(10 * n + m))
            lab.wait_until(
                partial(_all_told, range(10 * n, 10 * n + 3)), 120, "the others were told"
            )
            lab.wait_until(partial(_parked, poisoned), 120, "the poison was parked")
            assert told(10_000 + n) == 1, "the reaction behind the poison was told all the same"


def _all_told(trial_ids: range) -> bool:
    return all(told(n) for n in trial_ids)


def _parked(entry_id: int) -> bool:
    with transaction(write=False):
        entry = session.get_one(JournalEntry, entry_id)
        return entry.parked_at is not None and entry.error is not None


def test_nothing_is_told_twice_by_many_workers() -> None:
    with Lab() as lab:
        for _ in range(3):
            lab.start("worker")
        lab.start("clock")
        for n in range(trials(8, 300)):
            happen(Harmless(n))
        lab.wait_until(lambda: untold() == 0, 120, "every reaction was told")
        with transaction(write=False):
            marks = session.scalar(select(func.count()).select_from(JournalMark))
        assert marks == trials(8, 300)
        assert all(told(n) == 1 for n in range(trials(8, 300)))
