"""A mail as it came, safe in the database: before that nothing is acknowledged."""

import hashlib
import zlib
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import insert, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql.dml import ReturningInsert

from helpdesk.core.clock import now
from helpdesk.core.crash import crash_point
from helpdesk.core.db import db, session
from helpdesk.core.errors import HelpdeskError
from helpdesk.core.settings import settings
from helpdesk.core.text import one_line
from helpdesk.intake.jobs import process_due
from helpdesk.intake.models import Door, InboundEmail, MailPiece
from helpdesk.mail.parsing import id_at_top

PIECE = 1024 * 1024
"""Bytes of a piece, so that no statement carries a whole large mail."""
LARGEST_PACKED = 4 * 1024 * 1024
"""Bytes up to which a mail is compressed. A larger one is made of files that are compressed
already, and would keep its sender waiting for little."""
MOST_RECIPIENTS = 100
"""Recipients of the envelope that are remembered."""


class NeverTaken(HelpdeskError):
    """This can never be taken as a mail, however often it is tried."""

    status = 422


class TooLarge(NeverTaken):
    """The mail is larger than any that is taken."""

    status = 413


@dataclass(frozen=True)
class Kept:
    """A mail that is kept once the transaction is: its row, its hash, whether it is new."""

    id: int
    sha256: str
    is_new: bool


def digest(raw: bytes) -> str:
    """SHA-256 over the mail with CRLF and CR made LF and the line ends at its end taken off, as a
    hexadecimal number: mail servers change these and nothing else."""
    lines = raw.replace(b"\r\n", b"\n") if b"\r" in raw else raw
    lines = lines.replace(b"\r", b"\n") if b"\r" in lines else lines
    return hashlib.sha256(lines.rstrip(b"\n")).hexdigest()


def largest() -> int:
    """Bytes of the largest mail that is taken."""
    return settings().max_mail_mb * 1024 * 1024


def keep(
    raw: bytes,
    door: Door,
    *,
    mailbox_id: int | None = None,
    sent_from: str | None = None,
    sent_to: Iterable[str] = (),
) -> Kept:
    """Keep a mail in the current transaction; acknowledge it once that is committed.

    The same bytes again are the same row. Raises NeverTaken for nothing at all, and TooLarge.
    """
    if not raw.strip():
        raise NeverTaken("There is no mail here: not one character.")
    if len(raw) > largest():
        raise TooLarge(f"The mail is larger than {settings().max_mail_mb} MB.")
    crash_point("mail_read")
    sha256, packed = digest(raw), len(raw) <= LARGEST_PACKED
    at = now()
    values: dict[str, object] = {
        "sha256": sha256,
        "door": door,
        "mailbox_id": mailbox_id,
        "sent_from": None if sent_from is None else one_line(sent_from, 320),
        "sent_to": [one_line(address, 320) for address, _ in zip(sent_to, range(MOST_RECIPIENTS))],  # noqa: B905 - the shorter one ends it
        "size": len(raw),
        "message_id": one_line(id_at_top(raw), 1000),
        "packed": packed,
        "received_at": at,
        "next_try_at": at,
        "attachments": [],
        "problems": [],
    }
    new_id: int | None = session.execute(_insert_unless_there(values)).scalar()
    if new_id is None:
        return _seen_again(sha256)
    content = zlib.compress(raw, 1) if packed else raw
    for number, start in enumerate(range(0, len(content), PIECE)):
        piece = content[start : start + PIECE]
        session.execute(insert(MailPiece).values(email_id=new_id, number=number, content=piece))
    crash_point("mail_written")
    process_due.enqueue_once()
    return Kept(new_id, sha256, True)


def _insert_unless_there(values: dict[str, object]) -> ReturningInsert[int]:
    """Whoever comes second waits for the first to commit, and then finds its row."""
    kind = sqlite.insert if db.engine.dialect.name == "sqlite" else postgresql.insert
    statement = kind(InboundEmail).values(**values)
    return statement.on_conflict_do_nothing(index_elements=["sha256"]).returning(InboundEmail.id)


def _seen_again(sha256: str) -> Kept:
    same = session.scalar(
        update(InboundEmail)
        .where(InboundEmail.sha256 == sha256)
        .values(arrivals=InboundEmail.arrivals + 1)
        .returning(InboundEmail.id)
    )
    return Kept(same or 0, sha256, False)
