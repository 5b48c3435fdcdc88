"""Promises on forty dates on which clocks do odd things: due to the minute, breached once, by
workers that come and go."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from helpdesk.core.db import session, transaction
from helpdesk.core.hours import Block, Hours
from helpdesk.core.journal import JournalEntry
from helpdesk.tickets import conversation
from helpdesk.tickets.hours import BusinessHours
from helpdesk.tickets.jobs import watch_clocks
from helpdesk.tickets.models import Ticket
from tests.cast import Cast
from tests.conftest import Clock
from tests.core.test_hours import shown_open
from tests.tickets.promises import HOUR, policy

MINUTE = timedelta(minutes=1)
ZONES = {
    "Europe/Berlin": ((2026, 3, 28), (2026, 10, 24), (2027, 3, 27), (2027, 10, 30)),
    "America/New_York": ((2026, 3, 7), (2026, 10, 31), (2028, 3, 11), (2028, 11, 4)),
    "Australia/Lord_Howe": ((2026, 4, 4), (2026, 10, 3), (2027, 4, 3), (2027, 10, 2)),
    "Asia/Kathmandu": ((2028, 2, 28), (2028, 2, 29), (2026, 2, 28), (2026, 12, 31)),
    "America/Havana": ((2026, 3, 7), (2026, 10, 31), (2026, 4, 30), (2026, 1, 31)),
}
NIGHTS = [(zone, day) for zone, days in ZONES.items() for day in days]
STARTS = [(zone, day, hour) for zone, day in NIGHTS for hour in (14, 23)]
WEEK = [[day, *block] for day in range(7) for block in ((0, 330), (1290, 1440))]


def due_by_hand(hours: Hours, start: datetime, minutes: int) -> datetime:
    """Minute by minute on the clock on the wall."""
    at = start
    while minutes:
        minutes -= shown_open(hours, at)
        at += MINUTE
    return at


@pytest.mark.parametrize("zone", ZONES)
def test_no_date_makes_a_promise_wrong(people: Cast, clock: Clock, zone: str) -> None:
    clock.set(datetime(2026, 1, 1, tzinfo=UTC))
    with transaction():
        shifts = BusinessHours(
            name="Nights", zone=zone, week=WEEK, created_at=people.ticket.created_at
        )
        session.add(shifts)
        policy(first_response=7 * HOUR, business_hours=shifts)
    hours = Hours(zone, tuple(Block(*block) for block in WEEK))
    numbers = []
    for _, day, hour in sorted(start for start in STARTS if start[0] == zone):
        start = datetime(*day, hour, tzinfo=UTC)
        clock.set(start)
        with transaction():
            numbers.append(conversation.file(people.rosa, "Help", "Please").id)
        due = due_by_hand(hours, start, 7 * 60)
        assert session.get_one(Ticket, numbers[-1]).due_at == due, (zone, start)
        clock.set(due)
        watch_clocks()
        clock.move(seconds=1)
        watch_clocks()
        clock.move(days=-1)  # a worker whose clock is wrong
        watch_clocks()
    found = session.scalars(
        select(JournalEntry.subject_id).where(JournalEntry.event == "SlaBreached")
    )
    assert Counter(found) == dict.fromkeys(numbers, 1)
