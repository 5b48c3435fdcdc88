"""What somebody had before their eyes when they began to edit a record.

A customer's row also changes by itself, with every score and every answer, so that a counter of
changes would stop people for nothing. The version is a short hash of each field that can be
edited: it tells which of them changed since.
"""

from helpdesk.core.security import hash_token
from helpdesk.customers.actions import EDITABLE
from helpdesk.customers.models import Customer

FIELDS = (*EDITABLE, "survey_preference", "lost_on")
_SHORT = 12


def mark_of(value: object) -> str:
    """A short hash of one value; nothing and an empty text are the same."""
    return hash_token(_text(value))[:_SHORT]


def _text(value: object) -> str:
    return "" if value is None else str(value)


def version_of(customer: Customer) -> str:
    """The marks of all fields, as one word for a form to carry."""
    return ".".join(mark_of(getattr(customer, name)) for name in FIELDS)


def marks_in(version: str) -> dict[str, str]:
    """The mark of each field. One that a form did not carry is like no value that there is."""
    marks = version.split(".")
    return dict(zip(FIELDS, marks + [""] * len(FIELDS), strict=False))


def changed_since(customer: Customer, version: str) -> dict[str, str]:
    """Fields that are not what they were, with what they are now, as text."""
    return {
        name: _text(getattr(customer, name))
        for name, mark in marks_in(version).items()
        if mark_of(getattr(customer, name)) != mark
    }
