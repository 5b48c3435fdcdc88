"""Every row stands on exactly one page, whatever happens between two clicks."""

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from helpdesk.core.db import session, transaction
from helpdesk.core.errors import Invalid
from helpdesk.core.journal import JournalEntry
from helpdesk.core.paging import Page, keyset

START = datetime(2026, 3, 2, tzinfo=UTC)
BY = (JournalEntry.at, JournalEntry.id)


def fill(count: int, same: int = 3) -> None:
    """So many rows, `same` of them at each moment."""
    with transaction():
        session.add_all(
            JournalEntry(
                at=START + timedelta(minutes=n // same),
                event="E",
                subject_kind="x",
                subject_id=n,
                data={},
            )
            for n in range(count)
        )


def page(cursor: str | None = None, oldest_first: bool = False) -> Page[JournalEntry]:
    return keyset(select(JournalEntry), BY, cursor, size=4, oldest_first=oldest_first)


def walk(oldest_first: bool = False) -> list[list[int]]:
    pages, cursor = [], None
    while True:
        found = page(cursor, oldest_first)
        pages.append([entry.subject_id for entry in found.items])
        if found.older is None:
            return pages
        cursor = found.older


@pytest.mark.parametrize("count", [0, 1, 4, 5, 8, 11])
@pytest.mark.parametrize("oldest_first", [False, True])
def test_every_row_stands_on_exactly_one_page(app: Flask, count: int, oldest_first: bool) -> None:
    fill(count)
    shown = [number for numbers in walk(oldest_first) for number in numbers]
    assert shown == sorted(range(count), reverse=not oldest_first)


def test_back_is_where_one_came_from(app: Flask) -> None:
    fill(11)
    first = page()
    second = page(first.older)
    again = page(second.newer)
    assert [e.id for e in again.items] == [e.id for e in first.items]
    assert again.newer is None


def test_a_row_that_came_meanwhile_moves_nothing(app: Flask) -> None:
    fill(8)
    first = page()
    with transaction():
        at = START + timedelta(days=1)
        session.add(JournalEntry(at=at, event="E", subject_kind="x", subject_id=99, data={}))
    assert [e.subject_id for e in page(first.older).items] == [3, 2, 1, 0]


@pytest.mark.parametrize(
    "cursor", ["x", "%00", "bnVsbA", "e30", "WyJvIiwgIjIwMjYtMDEtMDEiLCAxXQ", "A" * 5000]
)
def test_a_cursor_that_is_none_of_ours_is_refused(app: Flask, cursor: str) -> None:
    with pytest.raises(Invalid, match="damaged"):
        page(cursor)
