"""What the parts of a mail are for: text to be read, and files."""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from helpdesk.core.text import clean
from helpdesk.mail.hypertext import LONGEST, as_text, page
from helpdesk.mail.mime import transfer
from helpdesk.mail.mime.charsets import decode
from helpdesk.mail.mime.flowed import unwrapped
from helpdesk.mail.mime.headers import read_head
from helpdesk.mail.mime.names import file_name
from helpdesk.mail.mime.parts import DEEPEST, MOST_PARTS, Part, Reading, take_apart

LONGEST_TEXT = 1_200_000
"""Characters of a text that are shown; a longer one is also kept whole, as a file."""
READABLE = {"text/plain": "text.txt", "text/html": "text.html"}

_META = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?([\w.:-]{1,40})""", re.IGNORECASE)
_INSTEAD = re.compile(r"html|view (?:this|it) (?:message|e-?mail)|browser", re.IGNORECASE)
_MOST_FILES_IN_TEXT = 50


@dataclass(frozen=True)
class Attachment:
    """A file in a mail. `name` is one line without a path and never empty; `size` in bytes.

    `inside` names the attached message that it came in ("" for the mail itself): that message is
    an attachment too and holds it already.
    """

    name: str
    media_type: str
    content: bytes = field(repr=False)
    size: int
    sha256: str
    content_id: str = ""
    """Without its angle brackets; the HTML may show it as cid:…"""
    inline: bool = False
    """Meant to be seen within the text."""
    inside: str = ""


@dataclass(frozen=True)
class Block:
    """A stretch of the mail's text: plain, HTML, or both where they are alternatives."""

    text: str = ""
    html: str = ""


