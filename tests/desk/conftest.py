"""What the tests of the desk share."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import event, insert

from helpdesk.accounts.models import Team
from helpdesk.core.clock import now
from helpdesk.core.db import db, session, transaction
from helpdesk.tickets import actions, conversation
from helpdesk.tickets.models import Status, Ticket
from tests.cast import Cast, cast
from tests.visitor import Visitor


@pytest.fixture
def people(app: Flask) -> Cast:
    return cast()


@pytest.fixture
def mika(client: Visitor, people: Cast) -> Visitor:
    """Mika at her desk."""
    return client.sign_in(people.mika)


@pytest.fixture
def nora(visit: Callable[[], Visitor], people: Cast) -> Visitor:
    """Nora, the manager, signed in."""
    return visit().sign_in(people.nora)


@pytest.fixture
def ben(visit: Callable[[], Visitor], people: Cast) -> Visitor:
    """Ben at his."""
    return visit().sign_in(people.ben)


@pytest.fixture
def secret(people: Cast) -> int:
    """The number of a ticket in a restricted team that only Mika and the administrator see."""
    with transaction():
        disputes = Team(name="Disputes", restricted=True, members=[people.mika])
        session.add(disputes)
        ticket = conversation.file(people.rosa, "Salary of Xaver", "It is about Xaver.")
        actions.move_to_team(ticket, disputes, by=None)
        return ticket.id


def many(people: Cast, count: int, status: Status = Status.OPEN) -> None:
    """So many open tickets of Rosa with nobody, a minute apart, some at the same moment."""
    start = now() - timedelta(days=30)
    rows = [
        {
            "subject": f"Question {n}",
            "status": status,
            "customer_id": people.ids["rosa"],
            "created_at": start + timedelta(minutes=n),
            "active_at": start + timedelta(minutes=n // 3),
            "priority": "normal",
            "channel": "portal",
            "version": 1,
            "reopenings": 0,
            "snippet": "",
        }
        for n in range(count)
    ]
    if rows:
        with transaction():
            session.execute(insert(Ticket), rows)


def marked_wrong(page: str) -> list[str]:
    """Names of the fields that a page says are wrong."""
    fields = re.findall(r"<(?:input|textarea|select) [^>]*>", page)
    wrong = [field for field in fields if 'aria-invalid="true"' in field]
    return [name for field in wrong for name in re.findall(r' name="([^"]+)"', field)]


@contextmanager
def statements() -> Iterator[list[str]]:
    """The statements that the database is asked meanwhile."""
    asked: list[str] = []

    def note(_connection: object, _cursor: object, text: str, *_rest: object) -> None:
        if not text.startswith(("BEGIN", "ROLLBACK", "SELECT 1", "PRAGMA")):
            asked.append(text)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
