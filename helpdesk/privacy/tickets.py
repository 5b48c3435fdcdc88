"""Taking the words out of tickets. Who did what when, how it sounded and how it was rated stays, so
that every figure is what it was."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from sqlalchemy import ColumnElement, Select, Table, delete, insert, select, update

from helpdesk.core import files
from helpdesk.core.clock import now
from helpdesk.core.db import Model, after_commit, session
from helpdesk.core.text import one_line
from helpdesk.intake.models import InboundEmail, MailPiece
from helpdesk.mail.models import OutboundEmail
from helpdesk.privacy.models import ForgottenTicket
from helpdesk.surveys.models import FollowUp, Invitation, Response, ResponseRevision
from helpdesk.tickets import indexing
from helpdesk.tickets.bulk.models import BulkLine
from helpdesk.tickets.bulk.standing import without_fields
from helpdesk.tickets.models import (
    ERASED,
    PUBLIC,
    Attachment,
    Message,
    Ticket,
    TicketLink,
    TicketWatcher,
)

SUBJECT = "Erased request"
SOME = 400
"""Ids in one statement."""
_TONE: dict[str, Any] = {"phrases": None, "sentiment_why": None}


@dataclass
class Forgotten:
    """How many of what, and the files that are to be removed once this is kept."""

    counts: dict[str, int] = field(default_factory=dict)
    paths: list[str] = field(default_factory=list)

    def add(self, what: str, number: int) -> None:
        """So many more of these."""
        self.counts[what] = self.counts.get(what, 0) + number

    def remove_files_when_kept(self) -> None:
        """Take the files from disk once this transaction is kept."""
        for path in self.paths:
            after_commit(partial(files.remove, path))


def in_parts(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    """The ids, as many at a time as a statement takes."""
    for start in range(0, len(ids), SOME):
        yield ids[start : start + SOME]


def forget_words(ticket_ids: Sequence[int], done: Forgotten) -> None:
    """Empty these tickets of words, files, mails and people's names. Twice is harmless."""
    for some in in_parts(ticket_ids):
        messages = list(session.scalars(select(Message.id).where(Message.ticket_id.in_(some))))
        forget_messages(messages, done)
        _forget_mails_in(InboundEmail.ticket_id.in_(some), done)
        _forget_comments(Response.ticket_id.in_(some))
        for model in (TicketWatcher, TicketLink):
            session.execute(delete(model).where(model.ticket_id.in_(some)))
        _forget_what_hangs(some, "ticket")
        _forget_filled_in(some)
        values = {"subject": SUBJECT, "snippet": "", "filing_key": None}
        session.execute(update(Ticket).where(Ticket.id.in_(some)).values(values))
        known = set(
            session.scalars(
                select(ForgottenTicket.ticket_id).where(ForgottenTicket.ticket_id.in_(some))
            )
        )
        fresh = [{"ticket_id": one, "at": now()} for one in some if one not in known]
        if fresh:
            session.execute(insert(ForgottenTicket), fresh)
        done.add("tickets", len(some))
        indexing.read_into_index(some)


def forget_messages(message_ids: Sequence[int], done: Forgotten) -> None:
    """Empty these messages: what they say, their files, and the mails that carried them."""
    for some in in_parts(message_ids):
        files = select(Attachment.id, Attachment.path).where(Attachment.message_id.in_(some))
        for _, path in session.execute(files):
            done.paths.append(path)
            done.add("files", 1)
        session.execute(delete(Attachment).where(Attachment.message_id.in_(some)))
        carried = select(Message.outbound_id).where(
            Message.id.in_(some), Message.outbound_id.is_not(None)
        )
        forget_sent(carried, done)
        _forget_mails_in(InboundEmail.entry_id.in_(some), done)
        words = {
            "body": ERASED, "shown": None, "folded": None, "html": None, "left_out": None,
            "mail_id": None, "form_key": None, **_TONE,
        }  # fmt: skip
        session.execute(update(Message).where(Message.id.in_(some)).values(words))
        _forget_what_hangs(some, "message")
        done.add("messages", len(some))


def follow_last_words(message_ids: Sequence[int]) -> None:
    """Tickets of others on which these messages stand show the start of what is there by now."""
    for some in in_parts(message_ids):
        on = select(Message.ticket_id).where(Message.id.in_(some))
        for ticket in session.scalars(select(Ticket).where(Ticket.id.in_(on))):
            session.refresh(ticket)
            last = select(Message).where(Message.ticket_id == ticket.id, Message.kind.in_(PUBLIC))
            found = session.scalar(last.order_by(Message.id.desc()).limit(1))
            ticket.snippet = one_line(found.own_words[:400], 140) if found else ""
        indexing.read_into_index(set(session.scalars(on)))


