"""Fields that administrators make, and what may be filled in."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any, Protocol

from helpdesk.core.errors import Invalid
from helpdesk.core.text import one_line

LONGEST_VALUE, LONGEST_NAME = 500, 60
MOST_CHOICES = 100
KEY = re.compile(r"[a-z][a-z_]{0,39}")
LARGEST = Decimal(10) ** 12


class FieldKind(StrEnum):
    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    CHOICE = "choice"
    YES_NO = "yes_no"


class AnyField(Protocol):
    """Whatever is filled in, of whatever it is a field."""

    @property
    def label(self) -> Any: ...

    @property
    def kind(self) -> Any: ...

    @property
    def choices(self) -> Any: ...


@dataclass(frozen=True)
class Wish:
    """What a field should be. `choices` are lines."""

    key: str
    label: str
    kind: str
    choices: str = ""
    is_required: bool = False
    is_public: bool = False


def normal(field: AnyField, text: str) -> str:
    """A value as it is stored; "" for none. Raises Invalid with what is wrong about it."""
    plain = one_line(text)
    if not plain:
        return ""
    if len(plain) > LONGEST_VALUE:
        raise Invalid(f"“{field.label}” can have {LONGEST_VALUE} characters.")
    return _NORMAL[FieldKind(field.kind)](field, plain)


def _number(field: AnyField, text: str) -> str:
    try:
        value = Decimal(text.replace(",", ".")) if len(text) < 30 else Decimal("NaN")
    except InvalidOperation:
        value = Decimal("NaN")
    if not value.is_finite() or abs(value) > LARGEST or value.as_tuple().exponent < -6:  # type: ignore[operator]  # of a finite number it is one
        raise Invalid(f"“{field.label}” is a number, not “{text[:40]}”.")
    return f"{value.normalize():f}"


def _date(field: AnyField, text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError as error:
        raise Invalid(f"“{field.label}” is a day, such as 2026-03-01.") from error


def _choice(field: AnyField, text: str) -> str:
    for choice in field.choices:
        if str(choice).casefold() == text.casefold():
            return str(choice)
    raise Invalid(f"“{field.label}” is one of: {', '.join(map(str, field.choices))}.")


def _yes_no(field: AnyField, text: str) -> str:
    if text.casefold() not in ("yes", "no"):
        raise Invalid(f"“{field.label}” is yes or no.")
    return text.casefold()


_NORMAL: Mapping[FieldKind, Callable[[AnyField, str], str]] = {
    FieldKind.TEXT: lambda _field, text: text,
    FieldKind.NUMBER: _number,
    FieldKind.DATE: _date,
    FieldKind.CHOICE: _choice,
    FieldKind.YES_NO: _yes_no,
}


def number_of(field: AnyField, text: str) -> float | None:
    """A value in its normal form, for comparing."""
    return float(text) if text and field.kind == FieldKind.NUMBER else None


def checked_key(text: str) -> str:
    """The name of a field in filters. Raises Invalid."""
    key = text.strip().lower()
    if not KEY.fullmatch(key):
        raise Invalid("The name in filters has letters from a to z and _, at most 40 of them.")
    return key


def checked_kind(text: str) -> FieldKind:
    """What is filled in. Raises Invalid."""
    if text not in set(FieldKind):
        raise Invalid("Choose what is filled in: text, number, date, choice, or yes and no.")
    return FieldKind(text)


def checked_choices(wish: Wish) -> list[str]:
    """The choices, one a line. Raises Invalid for too few, too many, or too long ones."""
    if wish.kind != FieldKind.CHOICE:
        return []
    lines = [one_line(line) for line in wish.choices[:20_000].splitlines()]
    found = list(dict.fromkeys(line for line in lines if line))
    if not 2 <= len(found) <= MOST_CHOICES or max(map(len, found)) > LONGEST_NAME:
        raise Invalid(
            f"Write 2 to {MOST_CHOICES} choices, one a line, {LONGEST_NAME} letters each."
        )
    return found


def checked_name(text: str) -> str:
    """What a field or a type is called. Raises Invalid."""
    name = one_line(text)
    if not 1 <= len(name) <= LONGEST_NAME:
        raise Invalid(f"A name has 1 to {LONGEST_NAME} characters.")
    return name
