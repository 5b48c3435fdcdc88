"""Incidents and releases stand on every chart over time."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from helpdesk.core.db import session, transaction
from helpdesk.core.journal import JournalEntry
from helpdesk.reports.models import Occasion
from tests.cast import Cast
from tests.reports.history import NOW, History
from tests.visitor import Visitor

DAY = (NOW - timedelta(days=9)).date()
RELEASE = {"day": str(DAY), "sort": "release", "text": "Version <3.2>"}


def test_a_mark_stands_on_charts_and_is_told_to_screen_readers(
    history: History, client: Visitor
) -> None:
    client.sign_in(history.people.nora)
    assert client.post("/reports/marks", data=RELEASE).status_code == 303
    for name in ("satisfaction", "volume", "speed", "sentiment", "sla", "churn"):
        page = client.get(f"/reports/{name}").text
        assert "chart-annotation-text" in page, name
        assert "Release: Version &lt;3.2&gt;" in page
        assert "Marked: W" in page
    assert "Version" not in client.get("/reports/volume?period=year&on=2020-01-01").text


def test_saying_it_twice_marks_it_once(people: Cast, client: Visitor) -> None:
    client.sign_in(people.nora)
    for _ in range(2):
        client.post("/reports/marks", data=RELEASE)
    with transaction(write=False):
        assert session.scalar(select(func.count()).select_from(Occasion)) == 1
        told = select(func.count()).where(JournalEntry.event == "OccasionNoted")
        assert session.scalar(told) == 1


def test_a_mark_can_be_taken_away_once(people: Cast, client: Visitor) -> None:
    client.sign_in(people.nora)
    client.post("/reports/marks", data=RELEASE)
    with transaction(write=False):
        number = session.scalars(select(Occasion.id)).one()
    for _ in range(2):
        assert client.post(f"/reports/marks/{number}/removal").status_code == 303
    with transaction(write=False):
        told = select(func.count()).where(JournalEntry.event == "OccasionDropped")
        assert session.scalar(told) == 1


def test_agents_read_marks_and_make_none(people: Cast, client: Visitor) -> None:
    client.sign_in(people.mika)
    assert client.get("/reports/marks").status_code == 200
    assert client.post("/reports/marks", data=RELEASE).status_code == 403


@pytest.mark.parametrize(
    "wrong",
    [
        {"day": "tomorrow"},
        {"day": "1500-01-01"},
        {"text": " "},
        {"text": "x" * 81},
        {"sort": "war"},
    ],
)
def test_nonsense_is_refused_in_words(people: Cast, client: Visitor, wrong: dict[str, str]) -> None:
    client.sign_in(people.nora)
    page = client.post("/reports/marks", data=RELEASE | wrong)
    assert page.status_code == 422
    with transaction(write=False):
        assert session.scalar(select(func.count()).select_from(Occasion)) == 0
