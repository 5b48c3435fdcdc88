"""Addresses in the headers of mails (RFC 5322, 3.4): read in one pass, whatever stands there."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from helpdesk.core.text import one_line
from helpdesk.mail.mime.words import decode_words

LONGEST_ADDRESS = 320
LONGEST_LIST = 150_000
"""Characters of a header that are searched."""
_MOST_ENTRIES = 4_000
_LONGEST_NAME = 300

# What stands in quotes; marks, of which a run counts as one token; everything else.
_TOKEN = re.compile(
    r'"([^"\\]*+(?:\\.[^"\\]*+){0,50}+)"|(\(+|\)+|,+|;+|:+|<|>+)|([^"(),;:<>]+|")', re.DOTALL
)
_COMMENT = re.compile(r"\([^()]*\)")
_SPACED = re.compile(r"(?<=\w)\s*([.@])\s*(?=\w)")
_PLAIN = re.compile(r"[^\s@:;,()<>\"]+")
_STRANGE = re.compile(r"[\s:;,()<>\"\\]")
_END_OF_ANGLE = re.compile(r"[>,;]")


@dataclass(frozen=True)
class Mailbox:
    """Somebody in a header. `address` is as written with its domain in lower case, "" if none."""

    name: str
    address: str

    @property
    def key(self) -> str:
        """What two spellings of one address share: all in lower case."""
        return self.address.lower()


NOBODY = Mailbox("", "")


def mailboxes(value: str, limit: int = 1000) -> tuple[Mailbox, ...]:
    """The addresses of a header in their order, without those that are no address; at most `limit`.

    `value` is as it stands in the header: encoded words (RFC 2047) are decoded only after commas
    and brackets have told the addresses apart.
    """
    value = value[:LONGEST_LIST]
    found = _limited(value, limit, comments=True)
    if not found and "(" in value:  # a bracket that never closes hid them
        found = _limited(value, limit, comments=False)
    return tuple(found)


def address_in(text: str) -> str:
    """The first address that stands in a text, "" if none does."""
    found = mailboxes(text[:2000], limit=1)
    return found[0].address if found else ""


def _limited(value: str, limit: int, *, comments: bool) -> list[Mailbox]:
    found: list[Mailbox] = []
    for mailbox in _read(value, comments=comments):
        found.append(mailbox)
        if len(found) >= limit:
            break
    return found


@dataclass
class _Entry:
    """What was read since the last comma."""

    words: list[str] = field(default_factory=list)
    """Outside of brackets; what stood in quotes without them."""
    comments: list[str] = field(default_factory=list)
    angle: str | None = None

    def mailboxes(self, before: str) -> Iterator[Mailbox]:
        """The address in angle brackets with its name; else each word that is an address."""
        words = " ".join("".join(self.words).split())
        comment = " ".join(self.comments)
        if self.angle is not None:
            address = _address(self.angle)
            name = f"{before}, {words}" if before and words else words or before
            if address:
                yield Mailbox(_name(name or comment), address)
                return
        words = _SPACED.sub(r"\1", words[:10_000]) if "@" in words else words
        addresses = [address for word in words.split() if (address := _address(word))]
        others = [word for word in words.split() if "@" not in word]
        name = " ".join(others) if len(addresses) == 1 else ""
        for address in addresses:
            yield Mailbox(_name(name or comment), address)


def _read(value: str, *, comments: bool) -> Iterator[Mailbox]:
    entry, before, at, depth, left = _Entry(), "", 0, 0, _MOST_ENTRIES
    while left and (token := _TOKEN.match(value, at)) is not None:
        at = token.end()
        quoted, mark, plain = token.groups()
        first = mark[0] if mark else ""
        if comments and (depth or first == "("):
            depth = max(0, depth + (mark or "").count("(") - (mark or "").count(")"))
            if mark is None:
                entry.comments.append(quoted if quoted is not None else plain)
        elif quoted is not None:
            entry.words.append(re.sub(r"\\(.)", r"\1", quoted))
            entry.words.append("" if value[at : at + 1] == "@" else " ")
        elif first == "<":
            entry.angle, at = _angle(value, at)
        elif first and first in ",;":
            left -= 1
            found = list(entry.mailboxes(before))
            yield from found
            before = "" if found or first == ";" else " ".join("".join(entry.words).split())
            entry = _Entry()
        elif first == ":":
            entry = _Entry()  # the name of a group, or "mailto"
        else:
            entry.words.append(plain or " ")
    yield from entry.mailboxes(before)


def _angle(value: str, at: int) -> tuple[str, int]:
    """What stands between angle brackets, also where they are doubled or not closed."""
    while value[at : at + 1] in {"<", " "}:
        at += 1
    end = _END_OF_ANGLE.search(value, at)
    if end is None:
        return value[at : at + LONGEST_ADDRESS + 1], len(value)
    after = end.end() if end[0] == ">" else end.start()
    while value[after : after + 1] == ">":
        after += 1
    return value[at : end.start()][: LONGEST_ADDRESS + 1], after


def _address(text: str) -> str:
    """An address without what is not part of it, "" if it is none."""
    plain = text.strip().rstrip(".").removeprefix("mailto:")
    if plain.startswith("@") and ":" in plain:
        plain = plain.rsplit(":", 1)[1]  # a route (RFC 5322, 4.4)
    plain = _SPACED.sub(r"\1", _COMMENT.sub("", plain)).strip()
    if "=?" in plain:
        plain = decode_words(plain).strip()
    local, at, domain = plain.rpartition("@")
    local, domain = one_line(local), one_line(domain).lower().rstrip(".")
    quoted = len(local) > 2 and local.startswith('"') and local.endswith('"')
    if not at or not domain or _STRANGE.search(domain) or not (quoted or _PLAIN.fullmatch(local)):
        return ""
    return f"{local}@{domain}" if len(local) + len(domain) < LONGEST_ADDRESS else ""


def _name(text: str) -> str:
    return one_line(decode_words(text[:2000]).strip("\"'"), _LONGEST_NAME)
