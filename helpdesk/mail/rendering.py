"""HTML as lines of text, as a reader would retell it."""

import re

from helpdesk.mail.markup import End, Start, Text, Token

_SPACE = re.compile(r"[ \t\r\n\f]+")
_PARAGRAPHS = frozenset(
    {"p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "dl", "table", "pre", "figure"}
)
_BLOCKS = _PARAGRAPHS | {
    *("div", "tr", "li", "dt", "dd", "blockquote", "section", "article", "header", "footer"),
    *("center", "address", "form", "fieldset", "caption", "body", "main", "nav", "aside"),
}
_HIDDEN = re.compile(r"display\s*:\s*none|mso-hide\s*:\s*all", re.IGNORECASE)
_SHOWN_LINK = re.compile(r"(?:https?://|mailto:)\S+", re.IGNORECASE)
_LONGEST_LINK = 300
_RULE = "_" * 32
_DEEPEST_QUOTE = 9


class Lines:
    """Takes tokens one by one and makes lines of them."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.pieces: list[str] = []
        """Of the line that is being written."""
        self.blank = False
        """Whether an empty line is due before the next words."""
        self.quotes = 0
        self.verbatim = 0
        self.hidden: list[str] = []
        """Elements that are open inside of one that nobody sees, that one included."""
        self.lists: list[int] = []
        """The next number of each open list, 0 where it has none."""
        self.link: tuple[str, int, int] | None = None
        """Address of the open link, and where its words begin."""

    def take(self, token: Token) -> None:
        """Write what a token means."""
        if self.hidden or (isinstance(token, Start) and _is_hidden(token)):
            self._pass_over(token)
        elif isinstance(token, Text):
            self._write(token.text)
        elif isinstance(token, Start):
            self._open(token)
        else:
            self._close(token.name)

    def text(self) -> str:
        """All lines; no more than one empty line between two."""
        self._break()
        return "\n".join(self.lines).strip("\n")

    def _pass_over(self, token: Token) -> None:
        if isinstance(token, Start) and len(self.hidden) < 100 and token.name in _COUNTED:
            self.hidden.append(token.name)
        elif isinstance(token, End) and token.name in self.hidden:
            while self.hidden.pop() != token.name:
                pass

    def _write(self, text: str) -> None:
        if self.verbatim:
            first, *others = text.replace("\r\n", "\n").split("\n")
            self.pieces.append(first)
            for line in others:
                self._break(keep_empty=True)
                self.pieces.append(line)
            return
        words = _SPACE.sub(" ", text)
        if words == " " and (not self.pieces or self.pieces[-1].endswith(" ")):
            return
        self.pieces.append(words)

    def _open(self, tag: Start) -> None:
        name = tag.name
        if name in _BLOCKS:
            self._break()
            self.blank |= name in _PARAGRAPHS
        if name == "br":
            self._break(keep_empty=True)
        elif name == "hr":
            self._break()
            self.pieces.append(_RULE)
            self._break()
        elif name in {"td", "th"} and self.pieces:
            self.pieces.append("  ")
        elif name == "img" and tag.attributes.get("alt", "").strip():
            self.pieces.append(f"[{_SPACE.sub(' ', tag.attributes['alt'].strip())[:200]}]")
        elif name == "a":
            self.link = (tag.attributes.get("href", ""), len(self.lines), len(self.pieces))
        else:
            self._enter(name)

    def _enter(self, name: str) -> None:
        """Open an element that changes how what stands in it is written."""
        if name == "blockquote":
            self.blank = False
            self.quotes += 1
        elif name == "pre":
            self.verbatim += 1
        elif name in {"ul", "ol"}:
            self.lists.append(1 if name == "ol" else 0)
        elif name == "li":
            number = self.lists[-1] if self.lists else 0
            self.pieces.append(f"{number}. " if number else "* ")
            if number:
                self.lists[-1] += 1

    def _close(self, name: str) -> None:
        if name == "a" and self.link is not None:
            self._end_link(*self.link)
            self.link = None
        if name in _BLOCKS:
            self._break()
            self.blank |= name in _PARAGRAPHS
        if name == "blockquote" and self.quotes:
            self.quotes -= 1
            self.blank = False
        elif name == "pre" and self.verbatim:
            self.verbatim -= 1
        elif name in {"ul", "ol"} and self.lists:
            self.lists.pop()

    def _end_link(self, address: str, line: int, piece: int) -> None:
        """Write where a link leads, unless its words say so."""
        if not _SHOWN_LINK.fullmatch(address) or len(address) > _LONGEST_LINK:
            return
        words = "".join(self.pieces[piece:]) if line == len(self.lines) else ""
        bare = re.sub(r"^(?:https?://(?:www\.)?|mailto:)|/$", "", address, flags=re.IGNORECASE)
        if words.strip() and bare.lower() not in words.lower():
            self.pieces.append(f" <{address}>")

    def _break(self, *, keep_empty: bool = False) -> None:
        """End the line."""
        line = "".join(self.pieces).replace("\u00a0", " ")
        line = line.rstrip() if self.verbatim else line.strip()
        self.pieces = []
        if not line and not (keep_empty and self.lines and self._last()):
            return
        mark = ">" * min(self.quotes, _DEEPEST_QUOTE)
        if self.blank and line and self.lines and self._last():
            self.lines.append(mark)
        self.blank = False
        self.lines.append(f"{mark} {line}".rstrip() if mark else line)

    def _last(self) -> str:
        """The words of the line before."""
        return self.lines[-1].lstrip("> ")


def _is_hidden(tag: Start) -> bool:
    return tag.name in _COUNTED and bool(_HIDDEN.search(tag.attributes.get("style", "")))


_COUNTED = _BLOCKS | {"span", "font", "td", "th", "a", "b", "i", "strong", "em"}
