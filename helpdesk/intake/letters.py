"""A mail as it is acted on: what stands in it, what kind it is, and what makes it itself."""

import hashlib
import json
from dataclasses import dataclass

from sqlalchemy import select

from helpdesk.core.db import session
from helpdesk.core.settings import settings
from helpdesk.core.text import clean
from helpdesk.intake.models import Mailbox
from helpdesk.mail.classes import Verdict, classify
from helpdesk.mail.identity import topic_of
from helpdesk.mail.parsing import Mail, read
from helpdesk.mail.reply import Reply, split


@dataclass(frozen=True)
class Letter:
    """A mail that was read, before anything is done about it."""

    mail: Mail
    verdict: Verdict
    reply: Reply
    identity: str
    """Equal for two copies of one mail that came by different ways."""

    @property
    def text(self) -> str:
        """The writer's own words; everything where they only quoted."""
        return clean(self.reply.own or self.reply.shown)

    @property
    def sender(self) -> str:
        """The address in From, in lower case; "" if none."""
        return self.mail.sender.key


def open_letter(raw: bytes, ours: frozenset[str]) -> Letter:
    """Read a mail; `ours` are the addresses that we send from and that come to us."""
    mail = read(raw)
    verdict = classify(mail, ours, lambda id_: topic_of(id_) is not None)
    return Letter(mail, verdict, split(mail.text, mail.subject), identity_of(mail))


def our_addresses() -> frozenset[str]:
    """Addresses, in lower case, at which mail reaches us; asked within a transaction."""
    mine = settings().mailbox[1].lower()
    return frozenset({mine, *session.scalars(select(Mailbox.address))})


def identity_of(mail: Mail) -> str:
    """A hash over Message-ID and content, without what servers add on the way (trace headers) or
    change (encodings, line ends): two mails with the same one are the same mail."""
    names = ("From", "Sender", "Reply-To", "To", "Cc", "Date", "Subject", "In-Reply-To")
    headers = [" ".join(mail.header(name).split()) for name in names]
    files = [[file.name, file.sha256] for file in mail.attachments]
    words = [mail.media_type, mail.text.strip(), mail.html.strip()]
    whole = [mail.message_id, *headers, *mail.references, *words, files]
    return hashlib.sha256(json.dumps(whole).encode()).hexdigest()
