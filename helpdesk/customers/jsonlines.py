"""Files with a JSON object on each line, and what a line is in any file."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from helpdesk.core.text import one_line

LONGEST_FIELD = 2_000


@dataclass(frozen=True)
class Line:
    """One line of data: its number in the file (the header is 1), its values by known column, or
    what is wrong with its shape."""

    number: int
    values: Mapping[str, str]
    fault: str | None = None


def lines(text: str, field_of: Callable[[str], str]) -> Iterator[Line]:
    """The lines of such a file; `field_of` says which field a key is, "" for none."""
    for number, line in enumerate(text.replace("\x00", "").split("\n"), 1):
        if line.strip():
            yield _line(number, line, field_of)


def keys(text: str) -> list[str]:
    """The keys of the first object."""
    first = _object(text.lstrip().partition("\n")[0])
    return [] if first is None else list(first)


def _line(number: int, line: str, field_of: Callable[[str], str]) -> Line:
    found = _object(line)
    if found is None:
        return Line(number, {}, "This line is no JSON object.")
    values = {field: _plain(value) for key, value in found.items() if (field := field_of(key))}
    if any(len(value) > LONGEST_FIELD for value in values.values()):
        return Line(number, {}, f"A value is longer than {LONGEST_FIELD:,} characters.")
    return Line(number, {name: one_line(text) for name, text in values.items() if text.strip()})


def _object(line: str) -> dict[str, object] | None:
    try:
        found = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _plain(value: object) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
