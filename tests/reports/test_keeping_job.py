"""The clock has counts kept, once there are so many tickets that it is worth it."""

import pytest
from sqlalchemy import func, select

from helpdesk.core.clock import now
from helpdesk.core.db import session, transaction
from helpdesk.reports import jobs
from helpdesk.reports.models import KeptCount
from tests.cast import Cast
from tests.conftest import Clock


def kept() -> int:
    with transaction(write=False):
        return session.scalar(select(func.count()).select_from(KeptCount)) or 0


def test_counts_of_days_that_are_over_are_kept_where_it_is_worth_it(
    people: Cast, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    with transaction():
        people.ticket.created_at = now()
    clock.move(days=3)
    jobs.keep_counts()
    assert kept() == 0
    monkeypatch.setattr(jobs, "WORTH_KEEPING", 1)
    jobs.keep_counts()
    assert kept() > 0
