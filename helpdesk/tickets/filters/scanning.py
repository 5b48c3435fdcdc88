"""From a text to its pieces: brackets, words, and fields with their values."""

import re
from dataclasses import dataclass
from enum import Enum

from helpdesk.tickets.filters.clauses import KEYWORDS, FilterError

QUOTES = '"“”„'
_NAME = re.compile(r"((?:[Ff]ield\.)?[A-Za-z][A-Za-z_]*)(:(?:<=|>=|<|>)|<=|>=|!=|:|<|>|=)")
_BARE_WORD = re.compile(r'[^\s"“”„]+')
_BARE_VALUE = re.compile(r'[^\s"“”„,()]+')


class Kind(Enum):
    """What a piece is."""

    OPEN = "("
    CLOSE = ")"
    KEYWORD = "keyword"
    NOT = "-"
    FIELD = "field"
    WORD = "word"
    EXACT = "exact"


@dataclass(frozen=True)
class Piece:
    """A piece and where it stands. A field has a name, an operator and values."""

    kind: Kind
    text: str
    start: int
    end: int
    op: str = ""
    values: tuple[str, ...] = ()


class Scanner:
    """Walks through a text once. `is_field` says whether a name before an operator is meant as a
    field; what is none is a word with a colon in it."""

    def __init__(self, text: str) -> None:
        self.text, self.at, self.depth = text, 0, 0

    def pieces(self) -> list[Piece]:
        """Everything in the text. Raises FilterError where a quote does not end."""
        found: list[Piece] = []
        while True:
            self._skip_space()
            if self.at >= len(self.text):
                return found
            found.append(self._next())

    def _skip_space(self) -> None:
        while self.at < len(self.text) and self.text[self.at].isspace():
            self.at += 1

    def _next(self) -> Piece:
        char, start = self.text[self.at], self.at
        if char == "(":
            self.depth += 1
            return self._single(Kind.OPEN)
        if char == ")" and self.depth:
            self.depth -= 1
            return self._single(Kind.CLOSE)
        if char == "-" and self._negates():
            return self._single(Kind.NOT)
        if char in QUOTES:
            return Piece(Kind.EXACT, self._quoted(), start, self.at)
        if (name := _NAME.match(self.text, start)) and self._has_value(name):
            return self._field(name)
        return self._word()

    def _single(self, kind: Kind) -> Piece:
        self.at += 1
        return Piece(kind, self.text[self.at - 1], self.at - 1, self.at)

    def _negates(self) -> bool:
        after = self.text[self.at + 1 : self.at + 2]
        return bool(after) and not after.isspace() and after not in "-)"

    def _has_value(self, name: re.Match[str]) -> bool:
        """`https://…` and a single letter before a colon are words, as people paste them."""
        return len(name[1]) > 1 and not self.text.startswith("//", name.end())

    def _field(self, name: re.Match[str]) -> Piece:
        start, self.at = self.at, name.end()
        op = name[2].removeprefix(":") or ":"
        values = [self._value()]
        while self.text.startswith(",", self.at):
            self.at += 1
            values.append(self._value())
        given = tuple(value for value in values if value)
        return Piece(Kind.FIELD, name[1], start, self.at, ":" if op == "=" else op, given)

    def _value(self) -> str:
        if self.at < len(self.text) and self.text[self.at] in QUOTES:
            return self._quoted()
        found = _BARE_VALUE.match(self.text, self.at)
        self.at = found.end() if found else self.at
        return found[0] if found else ""

    def _word(self) -> Piece:
        start = self.at
        found = _BARE_WORD.match(self.text, start)
        text = found[0] if found else self.text[start]
        if self.depth and ")" in text:
            text = text[: text.index(")")]
        self.at = start + len(text)
        kind = Kind.KEYWORD if text in KEYWORDS else Kind.WORD
        return Piece(kind, text, start, self.at)

    def _quoted(self) -> str:
        start = self.at
        self.at += 1
        held: list[str] = []
        while self.at < len(self.text):
            char = self.text[self.at]
            self.at += 1
            if char in QUOTES:
                return " ".join("".join(held).split())
            if char == "\\" and self.text[self.at : self.at + 1] in ("\\", '"'):
                char = self.text[self.at]
                self.at += 1
            held.append(char)
        raise FilterError("This quote does not end: put another one behind it.", start, self.at)
