"""Whoever began a bulk edit is told when it is over."""

import pytest
from sqlalchemy import select

from helpdesk.core.db import session, transaction
from helpdesk.core.journal import record
from helpdesk.notifications.models import Notification
from helpdesk.tickets.bulk.events import BulkEditFinished, BulkUndoFinished
from tests.cast import Cast
from tests.notifications.test_telling import told
from tests.work import Work


@pytest.mark.parametrize(
    ("done", "words"),
    [
        (BulkEditFinished(1, 10, 0, 0), "Your bulk edit is done: 10 tickets changed"),
        (
            BulkEditFinished(1, 1, 3, 2),
            "Your bulk edit is done: 1 ticket changed, 2 could not be changed",
        ),
        (
            BulkUndoFinished(1, 10, 2),
            "Your bulk edit is undone: 10 tickets as before, 2 left as they are",
        ),
    ],
)
def test_whoever_began_a_bulk_edit_is_told_when_it_is_done(
    people: Cast, work: Work, done: BulkEditFinished | BulkUndoFinished, words: str
) -> None:
    work()
    with transaction():
        record(done, by=people.ben)
    work()
    work.tick()
    assert told(people, "ben") == [("bulk", words)]
    assert session.scalars(select(Notification.address)).all()[-1] == "/desk/bulk/1"
