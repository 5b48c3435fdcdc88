"""What begins with something, asked so that an index answers.

Compared byte by byte, everything that begins with a text lies between the text itself and the text
with the last of all characters behind it. SQLite compares so anyway, PostgreSQL where the column
says so.
"""

from collections.abc import Iterable

from sqlalchemy import BindParameter, ColumnElement, String, and_, func, or_
from sqlalchemy.orm import InstrumentedAttribute

LAST = "\U0010ffff"
BYTEWISE = String().with_variant(String(collation="C"), "postgresql")
"""Type of a column that is looked through for beginnings."""


def begins_with(column: InstrumentedAttribute[str], start: str) -> ColumnElement[bool]:
    """Whether a bytewise column, which holds lower case, begins with `start` in any case."""
    return begins_as(column, lowered(start))


def begins_as(
    column: InstrumentedAttribute[str], starts: Iterable[str | BindParameter[str]]
) -> ColumnElement[bool]:
    """Whether a bytewise column begins with one of these texts as they are."""
    return or_(*(and_(column >= first, column < first + LAST) for first in starts))


def is_one_of(column: InstrumentedAttribute[str], texts: Iterable[str]) -> ColumnElement[bool]:
    """Whether a column is one of these texts, in any case."""
    return func.lower(column).in_([case for text in texts for case in lowered(text)])


def lowered(text: str) -> list[str]:
    """The text in lower case, as databases may hold it: SQLite lowers the letters of ASCII alone,
    and keeps the Ö of “Ömer” as it was written."""
    if text.isascii():
        return [text.lower()]
    cases = (text.lower(), text, text.capitalize(), text.title(), text.upper())
    return list(dict.fromkeys(map(_ascii_lower, cases)))


def _ascii_lower(text: str) -> str:
    return "".join(letter.lower() if letter.isascii() else letter for letter in text)
