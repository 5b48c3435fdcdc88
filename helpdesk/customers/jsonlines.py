"""Files with a JSON object on each line, and what a line is in any file."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from helpdesk.core.text import one_line

LONGEST_FIELD = 2_000
SEVERAL = frozenset({"domain", "handles", "mobile", "phone"})
"""Fields of which somebody may have more than one."""


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
    values = [(field, _plain(value)) for key, value in found.items() if (field := field_of(key))]
    if any(len(value) > LONGEST_FIELD for _, value in values):
        return Line(number, {}, f"A value is longer than {LONGEST_FIELD:,} characters.")
    return line_of(number, values)


def line_of(number: int, cells: Iterable[tuple[str, str]]) -> Line:
    """A line of fields with their texts; where two columns are the same field, they must not
    contradict one another."""
    values: dict[str, str] = {}
    for name, cell in cells:
        text = one_line(cell)
        if not name or not text or values.setdefault(name, text) == text:
            continue
        if name not in SEVERAL:
            both = f"“{values[name][:40]}” and “{text[:40]}”"
            return Line(number, {}, f"Two columns are read as {name.replace('_', ' ')}: {both}.")
        values[name] += f"; {text}"
    return Line(number, values)


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
