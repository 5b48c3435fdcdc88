"""Content-Transfer-Encoding (RFC 2045, 6), as it is found and not only as it should be."""

import binascii
import re
from dataclasses import dataclass

_FOREIGN = re.compile(rb"[^A-Za-z0-9+/=\s]|(?<=[A-Za-z0-9+/=]) (?=[A-Za-z0-9+/=])")
_LETTERS = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=\r\n\t"
_WHOLE = re.compile(rb"[A-Za-z0-9+/]+={0,2}")
_PADDED = re.compile(rb"=+[\s]*(?=[A-Za-z0-9+/])")


@dataclass(frozen=True)
class Decoded:
    """The bytes behind an encoding, and plain text that somebody had put after them."""

    data: bytes
    tail: bytes = b""
    problem: str = ""


def undo(data: bytes, encoding: str) -> Decoded:
    """The bytes that an encoding stands for; one that is unknown or plainly a lie is none."""
    name = encoding.strip().strip('"').lower().split(";")[0].strip()
    if name.startswith("base64"):
        return _base64(data)
    if re.match(r"quoted.?printable", name):
        return Decoded(binascii.a2b_qp(data))
    if name in {"x-uuencode", "uuencode", "x-uue", "uue"}:
        block = uuencoded(data)
        if block is not None:
            return Decoded(block.content)
        return Decoded(data, problem="It says that it is uuencoded and is not.")
    known = name in {"", "7bit", "8bit", "binary", "7-bit", "8-bit"}
    return Decoded(data, problem="" if known else f"Its transfer encoding is unknown: {name[:40]}")


def _base64(data: bytes) -> Decoded:
    if _is_lie(data):
        return Decoded(data, problem="It says that it is base64 and is not.")
    tail = b""
    plain = b" " not in data and not data.translate(None, _LETTERS)
    foreign = None if plain else _FOREIGN.search(data)
    if foreign is not None:  # a list or a scanner wrote below what was encoded
        line = max(data.rfind(b"\n", 0, foreign.start()), data.rfind(b"\r", 0, foreign.start()))
        if line > 0 and _is_prose(data[line:]):
            data, tail = data[:line], data[line:].strip()
    stretches = _PADDED.split(data, maxsplit=1000) if b"=" in data[:-8] else [data]
    return Decoded(b"".join(_letters(stretch) for stretch in stretches), tail)


def _is_lie(data: bytes) -> bool:
    """Whether prose stands where letters of base64 should begin."""
    first = data.lstrip()[:100].split(b"\n", 1)[0].strip()
    if _is_words(first):
        return False
    return _is_prose(data) and (len(first) < 20 or _FOREIGN.search(first) is not None)


def _is_words(line: bytes) -> bool:
    """Whether a short line is base64 of something that can be read."""
    if not 8 <= len(line) < 77 or len(line) % 4 or not _WHOLE.fullmatch(line):
        return False
    try:
        text = binascii.a2b_base64(line).decode()
    except (binascii.Error, UnicodeDecodeError):
        return False
    return text.replace("\r", "").replace("\n", "").isprintable()


def _is_prose(data: bytes) -> bool:
    """Whether there are too many spaces and marks for base64."""
    head = data[:2000].strip()
    foreign = len(_FOREIGN.findall(head))
    return foreign > 2 and foreign * 40 > len(head)


def _letters(data: bytes) -> bytes:
    try:
        return binascii.a2b_base64(data)
    except binascii.Error:
        pass
    letters = re.sub(rb"[^A-Za-z0-9+/]+", b"", data)
    letters = letters[: len(letters) - 1] if len(letters) % 4 == 1 else letters
    return binascii.a2b_base64(letters + b"=" * (-len(letters) % 4))


@dataclass(frozen=True)
class Block:
    """A file that stands in the midst of a text, from `start` to `end` there."""

    name: bytes
    content: bytes
    start: int
    end: int


_BEGIN = re.compile(rb"(?:\A|(?<=[\r\n]))begin [0-7]{3,4} ([^\r\n]{1,255})\r?\n")
_UU_LINE = re.compile(rb"([ -`]{1,90})\r?\n")
_YBEGIN = re.compile(rb"(?:\A|(?<=[\r\n]))=ybegin [^\r\n]{0,200}name=([^\r\n]{1,255})\r?\n")
_YEND = re.compile(rb"\r?\n=yend[^\r\n]*(?:\r?\n|\Z)")
_YPART = re.compile(rb"=ypart [^\r\n]*\r?\n")
_MINUS_42 = bytes((byte - 42) % 256 for byte in range(256))


def uuencoded(data: bytes, start: int = 0) -> Block | None:
    """The first uuencoded file from `start` on; None where one is not whole."""
    begin = _BEGIN.search(data, start)
    if begin is None:
        return None
    at = begin.end()
    pieces: list[bytes] = []
    while (line := _UU_LINE.match(data, at)) is not None:
        if line[1] == b"end":
            return Block(begin[1].strip(), b"".join(pieces), begin.start(), line.end())
        try:
            pieces.append(_uu_line(line[1]))
        except binascii.Error:
            return None
        at = line.end()
    last = data[at : at + 5].strip() == b"end"
    return Block(begin[1].strip(), b"".join(pieces), begin.start(), at + 3) if last else None


def _uu_line(line: bytes) -> bytes:
    """The bytes of a line; some writers put a checksum behind it. Raises binascii.Error."""
    try:
        return binascii.a2b_uu(line)
    except binascii.Error:
        return binascii.a2b_uu(line[: (((line[0] - 32) & 63) * 4 + 5) // 3])


def yencoded(data: bytes, start: int = 0) -> Block | None:
    """The first yEnc file from `start` on; None where one is not whole."""
    begin = _YBEGIN.search(data, start)
    end = begin and _YEND.search(data, begin.end() - 1)
    if begin is None or end is None:
        return None
    lines = _YPART.sub(b"", data[begin.end() : end.start()], count=1)
    letters = re.sub(rb"\r?\n", b"", lines)
    plain = re.sub(rb"=(.)", lambda m: bytes([(m[1][0] - 64) % 256]), letters, flags=re.DOTALL)
    return Block(begin[1].strip(), plain.translate(_MINUS_42), begin.start(), end.end())
