"""An export is opened as data: nothing a customer wrote becomes a formula."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from io import StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk.reports.spreadsheet import Cell, guarded, sheet

texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))


@pytest.mark.parametrize(
    "start",
    ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠", "  ="],
)
def test_text_that_could_start_a_formula_gets_an_apostrophe(start: str) -> None:
    attack = f'{start}HYPERLINK("http://evil.example","x")'
    assert _read([[attack]]) == [[f"'{attack}"]]


@pytest.mark.parametrize("text", ["Ada", "3 - 2 = 1", "O'Brien", "a@b.example", "", "'quoted'"])
def test_harmless_text_is_left_alone(text: str) -> None:
    assert guarded(text) == text


def test_headings_are_guarded_too() -> None:
    assert b'"\'=cmd"' in next(sheet(["=cmd"], []))


@pytest.mark.parametrize(
    ("cell", "written"),
    [
        (-5, "-5"),
        (-0.25, "-0.25"),
        (Decimal("-1E+3"), "-1000"),
        (Decimal("19.90"), "19.90"),
        (0, "0"),
    ],
)
def test_a_number_stays_a_number(cell: Cell, written: str) -> None:
    assert _raw([[cell]]).splitlines()[1] == written


def test_a_number_in_words_of_a_customer_is_text() -> None:
    assert _raw([["-5"]]).splitlines()[1] == '"\'-5"'


@pytest.mark.parametrize(
    ("cell", "written"),
    [
        (None, ""),
        (True, "yes"),
        (False, "no"),
        (float("nan"), ""),
        (float("-inf"), ""),
        (date(2026, 11, 23), "2026-11-23"),
        (datetime(2026, 11, 23, 8, 30, tzinfo=UTC), "2026-11-23T08:30:00+00:00"),
        (
            datetime(2026, 11, 23, 8, 30, tzinfo=timezone(timedelta(hours=2))),
            "2026-11-23T06:30:00+00:00",
        ),
        ("a\0b", "ab"),
        ("\0=1", "'=1"),
    ],
)
def test_each_kind_of_cell_has_its_form(cell: Cell, written: str) -> None:
    assert _read([[cell]]) == [[written]]


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="no time zone"):
        _raw([[datetime(2026, 11, 23)]])  # noqa: DTZ001


def test_a_row_that_does_not_fit_the_headings_is_refused() -> None:
    with pytest.raises(ValueError, match="2 cells under 1"):
        list(sheet(["one"], [["a", "b"]]))


def test_the_file_begins_with_a_mark_and_its_lines_end_as_the_standard_says() -> None:
    data = b"".join(sheet(["Name", "n"], [['Zoë, "the" boss\nsecond line', 3]]))
    assert data.startswith(b'\xef\xbb\xbf"Name","n"\r\n')
    assert data.endswith('"Zoë, ""the"" boss\nsecond line",3\r\n'.encode())


@given(st.lists(st.lists(texts, min_size=3, max_size=3), max_size=8))
def test_what_is_read_back_is_what_was_written(rows: list[list[str]]) -> None:
    assert _read(rows) == [[guarded(cell) for cell in row] for row in rows]


@given(texts)
def test_a_guard_adds_one_apostrophe_or_nothing(text: str) -> None:
    assert guarded(text) in (text, f"'{text}")
    assert not guarded(text).startswith(("=", "+", "-", "@", "\t", "\r", "\n"))
    assert guarded(guarded(text)) == guarded(text)


@given(st.integers() | st.floats(allow_nan=False, allow_infinity=False))
def test_numbers_are_read_back_exactly(number: float) -> None:
    assert float(_read([[number]])[0][0]) == float(number)


def _raw(rows: Sequence[Sequence[Cell]]) -> str:
    width = len(rows[0]) if rows else 1
    return b"".join(sheet(["x"] * width, rows)).decode("utf-8-sig")


def _read(rows: Sequence[Sequence[Cell]]) -> list[list[str]]:
    return list(csv.reader(StringIO(_raw(rows), newline="")))[1:]
