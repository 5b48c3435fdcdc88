"""HTML taken apart in one pass, whatever somebody sends.

The standard library's parser and a browser's own rules both take quadratic time on some inputs
(an unclosed quote, ten thousand nested tables). Here each character is looked at a bounded number
of times: a search that found nothing is not made again.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape

_NAME = re.compile(r"[a-zA-Z][a-zA-Z0-9:-]{0,30}")
_ATTRIBUTE = re.compile(r"[\s/]*([^\s/>=\"'<]{1,60})(?:\s{0,9}=\s{0,9})?")
_ANY_TAG = re.compile(r"<[^<>]{0,400}>")
_BARE = re.compile(r"[^\s>]{0,4000}")
_MOST_ATTRIBUTES = 40
MOST_TOKENS = 20_000

UNREAD = frozenset({"script", "style", "title", "template", "svg", "math", "object", "select"})
"""Elements whose content nobody reads."""
VOID = frozenset({"br", "hr", "img", "wbr", "col", "input", "meta", "link", "area", "base"})


@dataclass(frozen=True)
class Start:
    """An opening tag, its name and the names of its attributes in lower case."""

    name: str
    attributes: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class End:
    """A closing tag."""

    name: str


@dataclass(frozen=True)
class Text:
    """Characters, entities resolved."""

    text: str


Token = Start | End | Text


class _Page:
    """The HTML with a memory of what does not occur in its rest."""

    def __init__(self, html: str) -> None:
        self.html = html
        self.absent: set[str] = set()

    def find(self, mark: str, at: int) -> int:
        """Where `mark` stands next, -1 if nowhere. `at` never goes back."""
        if mark in self.absent:
            return -1
        found = self.html.find(mark, at)
        if found < 0:
            self.absent.add(mark)
        return found


def tokens(html: str) -> Iterator[Token]:
    """Tags and text in their order, without comments and what only a program reads; of a page with
    more than anybody writes, the rest as text alone."""
    page, at, left = _Page(html), 0, MOST_TOKENS
    while at < len(html):
        left -= 1
        if not left:
            yield Text(unescape(_ANY_TAG.sub(" ", html[at:])))
            return
        opening = page.find("<", at)
        if opening < 0:
            opening = len(html)
        if opening > at:
            yield Text(unescape(html[at:opening]))
        if opening == len(html):
            return
        token, at = _tag(page, opening)
        if isinstance(token, Start) and token.name in UNREAD:
            at = _after_unread(page, token.name, at)
        elif token is not None:
            yield token


def _tag(page: _Page, at: int) -> tuple[Token | None, int]:
    """The tag that begins at `at`, None for a comment, and where what follows it begins."""
    html = page.html
    if html.startswith("<!--", at):
        end = page.find("-->", at + 2)
        return (None, end + 3) if end >= 0 else (None, at + 4)
    if html.startswith(("<!", "<?"), at):
        end = page.find(">", at)
        return (None, end + 1) if end >= 0 else (Text("<"), at + 1)
    closing = html.startswith("</", at)
    name = _NAME.match(html, at + 1 + closing)
    if name is None:
        return Text("<"), at + 1
    if closing:
        end = page.find(">", at)
        return End(name[0].lower()), end + 1 if end >= 0 else name.end()
    attributes, end = _attributes(page, name.end())
    return Start(name[0].lower(), attributes), end


def _attributes(page: _Page, at: int) -> tuple[dict[str, str], int]:
    """The attributes of a tag, and where it ends."""
    html, found = page.html, dict[str, str]()
    while len(found) < _MOST_ATTRIBUTES and (name := _ATTRIBUTE.match(html, at)) is not None:
        at = name.end()
        value = ""
        if name[0].rstrip().endswith("="):
            quote = html[at : at + 1]
            end = page.find(quote, at + 1) if quote and quote in "\"'" else -1
            if end >= 0:
                value, at = html[at + 1 : end], end + 1
            elif bare := _BARE.match(html, at):
                value, at = bare[0], bare.end()
        found.setdefault(name[1].lower(), unescape(value[:4000]))
    end = page.find(">", at)
    return found, end + 1 if end >= 0 else len(html)


def _after_unread(page: _Page, name: str, at: int) -> int:
    """Behind what nobody reads; nothing is skipped where it never ends."""
    if name in page.absent:
        return at
    end = re.compile(f"</{name}[^>]*>", re.IGNORECASE).search(page.html, at)
    if end is None:
        page.absent.add(name)
        return at
    return end.end()
