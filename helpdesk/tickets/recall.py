"""Taking a reply back before it goes out.

With each reply is kept how the ticket stood before it. For a few seconds, while none of its mails
was claimed by a worker, the message can be taken back: its mails are withdrawn, the ticket stands
as if it had never been sent, with what came meanwhile counted anew, and its text goes back to its
writer.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, select

from helpdesk.accounts.models import STAFF, Account
from helpdesk.core.clock import now
from helpdesk.core.db import gather, session
from helpdesk.core.errors import Conflict, NotFound
from helpdesk.core.journal import JournalEntry, record
from helpdesk.core.text import one_line
from helpdesk.mail.models import Delivery, OutboundEmail
from helpdesk.tickets import clocks, uploads
from helpdesk.tickets.events import TicketEvent
from helpdesk.tickets.mailing import mail_reply
from helpdesk.tickets.models import PUBLIC, Attachment, Message, MessageKind, Status, Ticket
from helpdesk.tickets.pauses import PAUSING, pauses_of
from helpdesk.tickets.sending import SentReply, sent_reply
from helpdesk.tickets.standing import Standing, standing_of

STATUS_EVENTS = ("StatusChanged", "TicketResolved", "TicketReopened", "TicketClosed")
UNDONE = (*STATUS_EVENTS, "AgentReplied", "TicketAssigned", "SlaMet", "SlaMetLate")
"""What a reply brings about that has not happened when it is taken back."""


@dataclass(frozen=True)
class ReplyTakenBack(TicketEvent):
    """An agent took a reply back before it was mailed."""

    ticket_id: int
    customer_id: int
    message_id: int


@dataclass(frozen=True)
class Undone(TicketEvent):
    """What an entry told of was taken back with its reply; `was` is what it said."""

    ticket_id: int
    what: str
    was: dict[str, Any]


def mail(ticket: Ticket, message: Message, before: Standing, *, by: Account) -> None:
    """Write down the mails that carry a reply, and how the ticket stood before it. How it stands
    afterwards is looked at when the transaction ends: more belongs to one press of a button."""
    mails = mail_reply(ticket, message, by)
    message.outbound_id = mails.to_customer
    session.add(
        SentReply(
            message_id=message.id,
            ticket_id=message.ticket_id,
            author_id=by.id,
            sent_at=message.created_at,
            email_ids=mails.all,
            before=before.stored(),
            after={},
            first_entry=before.last_entry,
            last_entry=before.last_entry,
        )
    )
    gather([message.id], _settle)


def _settle(message_ids: set[int]) -> None:
    for message_id in message_ids:
        sent = session.get_one(SentReply, message_id)
        after = standing_of(session.get_one(Ticket, sent.ticket_id))
        sent.after, sent.last_entry = after.stored(), after.last_entry


def take_back(ticket: Ticket, message_id: int, *, by: Account) -> str:
    """Take a reply back, and hand its text to its writer. The caller holds the lock of the ticket.
    Twice is harmless; the text comes once.

    Raises NotFound when it is not theirs, Conflict when it is on its way already.
    """
    sent = sent_reply(message_id)
    if sent is None or sent.author_id != by.id:
        raise NotFound("There is no such reply of yours that could be taken back.")
    if sent.taken_back_at is not None:
        return ""
    message = session.get(Message, message_id)
    if message is None or message.ticket_id != ticket.id or sent.ticket_id != ticket.id:
        raise Conflict("It belongs to another ticket by now and cannot be taken back.")
    if not sent.may_be_taken_back(now()) or not _withdraw_mails(sent):
        raise Conflict("It is on its way already and cannot be taken back.")
    text = message.body
    _undo(sent, message, ticket, by)
    return text


def _withdraw_mails(sent: SentReply) -> bool:
    """All or none: a mail that a worker has, had or tried may have arrived."""
    wanted = select(OutboundEmail).where(OutboundEmail.id.in_(sent.email_ids))
    locked = wanted.order_by(OutboundEmail.id).with_for_update()
    emails = list(session.scalars(locked, execution_options={"populate_existing": True}))
    if any(email.state is not Delivery.QUEUED or email.attempts for email in emails):
        return False
    for email in emails:
        email.withdraw()
    return True


def _undo(sent: SentReply, message: Message, ticket: Ticket, by: Account) -> None:
    sent.taken_back_at = now()
    sent.form_key = uploads.new_form_key()
    _give_back_files(message, uploads.draft_of(sent.form_key, by.id))
    session.delete(message)
    _mark_own(sent)
    session.flush()
    _restore(ticket, sent)
    ticket.version += 1
    session.flush()
    clocks.refresh(ticket)
    record(ReplyTakenBack(ticket.id, ticket.customer_id, sent.message_id), by=by)


def _give_back_files(message: Message, draft_key: str) -> None:
    for file in session.scalars(select(Attachment).where(Attachment.message_id == message.id)):
        file.ticket_id, file.message_id, file.draft_key = None, None, draft_key
    session.flush()
    session.expire(message, ["attachments"])


def _mark_own(sent: SentReply) -> None:
    """Its entries stay in the journal, and are counted as what they told of no more."""
    own = _entries(sent).where(JournalEntry.id <= sent.last_entry, JournalEntry.event.in_(UNDONE))
    for entry in session.scalars(own.with_for_update()):
        mark_undone(entry)


def mark_undone(entry: JournalEntry) -> None:
    """It stays in the journal, and is counted as what it told of no more."""
    undone = {"ticket_id": entry.subject_id, "what": entry.event, "was": entry.data}
    entry.event, entry.data, entry.tell_at = Undone.__name__, undone, None


def _entries(sent: SentReply) -> Select[JournalEntry]:
    return select(JournalEntry).where(
        JournalEntry.subject_kind == "ticket",
        JournalEntry.subject_id == sent.ticket_id,
        JournalEntry.id > sent.first_entry,
    )


def _restore(ticket: Ticket, sent: SentReply) -> None:
    """The ticket as it was before, and what came since on top of that."""
    before, after = Standing.read(sent.before), Standing.read(sent.after)
    later = list(session.scalars(_entries(sent).where(JournalEntry.id > sent.last_entry)))
    wrote = _later_messages(sent)
    if ticket.version == after.version:
        ticket.active_at = before.moments["active_at"] or ticket.active_at
    before.put_moments(ticket)
    for message in wrote:
        if message.kind is MessageKind.CUSTOMER:
            ticket.note_question(message.created_at, by_themselves=False)
        elif message.kind is MessageKind.AGENT:
            ticket.note_reply(message.created_at)
    if not _changed(later, ("TicketAssigned",)) and ticket.assignee_id == after.assignee_id:
        ticket.assignee_id = before.assignee_id
    if not _changed(later, STATUS_EVENTS):
        _restore_status(ticket, before, wrote, later)
    if ticket.resolved_at is not None:
        ticket.waiting_since = None
    ticket.snippet = _snippet(ticket)
    before.put_clocks(ticket)


def _later_messages(sent: SentReply) -> Sequence[Message]:
    statement = select(Message).where(
        Message.ticket_id == sent.ticket_id, Message.id > sent.message_id
    )
    return session.scalars(statement.order_by(Message.id)).all()


def _changed(later: Sequence[JournalEntry], events: Sequence[str]) -> bool:
    """Whether a colleague, or a rule, did something of the kind since. What a customer's message
    brought about by itself follows from where the ticket stood, and is worked out anew."""
    wrote = any(entry.event == "CustomerWrote" for entry in later)
    staff = select(Account.id).where(Account.role.in_(STAFF))
    by_staff = set(session.scalars(staff))
    return any(
        entry.event in events and (entry.actor_id in by_staff or not wrote) for entry in later
    )


def _restore_status(
    ticket: Ticket,
    before: Standing,
    wrote: Sequence[Message],
    later: Sequence[JournalEntry],
) -> None:
    asked = [message for message in wrote if message.kind is MessageKind.CUSTOMER]
    opened = [entry for entry in later if entry.event in ("TicketReopened", "StatusChanged")]
    closed_to_us = before.status in (*PAUSING, Status.RESOLVED)
    for entry in () if closed_to_us else opened:
        mark_undone(entry)  # it was open all the time
    ticket.status = before.status
    ticket.resolved_at = before.moments["resolved_at"]
    ticket.reopenings = before.reopenings
    known = {id_ for id_, _ in before.pauses}
    lasting = {id_ for id_, lasts in before.pauses if lasts}
    for pause in pauses_of(ticket):
        if pause.id not in known:
            session.delete(pause)
        elif pause.id in lasting:
            pause.ended_at = pause.ended_by_id = pause.ended_because = None
    session.flush()
    if asked and closed_to_us:
        _reopen(ticket, asked[0])


def _reopen(ticket: Ticket, message: Message) -> None:
    """What the customer's message would have done."""
    if ticket.status is Status.RESOLVED:
        ticket.reopenings += 1
        ticket.resolved_at = None
    ticket.status = Status.OPEN
    for pause in pauses_of(ticket):
        if pause.ended_at is None:
            pause.ended_at, pause.ended_because = message.created_at, "the customer wrote"


def _snippet(ticket: Ticket) -> str:
    last = select(Message).where(Message.ticket_id == ticket.id, Message.kind.in_(PUBLIC))
    message = session.scalar(last.order_by(Message.id.desc()).limit(1))
    return one_line(message.own_words[:400], 140) if message else ""
