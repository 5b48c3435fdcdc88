"""From the bytes of a mail to what stands in it. Nothing raises and nothing is dropped."""

import logging
import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from helpdesk.core.text import clean
from helpdesk.mail.addresses import NOBODY, Mailbox, mailboxes
from helpdesk.mail.mime.contents import Attachment, Contents, readable
from helpdesk.mail.mime.headers import Head, read_head
from helpdesk.mail.mime.parts import Part, Reading, take_apart
from helpdesk.mail.mime.words import Structured, eight_bits, text_of

__all__ = ["Attachment", "Mail", "id_at_top", "read"]

_log = logging.getLogger(__name__)

OLDEST_KEPT, NEWEST_KEPT = 10, 90
"""References that are kept of a longer list."""
MOST_MAILBOXES = 1_000
_LONGEST_LIST = 2_000_000
_TOP = 65_536
"""Bytes in which a Message-ID is looked for before the mail is read."""
_UNREADABLE = (ValueError, LookupError, ArithmeticError, TypeError, RecursionError)
_PATHS = ("delivered-to", "x-original-to", "envelope-to", "x-envelope-to", "x-delivered-to")
_IDENTIFIER = re.compile(r"<\s*([^<>\s]{1,990})\s*>")
_BARE = re.compile(r"[^<>\s,;()]{1,400}@[^<>\s,;()]{1,400}")
_NO_TYPE = Structured("")
_LETTERHEAD = re.compile(rb"[\s\x00]*(?=[!-9;-~]{1,80}[ \t]*:|>?From )")


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
    try:
        return _read(raw)
    except _UNREADABLE as error:
        # Nobody found out how yet; but a mail that breaks this code must not stop the others.
        _log.exception("A mail could not be taken apart")
        return _as_it_came(raw, f"It could not be taken apart: {type(error).__name__}.")


def id_at_top(raw: bytes) -> str:
    """The Message-ID of a mail that is not read yet, "" if none is found; it never raises, and
    takes no time to speak of, because a sender waits meanwhile."""
    try:
        return _message_id(read_head(_with_line_breaks(raw[:_TOP])))
    except _UNREADABLE:
        return ""


def _read(raw: bytes) -> Mail:
    reading = Reading(_with_line_breaks(raw))
    head = read_head(reading.raw)
    if not head.fields:
        head = replace(head, end=0)
        reading.complain("It has no headers.")
        if b"\0" in reading.raw:
            return _as_it_came(raw, "It is not a mail but a file of another kind.", text="")
    reading.complain(head.problem)
    root = take_apart(reading, head)
    contents = Contents(problems=reading.problems)
    text, html, from_html = readable(contents.blocks(root))
    if not text.strip():
        text = _first_text(contents.attachments)
    contents.look_inside(len(raw))
    return Mail(
        sender=_sender(head),
        reply_to=_people(head, "reply-to"),
        to=_people(head, "to"),
        cc=_people(head, "cc"),
        delivered_to=_delivered_to(head),
        subject=text_of(head.first("subject")),
        message_id=_message_id(head),
        in_reply_to=_identifiers(head, "in-reply-to"),
        references=_identifiers(head, "references"),
        date=_date(head),
        text=text,
        html=html,
        text_is_from_html=from_html,
        attachments=_seen_in(html, contents.attachments),
        headers=tuple((field.name, text_of(field.value)) for field in head.fields),
        media_type=root.media_type,
        problems=tuple(contents.problems),
        raw_size=len(raw),
    )


def _with_line_breaks(raw: bytes) -> bytes:
    """The bytes from the first header on, with line breaks that the rest understands."""
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        raw = raw.decode("utf-16", "replace").encode("utf-8", "replace")
    raw = raw.removeprefix(b"\xef\xbb\xbf")
    if b"\n" not in raw:
        raw = raw.replace(b"\r", b"\n")
    if raw[: raw.find(b"\n")].endswith(b"\r\r"):  # line ends were made CRLF twice
        raw = raw.replace(b"\r\r\n", b"\r\n")
    blank = _LETTERHEAD.match(raw)
    return raw[blank.end() :] if blank and blank.end() else raw


def _first_text(attachments: list[Attachment]) -> str:
    """Words that came only as a file are shown as well."""
    texts = (file for file in attachments if file.media_type == "text/plain" and not file.inside)
    first = next(texts, None)
    return clean(first.content[:100_000].decode("utf-8", "replace")) if first else ""


def _seen_in(html: str, attachments: list[Attachment]) -> tuple[Attachment, ...]:
    """The attachments; those that the HTML shows are inline, whatever they say."""
    shown = set(re.findall(r"cid:([^\"'\s)>]{1,500})", html))
    return tuple(
        replace(file, inline=True) if file.content_id and file.content_id in shown else file
        for file in attachments
    )


def _people(head: Head, name: str) -> tuple[Mailbox, ...]:
    values = [field.value for field in head.fields if field.name.lower() == name]
    text = eight_bits(b", ".join(values)[:_LONGEST_LIST])
    return mailboxes(text, MOST_MAILBOXES)


def _sender(head: Head) -> Mailbox:
    """Who wrote: From, else the next best that names an address."""
    for name in ("from", "sender", "resent-from", "x-sender", "return-path", "reply-to"):
        people = _people(head, name)
        if people:
            return people[0]
    return NOBODY


def _delivered_to(head: Head) -> tuple[str, ...]:
    found = [mailbox.address for name in _PATHS for mailbox in _people(head, name)]
    return tuple(dict.fromkeys(found))


def _identifiers(head: Head, name: str) -> tuple[str, ...]:
    """Message ids in a header, in angle brackets; bare ones where none has brackets."""
    values = [field.value for field in head.fields if field.name.lower() == name]
    text = eight_bits(b" ".join(values)[:_LONGEST_LIST])
    found = _IDENTIFIER.findall(text) or _BARE.findall(text[:20_000])
    known = [f"<{identifier}>" for identifier in dict.fromkeys(found)]
    if len(known) <= OLDEST_KEPT + NEWEST_KEPT:
        return tuple(known)
    return (*known[:OLDEST_KEPT], *known[-NEWEST_KEPT:])


def _message_id(head: Head) -> str:
    found = _identifiers(head, "message-id")
    if found:
        return found[0]
    bare = text_of(head.first("message-id")[:990]).strip("<> ")
    return f"<{bare}>" if bare and " " not in bare else ""


def _date(head: Head) -> datetime | None:
    value = text_of(head.first("date")[:200])
    try:
        date = parsedate_to_datetime(value)
        date = date.astimezone(UTC) if date.tzinfo else date.replace(tzinfo=UTC)
    except (ValueError, TypeError, OverflowError, IndexError):
        return None
    return date if 1970 <= date.year <= 2100 else None


def _as_it_came(raw: bytes, problem: str, text: str | None = None) -> Mail:
    """A mail that nothing is known of but its bytes."""
    text = clean(raw[:100_000].decode("utf-8", "replace")) if text is None else text
    whole = Contents()
    whole.attach(Part((), _NO_TYPE, _NO_TYPE), raw, "mail.eml")
    return Mail(
        sender=NOBODY,
        reply_to=(),
        to=(),
        cc=(),
        delivered_to=(),
        subject="",
        message_id="",
        in_reply_to=(),
        references=(),
        date=None,
        text=text,
        html="",
        text_is_from_html=False,
        attachments=tuple(whole.attachments),
        headers=(),
        media_type="application/octet-stream",
        problems=(problem,),
        raw_size=len(raw),
    )
