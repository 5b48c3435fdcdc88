"""A report is built once while nobody writes, and never older than what is stored."""

from dataclasses import replace

import pytest

from helpdesk.core.db import session, transaction
from helpdesk.reports.pages import PAGES
from helpdesk.reports.paper import Report
from helpdesk.reports.question import Question
from helpdesk.tickets.models import Ticket
from tests.reports.history import History
from tests.visitor import Visitor

PAGE = "/reports/volume?period=custom&from=2025-12-01&to=2026-02-20"


@pytest.fixture
def builds(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Who had the report built, each time it was."""
    seen: list[str] = []
    volume = PAGES["volume"]

    def build(question: Question) -> Report:
        seen.append(question.reader.account.name)
        return volume.build(question)

    counted = replace(volume, build=build)
    monkeypatch.setattr("helpdesk.reports.keeping.PAGES", {**PAGES, "volume": counted})
    return seen


def test_it_is_kept_for_each_reader(history: History, client: Visitor, builds: list[str]) -> None:
    for who in (history.people.nora, history.people.mika):
        client.sign_in(who)
        pages = {client.get(PAGE).text.partition("<main")[2] for _ in range(6)}
        assert len(pages) == 1
        # SQLite counts the writes of others for each connection, and a test has two of them.
        assert 1 <= builds.count(who.name) <= 2


def test_what_is_written_is_shown_at_once(history: History, client: Visitor) -> None:
    client.sign_in(history.people.nora)
    before = client.get(PAGE).text
    with transaction():
        ticket = session.query(Ticket).filter(Ticket.team_id == history.people.ids["billing"])
        for each in ticket:
            each.team_id = history.people.ids["technical"]
    assert client.get(PAGE).text != before
