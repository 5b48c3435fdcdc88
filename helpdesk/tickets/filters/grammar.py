"""The filter language: from a text to clauses. Nothing here asks the database.

filter  = option, {"OR", option}
option  = {["-" | "NOT"], clause}
clause  = field | word | '"exact words"' | "(", filter, ")"
field   = name, (":" | "<" | "<=" | ">" | ">="), value, {",", value}
"""

import re
from collections.abc import Mapping
from dataclasses import replace

from helpdesk.core.words import words_in
from helpdesk.tickets.filters.clauses import (
    KEYWORDS,
    Clause,
    Condition,
    Either,
    FilterError,
    Words,
)
from helpdesk.tickets.filters.fields import (
    BY_NAME,
    COMPARING,
    CUSTOM,
    NONE,
    STATES,
    Field,
    closest,
    custom,
)
from helpdesk.tickets.filters.scanning import Kind, Piece, Scanner

LONGEST = 2000
MOST_CONDITIONS = 50
DEEPEST = 8
_EDGES = re.compile(r"^[\W_]+|[\W_]+$")
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff\u2028\u2029]")


def read(text: str, fields: Mapping[str, Field] = BY_NAME) -> tuple[Clause, ...]:
    """The clauses of a text, each of which must hold; `fields` are those it may name.

    Raises FilterError for what is no filter, with the place.
    """
    if len(text) > LONGEST:
        raise FilterError(
            f"This filter has {len(text):,} characters; {LONGEST:,} are possible.",
            LONGEST,
            len(text),
        )
    plain = _UNPRINTABLE.sub(" ", text)
    clauses = Parser(Scanner(plain).pieces(), len(plain), fields).whole()
    if not clauses and (said := plain.strip()):
        raise FilterError(
            f"There is nothing to look for in “{said[:40]}”: letters or digits are needed.",
            0,
            len(plain),
        )
    return clauses


class Parser:
    """Turns pieces into clauses, from left to right."""

    def __init__(
        self, pieces: list[Piece], end: int, fields: Mapping[str, Field] = BY_NAME
    ) -> None:
        self.pieces, self.end, self.at, self.fields = pieces, end, 0, fields
        self.depth = self.conditions = 0

    def whole(self) -> tuple[Clause, ...]:
        """All of it."""
        return self._either(0)

    def _peek(self) -> Piece | None:
        return self.pieces[self.at] if self.at < len(self.pieces) else None

    def _either(self, start: int) -> tuple[Clause, ...]:
        """Options up to the end or the closing bracket; a single one needs no bracket."""
        options = [self._option()]
        while (piece := self._peek()) and _is_or(piece):
            self.at += 1
            options.append(self._option())
            if not options[-1] or not options[-2]:
                raise FilterError("Beside OR something is missing.", piece.start, piece.end)
        if len(options) == 1:
            return options[0]
        end = self.pieces[self.at - 1].end
        return (Either(tuple(options), start=start, end=end),)

    def _option(self) -> tuple[Clause, ...]:
        clauses: list[Clause] = []
        while (piece := self._peek()) and piece.kind is not Kind.CLOSE and not _is_or(piece):
            clauses += self._clause()
        return tuple(clauses)

    def _clause(self) -> tuple[Clause, ...]:
        piece = self.pieces[self.at]
        self.at += 1
        if piece.kind is Kind.OPEN:
            return self._group(piece)
        if piece.kind is Kind.NOT or (piece.kind is Kind.KEYWORD and piece.text == "NOT"):
            return self._negation(piece)
        if piece.kind is Kind.KEYWORD:
            return ()  # AND says what is so anyway
        self.conditions += 1
        if self.conditions > MOST_CONDITIONS:
            raise FilterError(
                f"A filter can have {MOST_CONDITIONS} conditions; this is one more.",
                piece.start,
                piece.end,
            )
        if piece.kind is Kind.FIELD and not _is_said(piece, self.fields):
            return (_condition(piece, self.fields),)
        return _words(piece)

    def _group(self, opening: Piece) -> tuple[Clause, ...]:
        self.depth += 1
        if self.depth > DEEPEST:
            raise FilterError("These are too many brackets.", opening.start, opening.end)
        inner = self._either(opening.start)
        if self._peek() is None:
            raise FilterError("This bracket is never closed.", opening.start, opening.end)
        self.at += 1
        self.depth -= 1
        return inner

    def _negation(self, sign: Piece) -> tuple[Clause, ...]:
        if self._peek() is None:
            raise FilterError("After NOT something is missing.", sign.start, sign.end)
        self.depth += 1
        if self.depth > DEEPEST:
            raise FilterError("These are too many brackets.", sign.start, sign.end)
        inner = self._clause()
        self.depth -= 1
        if len(inner) == 1:
            return (replace(inner[0], negated=not inner[0].negated, start=sign.start),)
        end = self.pieces[self.at - 1].end
        return (Either((inner,), negated=True, start=sign.start, end=end),) if inner else ()


