"""What somebody had before their eyes when they began to edit a record.

A customer's row also changes by itself, with every score and every answer, so that a counter of
changes would stop people for nothing. The version is a short hash of each field that can be
edited: it tells which of them changed since.
"""

from collections.abc import Sequence
from decimal import Decimal

from helpdesk.core.security import hash_token

_SHORT = 12


def mark_of(value: object) -> str:
    """A short hash of one value; nothing and an empty text are the same, and so are sums however
    many noughts they are written with."""
    return hash_token(_text(value))[:_SHORT]


def _text(value: object) -> str:
    if isinstance(value, Decimal):
        return f"{value:.2f}"
    return "" if value is None else str(value)


def version_of(record: object, fields: Sequence[str]) -> str:
    """The marks of all fields, as one word for a form to carry."""
    return ".".join(mark_of(getattr(record, name)) for name in fields)


def marks_in(version: str, fields: Sequence[str]) -> dict[str, str]:
    """The mark of each field. One that a form did not carry is like no value that there is."""
    marks = version.split(".")
    return dict(zip(fields, marks + [""] * len(fields), strict=False))


def changed_since(record: object, version: str, fields: Sequence[str]) -> list[str]:
    """Fields that are not what they were."""
    marks = marks_in(version, fields)
    return [name for name in fields if mark_of(getattr(record, name)) != marks[name]]
