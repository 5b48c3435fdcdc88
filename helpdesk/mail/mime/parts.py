"""The parts that a mail is made of (RFC 2046): a tree, cut at boundaries, kept within bounds."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice

from helpdesk.mail.mime.headers import Field, Head, read_head
from helpdesk.mail.mime.transfer import undo
from helpdesk.mail.mime.words import Structured, structured

DEEPEST = 20
"""Levels of parts within parts; what lies deeper is kept as one part."""
MOST_PARTS = 500
"""Parts of a mail; the rest is kept as one part."""

_LINE_END = re.compile(rb"\r\n|\n|\r|\Z")
_AFTER = re.compile(rb"(--)?[ \t]*(?:\r\n|\n|\r|\Z)")
_GUESS = re.compile(rb"(?:\A|(?<=[\r\n]))--(-{0,60}[^\s-][^\r\n]{0,199}?)[ \t]*(?=[\r\n])")
_CONTENT = re.compile(rb"[ \t]*(?:\r\n|\n|\r)Content-[\w-]+:", re.IGNORECASE)
_NOT_TEXT = "application/octet-stream"
_MOST_GUESSES = 50
"""Lines that are tried where the boundary that is declared does not occur."""


@dataclass(frozen=True)
class Part:
    """A part with everything below it. A leaf has no `parts`."""

    fields: tuple[Field, ...]
    content_type: Structured
    disposition: Structured
    body: bytes = b""
    """Of a leaf: its bytes, decoded. Of a message: the whole of it."""
    tail: bytes = b""
    """Text that stood where none may: below base64, or after the last boundary."""
    parts: tuple["Part", ...] = ()

    @property
    def media_type(self) -> str:
        """Such as text/plain; always of two halves."""
        return self.content_type.value

    def walk(self) -> Iterator["Part"]:
        """This part and all below it, as they stand in the mail."""
        yield self
        for part in self.parts:
            yield from part.walk()


@dataclass
class Reading:
    """One mail being taken apart: how many parts there were, and what was wrong."""

    raw: bytes
    count: int = 0
    problems: list[str] = field(default_factory=list)

    def complain(self, problem: str) -> None:
        """Remember what was wrong, once."""
        if problem and problem not in self.problems:
            self.problems.append(problem)


def take_apart(reading: Reading, head: Head) -> Part:
    """The mail that `reading` holds, below its head."""
    return _part(reading, head, len(reading.raw), 0, "text/plain")


def _part(reading: Reading, head: Head, stop: int, depth: int, usual: str) -> Part:
    reading.count += 1
    content_type = _content_type(head, usual)
    disposition = structured(head.first("content-disposition"))
    if content_type.value.startswith("multipart/"):
        if depth >= DEEPEST:
            reading.complain(f"Parts lie deeper than {DEEPEST} levels; they are kept as one.")
            whole = Structured(_NOT_TEXT, {"name": "deeper-parts.txt"})
            return Part(head.fields, whole, disposition, reading.raw[head.end : stop])
        several = _multipart(reading, head, stop, depth, content_type)
        if several is not None:
            return several
        reading.complain("It says that it has parts and has none.")
        content_type = Structured("text/plain", content_type.parameters)
    decoded = undo(reading.raw[head.end : stop], _encoding(head))
    reading.complain(decoded.problem)
    return Part(head.fields, content_type, disposition, decoded.data, decoded.tail)


def _content_type(head: Head, usual: str) -> Structured:
    """What a part says it is; what nobody understands is a stream of bytes, unless it is missing
    (RFC 2045, 5.2)."""
    value = head.first("content-type")
    found = structured(value)
    if re.fullmatch(r"[\w.+-]{1,80}/[\w.+-]{1,120}", found.value):
        return found
    if found.value in {"", "text", "plain", "html"}:
        kind = "text/html" if found.value == "html" else usual
        return Structured(kind, found.parameters)
    if found.value in {"multipart", "mixed"}:
        return Structured("multipart/mixed", found.parameters)
    named = "name" in found.parameters or head.first("content-disposition")
    return Structured(_NOT_TEXT if named else usual, found.parameters)


def _encoding(head: Head) -> str:
    return head.first("content-transfer-encoding")[:200].decode("latin-1")


def _multipart(
    reading: Reading, head: Head, stop: int, depth: int, content_type: Structured
) -> Part | None:
    """The parts between boundaries, or None where there is not one."""
    boundary = _boundary(reading, head, stop, content_type)
    if not boundary:
        return None
    usual = "message/rfc822" if content_type.value == "multipart/digest" else "text/plain"
    cuts = list(_cuts(reading.raw, boundary, head.end, stop))
    if not cuts:
        return None
    if not cuts[-1].last:
        reading.complain("The last boundary is missing.")
    parts = []
    for cut, following in zip(cuts, [*cuts[1:], None], strict=True):
        end = following.before if following else stop
        if following is None and cut.last:
            break
        if reading.count >= MOST_PARTS:
            reading.complain(f"There are more than {MOST_PARTS} parts; the rest is kept as one.")
            parts.append(_rest(reading.raw[cut.after : stop]))
            break
        if end > cut.after:
            inner = read_head(reading.raw, cut.after, end)
            parts.append(_part(reading, inner, end, depth + 1, usual))
    tail = reading.raw[cuts[-1].after : stop].strip() if cuts[-1].last else b""
    disposition = structured(head.first("content-disposition"))
    return Part(head.fields, content_type, disposition, b"", tail, tuple(parts))


def _rest(raw: bytes) -> Part:
    return Part((), Structured(_NOT_TEXT, {"name": "further-parts.txt"}), Structured(""), raw)


@dataclass(frozen=True)
class Cut:
    """A boundary line: where what stands before it ends, and where what follows begins."""

    before: int
    after: int
    last: bool


def _cuts(raw: bytes, boundary: bytes, start: int, stop: int) -> Iterator[Cut]:
    mark = b"--" + boundary
    at, given = start, 0
    while (at := raw.find(mark, at, stop)) >= 0 and given <= MOST_PARTS:
        after = _AFTER.match(raw, at + len(mark), stop)
        if after is None or (at > start and raw[at - 1 : at] not in {b"\n", b"\r"}):
            at = _next_line(raw, at, stop)
            continue
        before = at - 1 if at > start else at
        before -= raw[before - 1 : before + 1] == b"\r\n" and before > start
        yield Cut(before, after.end(), bool(after[1]))
        given += 1
        at = max(after.end(), at + len(mark))


def _next_line(raw: bytes, at: int, stop: int) -> int:
    found = _LINE_END.search(raw, at, stop)
    return max(found.end() if found else stop, at + 1)


def _boundary(reading: Reading, head: Head, stop: int, content_type: Structured) -> bytes:
    """The boundary that is declared, or, where it does not occur, the first line that looks like
    one and has headers below it, or else is long enough and occurs twice."""
    declared = content_type.parameters.get("boundary", "").strip()[:500]
    encoded = declared.encode("utf-8", "replace")
    if encoded and reading.raw.find(b"--" + encoded, head.end, stop) >= 0:
        return encoded
    guesses = _GUESS.finditer(reading.raw, head.end, min(stop, head.end + 20_000))
    for guess in islice(guesses, _MOST_GUESSES):
        if _CONTENT.match(reading.raw, guess.end(), stop) or (
            _is_long(guess[1]) and reading.raw.count(b"--" + guess[1], head.end, stop) > 1
        ):
            reading.complain("The boundary between its parts is not the one that it declares.")
            return guess[1]
    return b""


def _is_long(boundary: bytes) -> bool:
    """Whether it is no rule between two paragraphs."""
    return len(boundary) > 2 and not boundary.startswith(b"-")