def _is_or(piece: Piece) -> bool:
    return piece.kind is Kind.KEYWORD and piece.text == "OR"


def _is_said(piece: Piece, fields: Mapping[str, Field]) -> bool:
    """Whether it only looks like a field: “Error: disk full”, “a<b”."""
    known = piece.text.lower() in fields or _is_custom(piece, fields)
    return not known and (not piece.values or piece.op != ":") and not closest(piece.text, fields)


def _is_custom(piece: Piece, fields: Mapping[str, Field]) -> bool:
    """Whether it names a field that administrators gave to tickets."""
    return fields is BY_NAME and piece.text.lower().startswith(CUSTOM)


def _words(piece: Piece) -> tuple[Clause, ...]:
    said = " ".join((piece.text, *piece.values))
    words = words_in(said)
    if not words:
        return ()
    bare = _EDGES.sub("", said)
    # A sign such as “⒜” stands at an edge, yet becomes a letter in a word.
    is_whole = piece.kind is Kind.EXACT or words_in(bare) != words
    text = said if is_whole else bare
    exact = is_whole or len(words) > 1 or text in KEYWORDS
    return (Words(text, exact, start=piece.start, end=piece.end),)


def _condition(piece: Piece, fields: Mapping[str, Field]) -> Condition:
    field = _field(piece, fields)
    op, negated = (":", True) if piece.op == "!=" else (piece.op, False)
    if not piece.values:
        raise FilterError(
            f"After “{field.name}{op}” a value is missing, such as {field.example}.",
            piece.start,
            piece.end,
        )
    if op in COMPARING and not field.compares:
        raise FilterError(
            f"“{field.name}” cannot be compared; write {field.name}:{piece.values[0]}.",
            piece.start,
            piece.end,
            f"{field.name}:{piece.values[0]}",
        )
    if op in COMPARING and len(piece.values) > 1:
        raise FilterError(f"Only one value can stand behind “{op}”.", piece.start, piece.end)
    values = tuple(dict.fromkeys(_checked(field, value, op, piece) for value in piece.values))
    if field.name == "is" and len(values) == 1 and values[0] not in STATES:
        field = fields.get("status", field)
    return Condition(field.name, op, values, negated, piece.start, piece.end)


def _field(piece: Piece, fields: Mapping[str, Field]) -> Field:
    field = fields.get(piece.text.lower())
    if field is not None:
        return field
    if _is_custom(piece, fields):
        return custom(piece.text.lower())
    like = closest(piece.text, fields)
    message = f"There is no filter “{piece.text}”."
    if like:
        rest = piece.op + ",".join(piece.values)
        raise FilterError(
            f"{message} Did you mean “{like}”?", piece.start, piece.end, f"{like}{rest}"
        )
    names = ", ".join(dict.fromkeys(field.name for field in fields.values()))
    raise FilterError(
        f"{message} There are: {names}. To look for it as words, put it into quotes.",
        piece.start,
        piece.end,
    )


def _checked(field: Field, value: str, op: str, piece: Piece) -> str:
    comparing = op in COMPARING
    try:
        if comparing and ".." in value:
            raise ValueError(f"A range cannot be compared; write {field.name}:{value}.")
        return field.value(value, comparing)
    except ValueError as why:
        like = field.like(value)
        message = f"{why}" + (f" Did you mean “{like}”?" if like else _choices(field))
        instead = f"{field.name}{op}{like}" if like else ""
        raise FilterError(message, piece.start, piece.end, instead) from None


def _choices(field: Field) -> str:
    if field.check is not None:
        return ""
    words = [word for word in field.words if word != NONE]
    return f" It is {', '.join(words[:-1])} or {words[-1]}." if len(words) > 1 else ""
