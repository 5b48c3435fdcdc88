"""The conversation of a ticket: messages, and between them what happened, oldest first."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Integer, Row, bindparam, func, literal_column, select

from helpdesk.accounts.models import Account
from helpdesk.core.db import ask, session
from helpdesk.core.files import RASTER_IMAGES
from helpdesk.core.ids import END_OF_IDS
from helpdesk.core.journal import JournalEntry
from helpdesk.customers.models import Customer
from helpdesk.desk.people import People
from helpdesk.desk.quotes import split_quote
from helpdesk.desk.sentences import TOLD_BY_MESSAGES, Entry, sentence
from helpdesk.mail.models import OutboundEmail
from helpdesk.tickets.models import Attachment, Message, MessageKind

AT_FIRST = 100
"""Messages shown before one asks for the earlier ones."""
MOST = 2000

DELIVERY = {
    "queued": ("", "on its way"),
    "sending": ("", "being sent"),
    "accepted": ("", "mailed"),
    "bounced": ("bad", "came back"),
    "in_doubt": ("warn", "perhaps not delivered"),
    "parked": ("bad", "could not be sent"),
    "withdrawn": ("", "taken back"),
}
"""State of the mail that carries a reply → colour and words."""


@dataclass(frozen=True, slots=True)
class File:
    """A file on a message."""

    id: str
    name: str
    size: int
    is_image: bool


@dataclass(frozen=True, slots=True)
class Said:
    """A message in the thread. `label` is its tone, `delivery` colour and words of its mail."""

    id: int
    at: datetime
    kind: str
    who: str
    channel: str
    text: str
    quote: str
    quote_lines: int
    phrases: tuple[tuple[str, float], ...]
    label: str | None
    polarity: float | None
    why: str | None
    delivery: tuple[str, str] | None
    delivery_error: str | None
    files: tuple[File, ...]
    is_new: bool
    has_html: bool = False
    left_out: tuple[tuple[str, int, str], ...] = ()
    """Files of its mail that are not kept as files: name, bytes, and why."""
    came_to: int | None = None
    """The ticket that it came to, where that is another one."""


@dataclass(frozen=True, slots=True)
class Happened:
    """Something between the messages, in one sentence; `number` is a ticket it leads to."""

    at: datetime
    text: str
    is_new: bool
    number: int | None = None


@dataclass(frozen=True)
class Thread:
    """What is shown, how much came before it, and the last ids of messages and entries seen."""

    items: Sequence[Said | Happened]
    earlier: int
    last_message: int
    last_entry: int
    new: Sequence[Said | Happened] = field(default=())


_MESSAGES = (
    select(
        Message.id,
        Message.kind,
        Message.channel,
        Message.body,
        Message.created_at,
        Message.polarity,
        Message.sentiment_label,
        Message.sentiment_why,
        Message.phrases,
        Account.name.label("author"),
        Customer.name.label("customer"),
        Message.shown,
        Message.folded,
        Message.html.is_not(None).label("has_html"),
        Message.left_out,
        Message.came_to_id,
        OutboundEmail.state.label("delivery"),
        OutboundEmail.last_error,
    )
    .outerjoin(Account, Account.id == Message.author_id)
    .outerjoin(Customer, Customer.id == Message.customer_id)
    .outerjoin(OutboundEmail, OutboundEmail.id == Message.outbound_id)
    .where(Message.ticket_id == bindparam("ticket"))
    .order_by(Message.id.desc())
    .limit(bindparam("most", type_=Integer))
)
_FILES = (
    select(
        Attachment.message_id,
        Attachment.id,
        Attachment.name,
        Attachment.size,
        Attachment.media_type,
    )
    .where(Attachment.ticket_id == bindparam("ticket"))
    .order_by(Attachment.created_at, Attachment.id)
)
# Names of our own; as parameters they would be put into the statement anew for each page.
_NOT_TOLD: list[ColumnElement[str]] = [
    literal_column(f"'{name}'") for name in sorted(TOLD_BY_MESSAGES)
]
_ENTRIES = (
    select(
        JournalEntry.id,
        JournalEntry.at,
        JournalEntry.event,
        JournalEntry.data,
        JournalEntry.actor_id,
        JournalEntry.actor_name,
    )
    .where(
        JournalEntry.subject_kind == "ticket",
        JournalEntry.subject_id == bindparam("ticket"),
        JournalEntry.event.not_in(_NOT_TOLD),
    )
    .order_by(JournalEntry.id.desc())
    .limit(bindparam("most", type_=Integer))
)


def thread_of(
    ticket_id: int,
    who: People,
    *,
    has_files: bool = True,
    whole: bool = False,
    seen: tuple[int, int] | None = None,
) -> Thread:
    """The conversation of a ticket that the viewer may see, notes included.

    `seen` are the last ids of messages and of journal entries that a stale form had shown;
    whatever came after them is marked new.
    """
    most = MOST if whole else AT_FIRST
    rows = ask(_MESSAGES, {"ticket": ticket_id, "most": most + 1}).all()
    entries = ask(_ENTRIES, {"ticket": ticket_id, "most": most * 2}).all()
    files = _files(ticket_id) if has_files else {}
    earlier = 0 if len(rows) <= most else _count(ticket_id) - most
    message_seen, entry_seen = seen or (END_OF_IDS, END_OF_IDS)
    said: list[Said | Happened] = [
        _said(row, files.get(row.id, ()), row.id > message_seen) for row in rows[:most]
    ]
    since = said[-1].at if earlier else None
    happened: list[Said | Happened] = [
        _happened(row, who, row.id > entry_seen)
        for row in entries
        if since is None or row.at >= since
    ]
    # Sorting is stable: what a message brought about stands below it.
    items = sorted([*reversed(said), *reversed(happened)], key=lambda item: item.at)
    return Thread(
        items,
        earlier,
        rows[0].id if rows else 0,
        entries[0].id if entries else 0,
        [item for item in items if item.is_new],
    )


def _count(ticket_id: int) -> int:
    return session.scalar(select(func.count()).where(Message.ticket_id == ticket_id)) or 0


def _files(ticket_id: int) -> dict[int, list[File]]:
    found: dict[int, list[File]] = {}
    for row in ask(_FILES, {"ticket": ticket_id}):
        file = File(row.id, row.name, row.size, row.media_type in RASTER_IMAGES)
        found.setdefault(row.message_id, []).append(file)
    return found


def _said(row: Row[*tuple[Any, ...]], files: Sequence[File], is_new: bool) -> Said:
    text, quote = _unfolded(row)
    return Said(
        row.id,
        row.created_at,
        row.kind.value,
        row.customer or row.author or _NOBODY[row.kind],
        row.channel,
        text,
        quote,
        quote.count("\n") + 1 if quote else 0,
        tuple([(phrase, share) for phrase, share in row.phrases or ()]),
        row.sentiment_label,
        row.polarity,
        row.sentiment_why,
        DELIVERY.get(row.delivery) if row.delivery else None,
        row.last_error,
        tuple(files),
        is_new,
        row.has_html,
        tuple([(name, size, why) for name, size, why in row.left_out or ()]),
        row.came_to_id,
    )


def _unfolded(row: Row[*tuple[Any, ...]]) -> tuple[str, str]:
    """What is shown and what is folded below it. With a mail that was decided when it was read."""
    if row.channel == "mail":
        return (row.body, "") if row.shown is None else (row.shown, row.folded or "")
    return split_quote(row.body)


_NOBODY = {
    MessageKind.CUSTOMER: "Customer",
    MessageKind.AGENT: "Support",
    MessageKind.NOTE: "Note",
    MessageKind.AUTOMATIC: "Automatic answer",
}


def _happened(row: Row[*tuple[Any, ...]], who: People, is_new: bool) -> Happened:
    text = sentence(Entry(row.event, row.data, row.actor_id, row.actor_name, who))
    number = row.data.get("follow_up_id") or row.data.get("other_id")
    return Happened(row.at, text, is_new, number)
