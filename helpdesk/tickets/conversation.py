"""Filing, writing, replying: every door uses these, whatever the entrance."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import bindparam, inspect, select
from sqlalchemy.exc import IntegrityError

from helpdesk.accounts.models import Account
from helpdesk.core.clock import now
from helpdesk.core.db import ask, gather, session
from helpdesk.core.errors import Conflict
from helpdesk.core.journal import record
from helpdesk.core.storing import store
from helpdesk.core.text import one_line
from helpdesk.customers.models import Customer
from helpdesk.tickets import actions, clocks, pauses, recall, sending
from helpdesk.tickets.events import (
    AgentReplied,
    AutomaticAnswerCame,
    CustomerWrote,
    NoteAdded,
    TicketFiled,
    TicketFollowedUp,
)
from helpdesk.tickets.indexing import read_into_index
from helpdesk.tickets.models import Attachment, Message, MessageKind, Priority, Status, Ticket
from helpdesk.tickets.snoozing import wake
from helpdesk.tickets.standing import standing_of
from helpdesk.tickets.survivors import where_it_goes_on
from helpdesk.tickets.texts import checked_body, checked_subject
from helpdesk.tickets.watching import call_colleagues


class StaleReply(Conflict):
    """The ticket changed while the reply was being written."""

    def __init__(self) -> None:
        super().__init__("Something new came while you were writing. Your text is kept.")


def file(
    customer: Customer,
    subject: str,
    body: str,
    *,
    by: Account | None = None,
    channel: str = "portal",
    attachments: Sequence[Attachment] = (),
    filing_key: str | None = None,
    follows: Ticket | None = None,
    writer: Customer | None = None,
    quiet: bool = False,
) -> Ticket:
    """A new ticket of `customer` with its first message; `writer` wrote it where that was a
    colleague. `quiet` says that a machine did, which must not be answered by ours.

    The same `filing_key` files once: doors ask `filed_before` first.
    Raises Invalid for an empty or over-long subject or message, Conflict for a key that was used.
    """
    at = now()
    ticket = Ticket(
        subject=checked_subject(subject),
        status=Status.NEW,
        priority=Priority.NORMAL,
        channel=channel,
        version=1,
        customer_id=customer.id,
        organization_id=customer.organization_id,
        filing_key=filing_key,
        follows_id=follows.id if follows else None,
        created_at=at,
        active_at=at,
        waiting_since=at,
        asked_at=None if by and by.is_staff else at,
        reopenings=0,
    )
    promise = clocks.promise(ticket)
    try:
        message = add_message(
            ticket, MessageKind.CUSTOMER, body, by, writer or customer, channel, attachments
        )
    except IntegrityError as error:
        raise Conflict("This request is being filed already. Look under your requests.") from error
    record(TicketFiled(ticket.id, customer.id, message.id, channel, quiet), by=by)
    if promise is not None:
        clocks.start(ticket, promise)
    return ticket


def filed_before(filing_key: str, customer: Customer) -> Ticket | None:
    """The ticket of this customer that the form behind this key filed already."""
    found = ask(_FILED, {"filing_key": filing_key, "customer": customer.id}).scalar()
    return session.get(Ticket, found) if found is not None else None


# Put together once, and of the number alone: nearly always there is none.
_FILED = select(Ticket.id).where(
    Ticket.filing_key == bindparam("filing_key"), Ticket.customer_id == bindparam("customer")
)


def write(
    ticket: Ticket,
    body: str,
    customer: Customer,
    *,
    by: Account | None = None,
    channel: str = "portal",
    attachments: Sequence[Attachment] = (),
    form_key: str | None = None,
) -> Ticket:
    """A further message of the customer. It reopens what was waiting or resolved; on a closed
    ticket it opens a follow-up; what was merged goes on elsewhere. Gives back the ticket that
    carries the message.

    The same `form_key` writes once.
    Raises Invalid for an empty or over-long message.
    """
    if earlier := written_before(form_key):
        return earlier.ticket
    came_to, ticket = ticket, where_it_goes_on(ticket)
    if ticket.status is Status.CLOSED:
        return _follow_up(ticket, body, customer, by, channel, attachments, form_key)
    kind = MessageKind.CUSTOMER
    message = add_message(ticket, kind, body, by, customer, channel, attachments, form_key)
    if came_to is not ticket:
        message.came_to_id = came_to.id
    ticket.note_question(message.created_at, by_themselves=not (by and by.is_staff))
    record(CustomerWrote(ticket.id, customer.id, message.id), by=by)
    wake(ticket, "the customer wrote", by=by)
    pauses.end(ticket, "the customer wrote", by=by)
    if ticket.status is Status.RESOLVED:
        actions.reopen(ticket, by=by, by_customer=True)
    elif ticket.status in (Status.PENDING, Status.ON_HOLD):
        actions.set_status(ticket, Status.OPEN, by=by)
    else:
        clocks.refresh(ticket)
    return ticket


def _follow_up(
    closed: Ticket,
    body: str,
    writer: Customer,
    by: Account | None,
    channel: str,
    attachments: Sequence[Attachment],
    form_key: str | None,
) -> Ticket:
    if form_key and (earlier := filed_before(form_key, closed.customer)):
        return earlier
    ticket = file(
        closed.customer,
        closed.subject,
        body,
        by=by,
        channel=channel,
        attachments=attachments,
        filing_key=form_key,
        follows=closed,
        writer=writer,
    )
    ticket.team_id = closed.team_id
    ticket.tags = list(closed.tags)
    clocks.refresh(ticket, why="it follows up another one")
    record(TicketFollowedUp(closed.id, ticket.id), by=by)
    return ticket


def reply(
    ticket: Ticket,
    body: str,
    *,
    by: Account,
    seen: int,
    attachments: Sequence[Attachment] = (),
    form_key: str | None = None,
) -> Message:
    """A public answer of an agent. Its recipient is frozen on a mail that goes out a few seconds
    later.

    `seen` is the version of the ticket that the agent had before their eyes. The same `form_key`
    replies once: the second time gives back the first message.
    Raises StaleReply when the ticket changed since, Conflict when it is closed, Invalid for an
    empty or over-long message.
    """
    if earlier := written_before(form_key):
        return earlier
    refuse_stale(ticket, seen)
    if ticket.status is Status.CLOSED:
        raise Conflict("This ticket is closed for good. File a new one to write to the customer.")
    before = standing_of(ticket)
    first, waited = before.is_unanswered, _seconds_since(ticket.waiting_since)
    kind = MessageKind.AGENT
    message = add_message(ticket, kind, body, by, None, "desk", attachments, form_key)
    ticket.note_reply(message.created_at)
    recall.mail(ticket, message, before, by=by)
    record(AgentReplied(ticket.id, ticket.customer_id, message.id, first, waited), by=by)
    clocks.refresh(ticket, replied=True)
    if ticket.assignee_id is None:
        actions.assign(ticket, by, by=by, reason="first to reply")
    elif ticket.status is Status.NEW:
        actions.set_status(ticket, Status.OPEN, by=by)
    return message


def thread_automatic(
    ticket: Ticket,
    body: str,
    customer: Customer | None,
    *,
    attachments: Sequence[Attachment] = (),
) -> Message:
    """What a machine of the customer's answered, such as that they are away. It changes nothing
    else: nobody waits for an answer to it."""
    kind = MessageKind.AUTOMATIC
    message = add_message(ticket, kind, body, None, customer, "mail", attachments)
    customer_id = customer.id if customer else ticket.customer_id
    record(AutomaticAnswerCame(ticket.id, customer_id, message.id))
    return message


def written_before(form_key: str | None) -> Message | None:
    """The message that the form behind this key wrote already."""
    if form_key is None:
        return None
    return session.scalar(select(Message).where(Message.form_key == form_key))


def refuse_stale(ticket: Ticket, seen: int) -> None:
    """Raise StaleReply unless `seen` is the version of the ticket."""
    if ticket.version != seen:
        raise StaleReply


def _seconds_since(at: datetime | None) -> int | None:
    return int((now() - at).total_seconds()) if at is not None else None


def add_note(
    ticket: Ticket,
    body: str,
    *,
    by: Account,
    attachments: Sequence[Attachment] = (),
    form_key: str | None = None,
) -> Message:
    """A note for the staff alone. The same `form_key` notes once.

    Raises Invalid for an empty or over-long one.
    """
    if earlier := written_before(form_key):
        return earlier
    kind = MessageKind.NOTE
    message = add_message(ticket, kind, body, by, None, "desk", attachments, form_key)
    record(NoteAdded(ticket.id, message.id), by=by)
    call_colleagues(ticket, message, by=by)
    return message


def add_message(
    ticket: Ticket,
    kind: MessageKind,
    body: str,
    by: Account | None,
    customer: Customer | None,
    channel: str,
    attachments: Sequence[Attachment] = (),
    form_key: str | None = None,
) -> Message:
    """Write it on the ticket, and nothing else; a ticket that is new is written with it. Raises
    Invalid for an empty or over-long one."""
    message = Message(
        id=sending.free_number(),
        kind=kind,
        channel=channel,
        author_id=by.id if by else None,
        customer_id=customer.id if customer else None,
        body=checked_body(body),
        created_at=now(),
        form_key=form_key,
    )
    if message.is_public:
        ticket.snippet = one_line(message.body[:400], 140)
    actions.touch(ticket)
    if inspect(ticket).transient:
        store(ticket)
    message.ticket_id = ticket.id
    store(message)  # past a flush, of which these two would have heard
    session.expire(ticket, ["messages"])
    gather([ticket.id], read_into_index)
    session.flush()
    for attachment in attachments:
        attachment.ticket_id, attachment.message_id, attachment.draft_key = (
            ticket.id,
            message.id,
            None,
        )
    return message