@dataclass
class Contents:
    """What was found in a mail so far."""

    attachments: list[Attachment] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    def blocks(self, part: Part) -> list[Block]:
        """The text of a part and of those below it; its files go to `attachments`."""
        if part.media_type == "multipart/alternative":
            found = self._alternatives(part)
        elif part.parts:
            found = [block for child in part.parts for block in self.blocks(child)]
        elif is_text(part):
            found = [self._text(part)]
        else:
            self.attach(part)
            found = []
        tail = clean(decode(part.tail[:LONGEST_TEXT])) if part.tail.strip() else ""
        return [*found, Block(text=tail)] if tail else found

    def attach(self, part: Part, content: bytes | None = None, name: str = "") -> Attachment:
        """Keep a part, or `content` that stood in it, as a file."""
        data = part.body if content is None else content
        identifier = part_header(part, "content-id").strip().strip("<>").strip()
        attachment = Attachment(
            name=name or file_name(part, len(self.attachments) + 1),
            media_type=part.media_type if content is None else "application/octet-stream",
            content=data,
            size=len(data),
            sha256=hashlib.sha256(data).hexdigest(),
            content_id=identifier[:500] if content is None else "",
            inline=part.disposition.value == "inline" and part.media_type.startswith("image/"),
        )
        self.attachments.append(attachment)
        return attachment

    def look_inside(self, raw_size: int) -> None:
        """Add the files of attached messages to those of the mail, for whoever has no program to
        open such a message; together at most twice as many bytes as the mail has."""
        left, waiting = 2 * raw_size, [file for file in self.attachments if is_message(file)]
        while waiting and left > 0 and len(self.attachments) < MOST_PARTS:
            message = waiting.pop(0)
            depth = message.inside.count("/") + 1
            inner = Contents()
            reading = Reading(message.content, count=len(self.attachments))
            inner.blocks(take_apart(reading, read_head(reading.raw)))
            for file in inner.attachments:
                left -= file.size
                if left < 0:
                    return
                found = replace(file, inside=f"{message.inside}/{message.name}".strip("/"))
                self.attachments.append(found)
                if is_message(found) and depth < DEEPEST:
                    waiting.append(found)

    def _alternatives(self, part: Part) -> list[Block]:
        """One text in several forms: the plainest and the richest are kept together (RFC 2046,
        5.1.4). Plain ones that differ are all kept."""
        found = [self.blocks(child) for child in part.parts]
        plain = [blocks for blocks in found if blocks and not any(b.html for b in blocks)]
        rich = [blocks for blocks in found if any(block.html for block in blocks)]
        texts = list(dict.fromkeys(_join(b.text for b in blocks) for blocks in plain))
        text = _join(texts)
        if not rich:
            return [Block(text=text)]
        html = "\n".join(block.html or page(block.text) for block in rich[-1])
        if not text.strip() or _stands_in(text, html):
            return [Block(html=html)]
        return [Block(text=text, html=html)]

    def _text(self, part: Part) -> Block:
        if len(part.body) >= 4 * LONGEST_TEXT:
            self._keep_whole(part)
            part = replace(part, body=part.body[: 4 * LONGEST_TEXT])
        if part.media_type == "text/html":
            return Block(html=self._cut(part, _characters(part)))
        data = self._without_files(part)
        text = _characters(replace(part, body=data))
        parameters = part.content_type.parameters
        if parameters.get("format", "").lower() == "flowed":
            delete_space = parameters.get("delsp", "").lower() == "yes"
            text = unwrapped(text.replace("\r\n", "\n"), delete_space=delete_space)
        return Block(text=self._cut(part, clean(text)))

    def _cut(self, part: Part, text: str) -> str:
        limit = LONGEST if part.media_type == "text/html" else LONGEST_TEXT
        if len(text) <= limit:
            return text
        if len(part.body) < 4 * LONGEST_TEXT:
            self._keep_whole(part)
        return text[:limit]

    def _keep_whole(self, part: Part) -> None:
        self.problems.append("The text is very long; all of it is in an attachment.")
        self.attach(part, part.body, READABLE[part.media_type])

    def _without_files(self, part: Part) -> bytes:
        """The bytes of a plain text after the files that stand in it were taken out."""
        data = part.body
        for find, mark in ((transfer.uuencoded, b"begin "), (transfer.yencoded, b"=ybegin ")):
            pieces, at = [], 0
            for _ in range(_MOST_FILES_IN_TEXT):
                block = find(data, at) if mark in data else None
                if block is None:
                    break
                name = file_name(part, len(self.attachments) + 1, decode(block.name))
                self.attach(part, block.content, name)
                pieces.append(data[at : block.start])
                at = block.end
            data = b"".join([*pieces, data[at:]])
        return data


def is_text(part: Part) -> bool:
    """Whether a part is there to be read, and not a file that happens to be text."""
    named = part.disposition.parameters.get("filename") or part.content_type.parameters.get("name")
    return part.media_type in READABLE and part.disposition.value != "attachment" and not named


def is_message(file: Attachment) -> bool:
    """Whether a file is a mail of its own."""
    return file.media_type in {"message/rfc822", "message/global"}


def part_header(part: Part, name: str) -> str:
    """The first value of a part's header as it stands, "" if it has none."""
    found = (field.value for field in part.fields if field.name.lower() == name)
    return decode(next(found, b""))


def readable(blocks: list[Block]) -> tuple[str, str, bool]:
    """Text, HTML, and whether the text was made of the HTML."""
    text = _join(block.text or as_text(block.html) for block in blocks).replace("\ufeff", "")
    html = ""
    if any(block.html for block in blocks):
        html = "\n".join(block.html or page(block.text) for block in blocks)
    return text, html, bool(html) and not any(block.text for block in blocks)


def _characters(part: Part) -> str:
    declared = part.content_type.parameters.get("charset", "")
    if part.media_type == "text/html" and not declared:
        found = _META.search(part.body[:4096])
        declared = found[1].decode("ascii") if found else ""
    return decode(part.body, declared)


def _join(texts: Iterable[str]) -> str:
    return "\n\n".join(text for text in texts if text.strip())


def _stands_in(text: str, html: str) -> bool:
    """Whether a plain part only says that there is a better one."""
    return len(text) < 250 and bool(_INSTEAD.search(text)) and len(as_text(html)) > 2 * len(text)
