"""Text in headers: encoded words (RFC 2047), parameters (RFC 2231), and eight bits as they come."""

import binascii
import re
from dataclasses import dataclass, field
from urllib.parse import unquote_to_bytes

from helpdesk.core.text import one_line
from helpdesk.mail.mime.charsets import codec, decode

LONGEST_PARAMETERS = 20_000
"""Characters of a header that are searched for parameters."""

LONGEST_TEXT = 20_000
"""Bytes of a header that are read as text."""

_ENCODED = re.compile(r"=\?([^?*\s]{1,60})(?:\*[^?\s]{0,40})?\?([bBqQ])\?([^?]*)\?=")
_PARAMETER = re.compile(r""";\s*([^\s=;"]{1,100})\s*=\s*("(?:[^"\\]|\\.)*+"|[^;]*)""", re.DOTALL)
_SECTION = re.compile(r"(.+?)(?:\*(\d{1,3}))?(\*)?", re.DOTALL)
_COMMENT = re.compile(r"\([^()]*\)")


def text_of(value: bytes) -> str:
    """A header's value as text on one line, its encoded words decoded; cut where it is endless."""
    return one_line(decode_words(eight_bits(value[:LONGEST_TEXT])))


def eight_bits(value: bytes) -> str:
    """A header's value as it stands, for those who read it further."""
    return value.decode("ascii") if value.isascii() and b"\x1b" not in value else decode(value)


def decode_words(text: str) -> str:
    """Text with its encoded words decoded; white space between two of them goes (RFC 2047, 6.2)."""
    if "=?" not in text:
        return text
    pieces: list[str] = []
    run: list[tuple[str, bytes]] = []
    at = 0
    for match in _ENCODED.finditer(text):
        between = text[at : match.start()]
        if between.strip() or not run:
            pieces += [_joined(run), between]
            run = []
        run.append((match[1], _bytes_of(match[2], match[3])))
        at = match.end()
    return "".join([*pieces, _joined(run), text[at:]])


def _joined(run: list[tuple[str, bytes]]) -> str:
    """Neighbouring words in one charset are decoded as one: some cut characters in two."""
    text, charset, data = "", "", b""
    for name, more in run:
        if name.lower() != charset:
            text, charset, data = text + decode(data, charset), name.lower(), b""
        data += more
    return text + decode(data, charset)


def _bytes_of(encoding: str, word: str) -> bytes:
    if encoding in "qQ":
        plain = word.replace("_", " ").encode("utf-8", "replace")
        return binascii.a2b_qp(plain, header=True)
    letters = re.sub(r"[^A-Za-z0-9+/]", "", word)
    letters = letters[: len(letters) - 1] if len(letters) % 4 == 1 else letters
    return binascii.a2b_base64(letters + "=" * (-len(letters) % 4))


@dataclass(frozen=True)
class Structured:
    """A header with parameters: `text/plain; charset=utf-8`."""

    value: str
    """In lower case, without comments."""
    parameters: dict[str, str] = field(default_factory=dict)
    """By name in lower case, decoded."""


def structured(value: bytes) -> Structured:
    """Value and parameters of a header such as Content-Type; whatever is broken in it is left out,
    and a name wins in the form that can hold more (RFC 2231 over RFC 2047)."""
    text = eight_bits(value[:LONGEST_PARAMETERS])
    main, _, rest = text.partition(";")
    main = _COMMENT.sub("", main).strip().strip('"').lower()
    plain: dict[str, str] = {}
    sections: dict[str, list[tuple[int, bool, str]]] = {}
    for match in _PARAMETER.finditer(";" + rest):
        name, given = match[1].lower(), _unquoted(match[2])
        parts = _SECTION.fullmatch(name)
        if parts is not None and (parts[2] or parts[3]):
            section = (int(parts[2] or 0), bool(parts[3]), given)
            sections.setdefault(parts[1], []).append(section)
        else:
            plain.setdefault(name, decode_words(given))
    extended = {name: _continued(found) for name, found in sections.items()}
    return Structured(main, {**plain, **{name: text for name, text in extended.items() if text}})


def _unquoted(given: str) -> str:
    given = given.strip()
    if given.startswith('"'):
        inner = given[1:-1] if len(given) > 1 and given.endswith('"') else given[1:]
        return re.sub(r"\\([\\\"])", r"\1", inner)
    return given.strip("'") if given.startswith("'") and given.endswith("'") else given


def _continued(sections: list[tuple[int, bool, str]]) -> str:
    """The value that the sections of a parameter make together."""
    ordered = sorted(sections, key=lambda section: section[0])
    charset, data = "", b""
    for number, (_, encoded, given) in enumerate(ordered):
        if encoded and not number and given.count("'") >= 2:
            charset, _, given = given.split("'", 2)  # noqa: PLW2901 -- the first tells the charset
        data += unquote_to_bytes(given) if encoded else given.encode("utf-8", "replace")
    if not charset:
        return decode_words(decode(data))
    return decode_words(decode(data, charset if codec(charset) else ""))
