"""Mails as they were written down, and the links in them."""

import re
from email.message import EmailMessage
from urllib.parse import urlsplit

from sqlalchemy import select

from helpdesk.core.db import session
from helpdesk.core.journal import JournalEntry
from helpdesk.mail.models import OutboundEmail
from tests.servers.smtp import text_of

_LINK = re.compile(r"https?://\S+")


def letters(to: str | None = None, kind: str | None = None) -> list[OutboundEmail]:
    """What was written, oldest first."""
    statement = select(OutboundEmail).order_by(OutboundEmail.id)
    if to is not None:
        statement = statement.where(OutboundEmail.to_address == to)
    if kind is not None:
        statement = statement.where(OutboundEmail.kind == kind)
    return list(session.scalars(statement))


def link_in(letter: OutboundEmail | EmailMessage) -> str:
    """The path of the first link in a mail, as it was written down or as it arrived: one that went
    is not kept with its link."""
    text = text_of(letter) if isinstance(letter, EmailMessage) else letter.text
    found = _LINK.search(text)
    assert found, text
    return urlsplit(found.group()).path


def events(name: str) -> list[JournalEntry]:
    """What the journal tells of one kind of event, oldest first."""
    statement = select(JournalEntry).where(JournalEntry.event == name)
    return list(session.scalars(statement.order_by(JournalEntry.id)))
