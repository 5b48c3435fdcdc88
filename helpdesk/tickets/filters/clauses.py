"""What a filter is made of once it is read. Equal filters mean the same, wherever they stood."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

from helpdesk.core.errors import Invalid

# What can stand without quotes: nothing that means something to the grammar.
_PLAIN_WORD = re.compile(r'[^\s"()“”„:<>=!,\\-][^\s"()“”„:<>=!\\]*')
_PLAIN_VALUE = re.compile(r'[^\s"()“”„,<>=!:\\][^\s"()“”„,\\]*')
KEYWORDS = frozenset({"OR", "AND", "NOT"})


class FilterError(Invalid):
    """A filter that cannot be understood: what is wrong, and where.

    `start` and `end` count characters of the text; `instead` is a better text for that place.
    """

    def __init__(self, message: str, start: int, end: int, instead: str = "") -> None:
        super().__init__(message, "text")
        self.start, self.end, self.instead = start, max(end, start), instead


@dataclass(frozen=True)
class Condition:
    """A field that must fulfil something: `priority>=high`, `-tag:refund,billing`.

    `op` is ":" for being one of the values, else one of < <= > >=.
    """

    name: str
    op: str
    values: tuple[str, ...]
    negated: bool = False
    start: int = field(default=0, compare=False)
    end: int = field(default=0, compare=False)

    def __str__(self) -> str:
        values = ",".join(map(_value, self.values))
        return f"{'-' * self.negated}{self.name}{self.op}{values}"


@dataclass(frozen=True)
class Words:
    """A word that must stand somewhere in a ticket; `exact` is several words in this order."""

    text: str
    exact: bool = False
    negated: bool = False
    start: int = field(default=0, compare=False)
    end: int = field(default=0, compare=False)

    def __str__(self) -> str:
        plain = not self.exact and _PLAIN_WORD.fullmatch(self.text) and self.text not in KEYWORDS
        return f"{'-' * self.negated}{self.text if plain else _quoted(self.text)}"


@dataclass(frozen=True)
class Either:
    """At least one of several lists of clauses; every clause of that list."""

    options: tuple[tuple["Clause", ...], ...]
    negated: bool = False
    start: int = field(default=0, compare=False)
    end: int = field(default=0, compare=False)

    def __str__(self) -> str:
        return f"{'-' * self.negated}({' OR '.join(joined(option) for option in self.options)})"


Clause: TypeAlias = Condition | Words | Either


def joined(clauses: tuple[Clause, ...]) -> str:
    """Clauses as a text that reads back as the same clauses."""
    return " ".join(map(str, clauses))


def _value(text: str) -> str:
    return text if _PLAIN_VALUE.fullmatch(text) else _quoted(text)


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def plain(clauses: tuple[Clause, ...]) -> Iterator[Condition]:
    """All conditions about fields, those among alternatives too."""
    for clause in clauses:
        if isinstance(clause, Either):
            for option in clause.options:
                yield from plain(option)
        elif isinstance(clause, Condition):
            yield clause
