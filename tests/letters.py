"""Mails as they were written down, and the links in them."""

import re
from urllib.parse import urlsplit

from sqlalchemy import select

from helpdesk.core.db import session
from helpdesk.core.journal import JournalEntry
from helpdesk.mail.models import OutboundEmail

_LINK = re.compile(r"https?://\S+")


def letters(to: str | None = None, kind: str | None = None) -> list[OutboundEmail]:
    """What was written, oldest first."""
    statement = select(OutboundEmail).order_by(OutboundEmail.id)
    if to is not None:
        statement = statement.where(OutboundEmail.to_address == to)
    if kind is not None:
        statement = statement.where(OutboundEmail.kind == kind)
    return list(session.scalars(statement))


def link_in(letter: OutboundEmail) -> str:
    """The path of the first link in a mail."""
    found = _LINK.search(letter.text)
    assert found, letter.text
    return urlsplit(found.group()).path


def events(name: str) -> list[JournalEntry]:
    """What the journal tells of one kind of event, oldest first."""
    statement = select(JournalEntry).where(JournalEntry.event == name)
    return list(session.scalars(statement.order_by(JournalEntry.id)))
