"""Headers of our mails as they travel (RFC 5322, RFC 2047).

The standard library takes every header apart and puts it together again, which takes longer than
all the rest of sending a mail. What is plain is written as it stands here; whatever is not, is left
to the library.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from email.header import Header
from email.headerregistry import (
    Address,
    AddressHeader,
    BaseHeader,
    Group,
    HeaderRegistry,
    UnstructuredHeader,
)
from email.policy import Policy
from functools import lru_cache
from itertools import accumulate
from typing import Any

LINE = 78
"""Characters of a line (RFC 5322, 2.1.1)."""
_ADDRESS = re.compile(
    r"(?:(?P<name>[A-Za-z0-9]+(?: [A-Za-z0-9]+)*) )?"
    r"(?P<open><)?(?P<local>[A-Za-z0-9_+-]+(?:\.[A-Za-z0-9_+-]+)*)@"
    r"(?P<domain>[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*)(?(open)>)"
)
"""One address with a name of letters and digits, or with none: nothing in it has to be quoted."""


class PlainHeader(UnstructuredHeader, BaseHeader):
    """A line of ASCII as it stands."""

    @classmethod
    def parse(cls, value: str, kwds: dict[str, Any]) -> None:
        """Take the value as it is; it is taken apart only where it has to be folded."""
        kwds["parse_tree"], kwds["decoded"] = None, str(value)

    def fold(self, *, policy: Policy) -> str:
        """One line, or as many as the library makes of it."""
        line = f"{self.name}: {self}"
        if len(line) <= LINE and self.isascii() and "=?" not in self:
            return line + policy.linesep
        self._parse_tree = self.value_parser(str(self))
        return super().fold(policy=policy)


class TokensHeader(PlainHeader):
    """A header of message ids or addresses of pages, which are folded between and never inside:
    the library would break a long one into encoded words that nobody reads back."""

    def fold(self, *, policy: Policy) -> str:
        """Header line(s) with one token each where they do not fit on one line."""
        line = f"{self.name}: {self}"
        if len(line) > LINE:
            line = f"{self.name}: " + f"{policy.linesep} ".join(str(self).split())
        return line + policy.linesep


class ParametersHeader(PlainHeader):
    """A header of words with parameters, folded between them."""

    def fold(self, *, policy: Policy) -> str:
        """Header line(s) with one parameter each where they do not fit on one line."""
        line = f"{self.name}: {self}"
        if len(line) > LINE:
            line = line.replace("; ", f";{policy.linesep} ")
        return line + policy.linesep


class SubjectHeader(PlainHeader):
    """A subject, encoded whole where it must be: the library's new way loses spaces between the
    encoded words of a long one, its old way does not."""

    def fold(self, *, policy: Policy) -> str:
        """Header line(s) of at most 76 characters (RFC 2047, 2)."""
        text = str(self)
        if text.isascii() and "=?" not in text:
            line = f"{self.name}: {text}"
            if len(line) <= 76:
                return line + policy.linesep
            encoded = Header(text, "us-ascii", maxlinelen=76, header_name="Subject").encode(
                linesep=policy.linesep
            )
        elif 3 * sum(map(str.isascii, text)) >= 2 * len(text):
            encoded = f"{policy.linesep} ".join(_encoded_words(text))
        else:
            encoded = Header(text, "utf-8", maxlinelen=76, header_name="Subject").encode(
                linesep=policy.linesep
            )
        return f"{self.name}: {encoded}{policy.linesep}"


_Q = [chr(byte) if chr(byte).isalnum() and byte < 128 else f"={byte:02X}" for byte in range(256)]
_Q[32] = "_"
_WORD = 75 - len("=?utf-8?q??=")


@lru_cache(maxsize=1024)
def _encoded(character: str) -> str:
    return "".join([_Q[byte] for byte in character.encode()])


def _encoded_words(text: str) -> list[str]:
    """A text of mostly ASCII as encoded words (RFC 2047, 4.2), no character in two of them."""
    pieces = [_encoded(character) for character in text]
    ends = list(accumulate(map(len, pieces), initial=0))
    words, start, room = [], 0, _WORD - len("Subject: ")
    while start < len(pieces):
        stop = bisect_right(ends, ends[start] + room) - 1
        words.append(f"=?utf-8?q?{''.join(pieces[start:stop])}?=")
        start, room = stop, _WORD - 1
    return words


def is_line(name: str, value: str) -> bool:
    """Whether a header is written as one line, just as it stands here."""
    kind = _KINDS.get(name.lower(), PlainHeader)
    if len(name) + 2 + len(value) > LINE or not value.isascii() or "=?" in value:
        return False
    if kind is PeopleHeader:
        plain = _ADDRESS.fullmatch(value)
        return plain is not None and bool(plain["name"]) == bool(plain["open"])
    return kind in (PlainHeader, TokensHeader)


class PeopleHeader(AddressHeader):
    """Whom it is from or goes to."""

    max_count = 1
    _parse_tree: Any

    @classmethod
    def parse(cls, value: Any, kwds: dict[str, Any]) -> None:
        """One plain address is not taken apart."""
        plain = _ADDRESS.fullmatch(str(value))
        if plain is None or bool(plain["name"]) > bool(plain["open"]):
            super().parse(value, kwds)
            return
        address = Address(plain["name"] or "", plain["local"], plain["domain"])
        kwds["groups"] = [Group(None, [address])]
        kwds["parse_tree"], kwds["decoded"] = None, str(address)

    def fold(self, *, policy: Policy) -> str:
        """One line, or as many as the library makes of it."""
        line = f"{self.name}: {self}"  # type: ignore[attr-defined]  # the registry adds `BaseHeader`
        if self._parse_tree is None:
            if len(line) <= LINE:
                return line + policy.linesep
            self._parse_tree = self.value_parser(str(self))
        folded: str = super().fold(policy=policy)  # type: ignore[misc]  # likewise
        return folded


TOKENS = ("references", "in-reply-to", "message-id", "list-unsubscribe")
_KINDS: dict[str, type[Any]] = {
    **dict.fromkeys(TOKENS, TokensHeader),
    **dict.fromkeys(("from", "to", "reply-to"), PeopleHeader),
    "content-type": ParametersHeader,
    "subject": SubjectHeader,
}
_PLAIN = ("date", "mime-version", "content-transfer-encoding")


class Headers(HeaderRegistry):
    """The library's registry makes a class anew for every header of every mail; here each is made
    once."""

    def __init__(self) -> None:
        super().__init__(default_class=PlainHeader)
        self.made: dict[type, type[BaseHeader]] = {}
        for name, kind in (_KINDS | dict.fromkeys(_PLAIN, PlainHeader)).items():
            self.map_to_type(name, kind)

    def __getitem__(self, name: str) -> type[BaseHeader]:
        kind = self.registry.get(name.lower(), self.default_class)
        if kind not in self.made:
            self.made[kind] = super().__getitem__(name)
        return self.made[kind]
