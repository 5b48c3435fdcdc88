"""The figures are the same when they are made anew from the journal, in any order, with doubles."""

from collections.abc import Sequence
from datetime import timedelta
from random import Random

import pytest
from flask import Flask
from sqlalchemy import delete

from helpdesk.core.clock import now
from helpdesk.core.db import session, transaction
from helpdesk.core.journal import JournalEntry
from helpdesk.reports.periods import Span
from helpdesk.reports.retelling import FIGURES, Told, differences, months_told, retell, stored
from helpdesk.tickets import actions, conversation
from tests.cast import Cast
from tests.conftest import Clock
from tests.reports.history import ZONE


def today() -> Span:
    day = now().astimezone(ZONE).date()
    return Span(day, day, ZONE)


@pytest.fixture
def story(people: Cast, clock: Clock) -> Cast:
    """One ticket is answered, resolved, reopened and resolved again over three months."""
    for step in range(2):
        clock.move(days=20)
        with transaction():
            conversation.reply(people.ticket, "Again?", by=people.mika, seen=people.ticket.version)
            actions.resolve(people.ticket, by=people.mika)
        clock.move(days=17)
        if step == 0:
            with transaction():
                actions.reopen(people.ticket, by=people.mika)
    return people


def told() -> list[Told]:
    with transaction(write=False):
        return list(stored())


def shuffled(entries: Sequence[Told], seed: int) -> list[Told]:
    """In another order, some of them twice or three times."""
    draw = Random(seed)
    doubled = [*entries, *draw.choices(entries, k=len(entries))]
    draw.shuffle(doubled)
    return doubled


def test_pages_show_what_the_journal_tells(story: Cast) -> None:
    with transaction(write=False):
        assert differences(today()) == []
        found = retell(stored(), months_told(today()))
    assert {name for name, _, _ in found} >= {"resolved", "reopened", "first_replied"}
    assert sum(number for (name, *_), number in found.items() if name == "resolved") == 2


def test_any_order_and_doubles_tell_the_same(story: Cast) -> None:
    entries = told()
    with transaction(write=False):
        months = months_told(today())
        for seed in range(10):
            assert differences(today(), shuffled(entries, seed)) == []
            assert retell(shuffled(entries, seed), months) == retell(entries, months)


def test_what_is_missing_from_the_journal_is_noticed(story: Cast) -> None:
    entries = [each for each in told() if each.event != "TicketReopened"]
    with transaction(write=False):
        assert {each.figure for each in differences(today(), entries)} == {"reopened"}


def test_an_empty_journal_is_no_fault(people: Cast) -> None:
    with transaction():
        session.execute(delete(JournalEntry))
    with transaction(write=False):
        assert months_told(today())[-1].first <= today().first
        assert retell([], months_told(today())) == {}


def test_changed_answers_count_once_with_their_last_score(app: Flask) -> None:
    moment = now()
    month = Span(moment.date().replace(day=1), moment.date() + timedelta(days=1), ZONE)

    def answer(days: int, before: int | None, after: int) -> Told:
        data = {"kind": "csat", "response_id": 7, "before": before, "after": after}
        return Told("SurveyAnswered", 7, month.start + timedelta(hours=days), data)

    given, changed = answer(1, None, 2), answer(9, 2, 5)
    assert retell([changed, given, given], [month]) == {("csat", 0, "5"): 1}


def test_the_command_ends_well_and_says_what_differs(app: Flask, story: Cast) -> None:
    command = app.test_cli_runner()
    good = command.invoke(args=["reports", "rebuild", "--check"])
    assert good.exit_code == 0
    assert all(name in good.output for name in FIGURES)
    with transaction():
        session.add(
            JournalEntry(
                at=now(),
                event="TicketResolved",
                subject_kind="ticket",
                subject_id=story.ticket.id,
                data={},
            )
        )
        story.ticket.first_replied_at = now() - timedelta(days=200)
    wrong = command.invoke(args=["reports", "rebuild", "--check"])
    assert wrong.exit_code == 1
    assert "first_replied: shown 0, in the journal 1" in wrong.output
