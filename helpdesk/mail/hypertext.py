"""HTML in mails: as text to be read, and as HTML that can do no harm."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from html import escape

import nh3
from markupsafe import Markup

from helpdesk.mail.markup import VOID, End, Start, Text, tokens
from helpdesk.mail.rendering import Lines

LONGEST = 500_000
"""Characters of HTML that are shown."""
DEEPEST = 60
"""Elements within elements; what lies deeper loses its tags and keeps its words."""
MOST_TAGS = 20_000
MOST_ENTITIES = 20_000
"""More of them take the sanitiser quadratic time; nobody writes so many."""

_TAGS = {
    *("a", "abbr", "b", "bdi", "bdo", "blockquote", "br", "caption", "center", "cite", "code"),
    *("col", "colgroup", "dd", "del", "dfn", "div", "dl", "dt", "em", "figcaption", "figure"),
    *("h1", "h2", "h3", "h4", "h5", "h6", "hr", "i", "img", "ins", "kbd", "li", "mark", "ol"),
    *("p", "pre", "q", "s", "samp", "small", "span", "strike", "strong", "sub", "sup", "table"),
    *("tbody", "td", "tfoot", "th", "thead", "time", "tr", "tt", "u", "ul", "var", "wbr"),
}
_ATTRIBUTES = {
    "*": {"dir", "lang"},
    "a": {"href", "title"},
    "img": {"src", "alt", "title", "width", "height"},
    "ol": {"start", "type"},
    "td": {"colspan", "rowspan", "align", "valign"},
    "th": {"colspan", "rowspan", "align", "valign"},
}
_ALONE = {"p", "li", "option", "dt", "dd"}
"""Elements that the next of their name closes."""
_LINK = re.compile(r"(?:https?://|mailto:|tel:)", re.IGNORECASE)
_REMOTE = re.compile(r"(?:https?:)?//", re.IGNORECASE)
_CID = re.compile(r"cid:", re.IGNORECASE)


@dataclass(frozen=True)
class SafeHtml:
    """HTML by allow-list. `remote_images` counts those that are held back (0 once shown)."""

    html: Markup
    remote_images: int


def as_text(html: str) -> str:
    """What a reader sees, as plain text; quotes get "> " before their lines. Never raises."""
    lines = Lines()
    for token in tokens(html[:LONGEST]):
        lines.take(token)
    return lines.text()


def page(text: str) -> str:
    """A plain text as HTML."""
    return f"<div>{escape(text).replace(chr(10), '<br>' + chr(10))}</div>"


def safe(
    html: str, image: Callable[[str], str | None] = lambda _: None, *, remote: bool = False
) -> SafeHtml:
    """The HTML without script, style, forms and frames; links open elsewhere and tell nobody.

    `image` gives the address of ours for a content id (see `Attachment.content_id`), or None;
    images from elsewhere stay only if `remote`. Never raises.
    """
    held = 0

    def address(_tag: str, attribute: str, value: str) -> str | None:
        nonlocal held
        if attribute == "href":
            return value if _LINK.match(value.strip()) else None
        if attribute != "src":
            return value
        if _CID.match(value):
            return image(value[4:].strip().strip("<>"))
        if not _REMOTE.match(value.strip()):
            return None
        held += not remote
        return value.strip() if remote else None

    tamed = _tamed(html[:LONGEST])
    if tamed.count("&") > MOST_ENTITIES:
        return SafeHtml(Markup(page(as_text(html))), 0)  # noqa: S704 -- all of it is escaped
    clean = nh3.clean(
        tamed,
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        attribute_filter=address,
        url_schemes={"http", "https", "mailto", "tel", "cid"},
        link_rel="noopener noreferrer nofollow",
        set_tag_attribute_values={"a": {"target": "_blank"}},
    )
    return SafeHtml(Markup(clean), held)  # noqa: S704 -- made by the sanitiser


def _tamed(html: str) -> str:
    """The same HTML with its tags balanced, few and not deep: what comes out of it takes the
    sanitiser time in proportion. It is not yet safe."""
    balance = _Balance()
    for token in tokens(html):
        if isinstance(token, Text):
            balance.made.append(escape(token.text, quote=False))
        elif isinstance(token, End):
            balance.close(token.name)
        elif token.name in _TAGS:
            balance.open(token)
    return balance.html()


class _Balance:
    """Tags as they are written, each closed where it must be."""

    def __init__(self) -> None:
        self.made: list[str] = []
        self.open_tags: list[str] = []
        self.count = 0

    def open(self, tag: Start) -> None:
        """Write an opening tag, unless there are too many already."""
        self.count += 1
        if self.count > MOST_TAGS:
            return
        if tag.name in _ALONE and self.open_tags[-1:] == [tag.name]:
            self.close(tag.name)
        if tag.name in VOID:
            self.made.append(_opening(tag))
        elif len(self.open_tags) < DEEPEST:
            self.open_tags.append(tag.name)
            self.made.append(_opening(tag))

    def close(self, name: str) -> None:
        """Close what is open down to the innermost element of that name, if there is one."""
        while name in self.open_tags:
            last = self.open_tags.pop()
            self.made.append(f"</{last}>")
            if last == name:
                return

    def html(self) -> str:
        """Everything, with nothing left open."""
        return "".join([*self.made, *(f"</{name}>" for name in reversed(self.open_tags))])


def _opening(tag: Start) -> str:
    allowed = _ATTRIBUTES["*"] | _ATTRIBUTES.get(tag.name, set())
    pairs = (
        f' {name}="{escape(value)}"' for name, value in tag.attributes.items() if name in allowed
    )
    silent = ' alt=""' if tag.name == "img" and "alt" not in tag.attributes else ""
    return f"<{tag.name}{''.join(pairs)}{silent}>"
