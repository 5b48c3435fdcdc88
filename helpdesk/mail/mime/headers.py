"""The lines at the top of a mail or of one of its parts (RFC 5322, 2.2)."""

import re
from dataclasses import dataclass

LONGEST_HEAD = 2_000_000
"""Bytes of headers that are read."""
MOST_FIELDS = 2_000

_LINE = re.compile(rb"([^\r\n]*)(?:\r\n|\n|\r|\Z)")
_FIELD = re.compile(
    rb"([!-9;-~]{1,200})[ \t]*:[ \t]*"
    rb"([^\r\n]*+(?:(?:\r\n|\n|\r)[ \t][^\r\n]*+)*+)(?:\r\n|\n|\r|\Z)"
)
_FOLD = re.compile(rb"\s*[\r\n]+\s*")
_SEPARATOR = (b"From ", b">From ")
_END = re.compile(rb"(?:\r\n\r\n|\n\n|\r\r)")
_AMIDST = re.compile(
    rb"(?:[ \t][^\r\n]*(?:\r\n|\n|\r)){0,3}"
    rb"(?:X-[\w-]+|Received|Return-Path|From|To|Cc|Bcc|Subject|Date|Message-ID|In-Reply-To"
    rb"|References|Reply-To|Sender|MIME-Version|Content-[\w-]+|DKIM-Signature|List-[\w-]+"
    rb"|Authentication-Results|Delivered-To|Organization|User-Agent|Importance)[ \t]*:",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Field:
    """A header as it stands there, unfolded. `value` is bytes: what they mean is another matter."""

    name: str
    value: bytes


@dataclass(frozen=True)
class Head:
    """The headers of a mail or part; its body starts at `end`."""

    fields: tuple[Field, ...]
    end: int
    problem: str = ""

    def first(self, name: str) -> bytes:
        """The value of the first such header, b"" if there is none."""
        return next((field.value for field in self.fields if field.name.lower() == name), b"")


def read_head(raw: bytes, start: int = 0, stop: int | None = None) -> Head:
    """The headers from `start` on. Where a line among them is none, the body begins; unless
    headers that everybody knows come after it: then it belongs to the one before."""
    stop = len(raw) if stop is None else stop
    limit = min(stop, start + LONGEST_HEAD + 1)
    fields: list[Field] = []
    at, problem = start, ""
    while at < stop:
        line = _LINE.match(raw, at, limit)
        if line is not None and not line[1]:
            return Head(tuple(fields), line.end(), problem)
        if line is None or at - start > LONGEST_HEAD or len(fields) > MOST_FIELDS:
            return Head(tuple(fields), _past_head(raw, at, stop), "There are too many headers.")
        separates = not fields and line[1].startswith(_SEPARATOR)  # of a mailbox file
        field = None if separates else _FIELD.match(raw, at, limit)
        if field is not None:
            fields.append(Field(field[1].decode("ascii"), _FOLD.sub(b" ", field[2]).strip()))
        elif fields and (line[1][:1] in b" \t" or _AMIDST.match(raw, line.end(), stop)):
            problem = problem or "A line among the headers is none."
            fields[-1] = Field(fields[-1].name, fields[-1].value + b" " + line[1].strip())
        elif not separates:
            return Head(tuple(fields), at, "The headers do not end in an empty line.")
        at = (field or line).end()
    return Head(tuple(fields), stop, problem)


def _past_head(raw: bytes, at: int, stop: int) -> int:
    found = _END.search(raw, at, stop)
    return found.end() if found else stop
