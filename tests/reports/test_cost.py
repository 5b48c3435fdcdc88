"""A report asks few questions, however much happened."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import event

from helpdesk.core.db import db
from helpdesk.reports.pages import PAGES
from tests.reports.history import History
from tests.visitor import Visitor

MOST_STATEMENTS = 19
"""With those for the session, the reader, the names of teams and agents, and what is kept."""


@contextmanager
def statements() -> Iterator[list[str]]:
    """Every SELECT that is sent meanwhile."""
    sent: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if statement.lstrip("(").startswith("SELECT"):
            sent.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(db.engine, "before_cursor_execute", note)


def test_no_page_asks_more_for_more_tickets(history: History, client: Visitor) -> None:
    client.sign_in(history.people.nora)
    for name in PAGES:
        address = "/reports" if name == "overview" else f"/reports/{name}"
        for period in ("", "?period=custom&from=2025-06-01&to=2026-03-01"):
            with statements() as sent:
                assert client.get(address + period).status_code == 200
            assert len(sent) <= MOST_STATEMENTS, (address, len(sent))


def test_the_list_behind_a_number_asks_as_little(history: History, client: Visitor) -> None:
    client.sign_in(history.people.nora)
    with statements() as sent:
        client.get("/reports/tickets?of=open")
    assert len(sent) <= 6