def forget_sent(email_ids: Select[Any] | Sequence[int], done: Forgotten) -> None:
    """Empty mails that went out, and take back those that did not."""
    found = list(session.scalars(select(OutboundEmail).where(OutboundEmail.id.in_(email_ids))))
    for email in found:
        if email.next_try_at is not None:
            email.withdraw()
        email.to_address, email.to_name = "erased@erased.invalid", ""
        email.subject = email.text = email.html = ""
        email.headers, email.last_error = {}, None
    session.flush()
    done.add("mails", len(found))


def _forget_mails_in(condition: ColumnElement[bool], done: Forgotten) -> None:
    ids = list(session.scalars(select(InboundEmail.id).where(condition)))
    forget_received(ids, done)


def forget_received(inbound_ids: Sequence[int], done: Forgotten) -> None:
    """Empty mails that came in: their bytes, their sender, and what was read of them."""
    for some in in_parts(inbound_ids):
        session.execute(delete(MailPiece).where(MailPiece.email_id.in_(some)))
        empty: dict[str, Any] = {
            "sent_from": None, "sent_to": [], "message_id": "", "sender": "", "sender_name": "",
            "subject": "", "text": "", "attachments": [], "problems": [], "reason": "Erased.",
            "next_try_at": None,
        }  # fmt: skip
        session.execute(update(InboundEmail).where(InboundEmail.id.in_(some)).values(empty))
        done.add("mails", len(some))


def _forget_comments(condition: ColumnElement[bool]) -> None:
    ids = list(session.scalars(select(Response.id).where(condition)))
    forget_answers(ids)


def forget_answers(response_ids: Sequence[int]) -> None:
    """Empty answers of their words; scores, reasons and tone stay."""
    for some in in_parts(response_ids):
        # That there was a comment is counted.
        said = (Response.id.in_(some), Response.comment != "")
        session.execute(update(Response).where(*said).values(comment=ERASED, **_TONE))
        before = (ResponseRevision.response_id.in_(some), ResponseRevision.comment != "")
        session.execute(update(ResponseRevision).where(*before).values(comment=ERASED))
        session.execute(update(FollowUp).where(FollowUp.response_id.in_(some)).values(told=""))


def forget_invitations(condition: ColumnElement[bool], done: Forgotten) -> None:
    """Empty invitations of the address they went to, and their mails."""
    rows = session.execute(
        select(Invitation.id, Invitation.email_id, Invitation.reminder_id).where(condition)
    ).all()
    forget_sent([id_ for row in rows for id_ in row[1:] if id_ is not None], done)
    session.execute(update(Invitation).where(condition).values(email=None))


_SAID = frozenset(
    {"message", "attachment", "inbound_email", "survey_response", "survey_invitation"}
)
_KEPT = frozenset({"sla_clock", "ticket_pause", "ticket_to_index", "rule_decision"})


def _forget_what_hangs(ids: Sequence[int], on: str) -> None:
    """Free text of rows that belong to these tickets or messages, in whatever table: what people
    wrote into drafts, fields and lists is words too."""
    for table in Model.metadata.sorted_tables:
        if table.name in _SAID | _KEPT | {on, "forgotten_ticket", "survey_follow_up"}:
            continue
        for key in table.foreign_keys:
            if key.column.table.name == on and key.column.name == "id":
                _empty(table, key.parent.name, ids)


def _forget_filled_in(ids: Sequence[int]) -> None:
    """What stood in fields before and after bulk edits; whoever undoes one leaves them empty."""
    lines = select(BulkLine).where(BulkLine.ticket_id.in_(ids), BulkLine.before.is_not(None))
    for line in session.scalars(lines):
        line.before, line.after = without_fields(line.before), without_fields(line.after)


def _empty(table: Table, owner: str, ids: Sequence[int]) -> None:
    values: dict[str, Any] = {
        column.name: None if column.nullable else ""
        for column in table.columns
        if is_free_text(column) and not column.unique
    }
    if values:
        statement = update(table).where(table.c[owner].in_(ids)).values(values)
        session.execute(statement)


def is_free_text(column: Any) -> bool:
    """Whether somebody may have written sentences there: text without a length."""
    kind = column.type
    plain = type(kind).__name__ in ("String", "Text") and kind.length is None
    return plain and not column.primary_key and not column.foreign_keys and column.computed is None
