"""A long export does not fit in memory and does not have to."""

import tracemalloc
from collections.abc import Iterator

import pytest
from flask import Flask

from helpdesk.reports.spreadsheet import Cell
from helpdesk.reports.views import pages
from tests.cast import Cast
from tests.visitor import Visitor

pytestmark = pytest.mark.databases("sqlite")
ROWS, WIDTH = 20_000, 500


def _long(*_: object) -> Iterator[tuple[Cell, ...]]:
    return (("x" * WIDTH,) for _ in range(ROWS))


def test_a_long_spreadsheet_is_sent_from_disk(
    app: Flask, people: Cast, client: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "lines", _long)
    monkeypatch.setattr(pages, "headings_of", lambda *_: ("words",))
    client.sign_in(people.nora)
    client.get("/reports/tickets.csv?of=filed")  # what is made once is made
    tracemalloc.start()
    try:
        with client.get("/reports/tickets.csv?of=filed", buffered=False) as answer:
            sent = sum(len(piece) for piece in answer.iter_encoded())
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert sent == answer.content_length > ROWS * WIDTH
    assert most < sent / 2
