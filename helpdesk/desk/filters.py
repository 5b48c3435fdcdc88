"""What narrows the queue: a filter in the address, each clause of which is a chip that drops it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple
from urllib.parse import urlencode

from flask import url_for

from helpdesk.core.fields import FieldKind
from helpdesk.core.text import one_line
from helpdesk.desk.sorting import BY_ACTIVITY
from helpdesk.tickets.filters import FIELDS, Filter, FilterError, parse
from helpdesk.tickets.filters.clauses import Condition
from helpdesk.tickets.filters.fields import CUSTOM, Field, custom
from helpdesk.tickets.types import FieldName, field_names

ADDING = ("team", "assignee", "priority", "type", "tag")
"""Fields of the form that adds to the filter, each by its own name."""
EVERYTHING = "all"
"""The view that holds every ticket: what is left of a view without one of its own conditions."""


class Chip(NamedTuple):
    """A clause in words, and the address of the list without it."""

    words: str
    url: str


def written(arguments: Mapping[str, str]) -> str:
    """The filter in the address, and behind it what the form adds, as one text."""
    return " ".join(_pieces(arguments))


def read(arguments: Mapping[str, str]) -> Filter:
    """The same as a filter. Raises FilterError, whose place is one in `written`."""
    found, start = Filter(), 0
    for piece in _pieces(arguments):
        try:
            found = found.narrowed(parse(piece))
        except FilterError as error:
            raise FilterError(
                error.message, start + error.start, start + error.end, error.instead
            ) from error
        start += len(piece) + 1
    return found


def is_added_to(arguments: Mapping[str, str]) -> bool:
    """Whether the form adds something, so that another address stands for the list."""
    return any(arguments.get(name, "").strip() for name in ("more", *ADDING))


def _pieces(arguments: Mapping[str, str]) -> list[str]:
    """Each is a filter by itself: an OR in one means nothing to the others."""
    given = [(name, one_line(arguments.get(name, ""))[:120]) for name in ADDING]
    fields = [str(Condition(name, ":", (value,))) for name, value in given if value]
    return [text for text in (arguments.get("q", ""), arguments.get("more", ""), *fields) if text]


def better(text: str, error: FilterError) -> str:
    """The text with what was probably meant, or nothing where nobody knows that."""
    return text[: error.start] + error.instead + text[error.end :] if error.instead else ""


def address(view: str, narrowed: Filter, sort: str = "", at: str = "") -> str:
    """The address of a list."""
    parts = {"q": str(narrowed), "sort": sort, "at": at}
    given = {name: value for name, value in parts.items() if value}
    path = url_for("desk.queue", view=view)
    return f"{path}?{urlencode(given)}" if given else path


def chips(view: str, own: Filter, narrowed: Filter, sort: str) -> list[Chip]:
    """A chip for each condition: those of the view lead to all tickets that fulfil the others."""
    of_view = [
        Chip(words, address(EVERYTHING, rest.narrowed(narrowed), sort))
        for words, rest in own.chips()
    ]
    more = [Chip(words, address(view, rest, sort)) for words, rest in narrowed.chips()]
    return of_view + more


def given_sort(arguments: Mapping[str, str], usual: str = BY_ACTIVITY) -> str:
    """The order in the address where it is another one than usual, else nothing."""
    sort = arguments.get("sort", "")
    return "" if sort == usual else sort


def explained() -> Sequence[Field]:
    """All that a filter may ask for, with examples: what every ticket has, and behind that what
    administrators let be filled in."""
    made = [field for field in field_names() if not field.is_retired]
    return [*FIELDS, *(_explained(f"{CUSTOM}{field.key}", field) for field in made)]


def _explained(name: str, field: FieldName) -> Field:
    example = _EXAMPLES.get(field.kind, ':"some words"')
    return replace(custom(name), meaning=field.label, example=f"{name}{example}")


_EXAMPLES: Mapping[str, str] = {
    FieldKind.NUMBER: ">=100",
    FieldKind.DATE: ">7d",
    FieldKind.YES_NO: ":yes",
}
