"""From the bytes of a mail to what stands in it. Nothing raises and nothing is dropped."""

from dataclasses import dataclass, field
from datetime import datetime

from helpdesk.mail.addresses import Mailbox

DEEPEST = 20
"""Levels of parts within parts; what lies deeper is kept as one attachment."""
MOST_PARTS = 500
"""Parts of a mail; the rest is kept as one attachment."""


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
class Mail:
    """A mail as it was read. Every text is clean: no NUL, no lone surrogate, lines end in LF."""

    sender: Mailbox
    """Who is in From, else in Sender or Return-Path; an empty Mailbox if nobody."""
    reply_to: tuple[Mailbox, ...]
    to: tuple[Mailbox, ...]
    cc: tuple[Mailbox, ...]
    delivered_to: tuple[str, ...]
    """Addresses it was handed to on its way (Delivered-To, X-Original-To, Envelope-To …)."""
    subject: str
    message_id: str
    """With its angle brackets, as in a header; "" if none."""
    in_reply_to: tuple[str, ...]
    references: tuple[str, ...]
    """Oldest first, at most 100: the first 10 and the last 90."""
    date: datetime | None
    """In UTC; None if none or nonsense. The sender's clock: never order by it."""
    text: str
    """What to read: the plain text, unwrapped where it flows; from the HTML if there is none."""
    html: str
    """As it came, "" if none: show it only through `hypertext.safe`."""
    text_is_from_html: bool
    attachments: tuple[Attachment, ...]
    headers: tuple[tuple[str, str], ...]
    """Name and decoded value, in order, one line each."""
    media_type: str
    """Of the whole mail, such as multipart/report."""
    problems: tuple[str, ...]
    """What was wrong with it, a sentence each, for the mail log."""
    raw_size: int

    def header(self, name: str) -> str:
        """The first value of a header, "" if it has none."""
        return next((value for key, value in self.headers if key.lower() == name.lower()), "")

    def all_headers(self, name: str) -> list[str]:
        """Every value of a header, top of the mail first."""
        return [value for key, value in self.headers if key.lower() == name.lower()]


def read(raw: bytes) -> Mail:
    """What stands in a mail; it never raises. Takes time and memory in proportion to its size."""
    raise NotImplementedError
