"""What begins with something, asked so that an index answers.

Compared byte by byte, everything that begins with a text lies between the text itself and the text
with the last of all characters behind it. SQLite compares so anyway, PostgreSQL where the column
says so.
"""

from sqlalchemy import BindParameter, ColumnElement, String, and_, func
from sqlalchemy.orm import InstrumentedAttribute

LAST = "\U0010ffff"
BYTEWISE = String().with_variant(String(collation="C"), "postgresql")
"""Type of a column that is looked through for beginnings."""


def begins_with(
    column: InstrumentedAttribute[str], start: str | BindParameter[str]
) -> ColumnElement[bool]:
    """Whether a bytewise column, which holds lower case, begins with `start` in any case."""
    first = func.lower(start)
    return and_(column >= first, column < first.concat(LAST))
