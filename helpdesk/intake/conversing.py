"""Mails of people: a further message on a ticket, or a new one."""

from sqlalchemy import select

from helpdesk.core.db import session
from helpdesk.core.journal import record
from helpdesk.customers.actions import customer_who_wrote
from helpdesk.customers.models import Customer
from helpdesk.intake import agents, forwarded, showing
from helpdesk.intake.letters import Letter
from helpdesk.intake.models import InboundEmail, Mailbox, Outcome
from helpdesk.intake.routing import Pointer, is_genuine, pointers_in, ticket_behind
from helpdesk.intake.senders import Sender
from helpdesk.intake.watching import add_watchers
from helpdesk.mail.parsing import Mail
from helpdesk.tickets import actions, conversation
from helpdesk.tickets.events import MailRefersTo, MailWentElsewhere, SenderDoubted
from helpdesk.tickets.models import Message, Ticket
from helpdesk.tickets.queries import locked
from helpdesk.tickets.survivors import locked_survivor_of

Found = list[tuple[Pointer, Ticket]]


def take(email: InboundEmail, letter: Letter, sender: Sender) -> tuple[Outcome, str]:
    """A mail of a person, or one that a person let in: what became of it, and why."""
    found = _tickets_meant(email, letter.mail, sender)
    for pointer, ticket in found:
        if sender.takes_part_in(ticket):
            return Outcome.REPLY, _append(email, letter, sender, locked(ticket.id))
        if sender.agent is not None:
            return agents.take_answer(email, letter, sender, pointer, ticket)
    return Outcome.TICKET, _file(email, letter, sender, found[0][1] if found else None)


def thread_automatic(email: InboundEmail, letter: Letter, sender: Sender) -> str:
    """What a machine answered stands on its ticket, and changes nothing there. Why, or why not."""
    for _, meant in _tickets_meant(email, letter.mail, sender):
        if not sender.takes_part_in(meant):
            continue
        ticket = locked_survivor_of(locked(meant.id))
        files, left_out = showing.keep_files(email, letter)
        message = conversation.thread_automatic(
            ticket, showing.body_of(letter), sender.customer, attachments=files
        )
        message.came_to_id = meant.id if meant is not ticket else None
        _finish(email, letter, ticket, message, left_out)
        return letter.verdict.reason
    return f"{letter.verdict.reason} It answers nothing of ours, or comes from a stranger.".strip()


def show_again(email: InboundEmail, letter: Letter, sender: Sender) -> None:
    """Let the message that this mail became show what is read in it now."""
    message = session.get(Message, email.entry_id)
    if message is not None and message.author_id is None:
        showing.show(message, _as_meant(letter, sender))


def _tickets_meant(email: InboundEmail, mail: Mail, sender: Sender) -> Found:
    """The tickets that the mail points at, the surest first; those of one ticket stay apart,
    because one pointer may prove more than another."""
    pairs = [(pointer, ticket_behind(pointer)) for pointer in pointers_in(email, mail)]
    return [
        (pointer, ticket)
        for pointer, ticket in pairs
        if ticket is not None and is_genuine(pointer, ticket, sender.address)
    ]


def _append(email: InboundEmail, letter: Letter, sender: Sender, ticket: Ticket) -> str:
    files, left_out = showing.keep_files(email, letter)
    writer = sender.customer or customer_who_wrote(sender.name, sender.address)
    grown = conversation.write(
        ticket,
        showing.body_of(letter),
        writer,
        channel="mail",
        attachments=files,
        form_key=_key(email),
    )
    _finish(email, letter, grown, _newest_message(grown), left_out)
    grown.reply_from = grown.reply_from or ticket.reply_from
    add_watchers(grown, letter.mail, sender)
    if grown is ticket:
        return ""
    if grown.follows_id is None and ticket.merged_into_id is not None:
        return f"Ticket {ticket.id} was merged into {grown.id}."
    return f"Ticket {grown.follows_id or ticket.id} is closed; this follows it up."


def _file(email: InboundEmail, letter: Letter, sender: Sender, pointed: Ticket | None) -> str:
    meant = _as_meant(letter, sender)
    files, left_out = showing.keep_files(email, meant)
    customer = _customer(meant)
    ticket = conversation.filed_before(_key(email), customer) or conversation.file(
        customer,
        showing.subject_of(meant),
        showing.body_of(meant),
        channel="mail",
        attachments=files,
        filing_key=_key(email),
        quiet=not letter.verdict.may_be_answered or meant is not letter,
    )
    message = _newest_message(ticket)
    _finish(email, meant, ticket, message, left_out)
    box = _mailbox_of(email, letter.mail)
    ticket.reply_from = box.address if box else None
    actions.move_to_team(ticket, box.team if box else None, by=None)
    if meant is not letter and sender.agent is not None:
        agents.note_forwarding(ticket, letter, sender.agent)
        return f"{sender.agent.name} forwarded it."
    add_watchers(ticket, letter.mail, sender)
    if sender.authentic is False:
        record(SenderDoubted(ticket.id, message.id))
    return _link(ticket, pointed) if pointed is not None else ""


def _link(ticket: Ticket, pointed: Ticket) -> str:
    """Show on both that a stranger answered a mail about the other."""
    record(MailRefersTo(ticket.id, pointed.id))
    record(MailWentElsewhere(pointed.id, ticket.id))
    return f"It answers a mail about ticket {pointed.id}, where its sender takes no part."


def _as_meant(letter: Letter, sender: Sender) -> Letter:
    """What an agent forwarded stands for the mail of the one who wrote it first."""
    return (forwarded.original_of(letter) if sender.agent else None) or letter


def _customer(letter: Letter) -> Customer:
    return customer_who_wrote(letter.mail.sender.name, letter.sender)


def _finish(
    email: InboundEmail,
    letter: Letter,
    ticket: Ticket,
    message: Message,
    left_out: list[list[object]],
) -> None:
    showing.show(message, letter)
    message.left_out = left_out or None
    email.ticket_id, email.entry_id = ticket.id, message.id


def _key(email: InboundEmail) -> str:
    return f"mail-{email.id}"


def _newest_message(ticket: Ticket) -> Message:
    statement = select(Message).where(Message.ticket_id == ticket.id).order_by(Message.id.desc())
    return session.scalars(statement.limit(1)).one()


def _mailbox_of(email: InboundEmail, mail: Mail) -> Mailbox | None:
    """The mailbox that it came by, or that it was sent to."""
    box = session.get(Mailbox, email.mailbox_id) if email.mailbox_id else None
    addresses = [*email.sent_to, *mail.delivered_to, *(box.address for box in (*mail.to, *mail.cc))]
    known = [address.lower() for address in addresses]
    if box is None and known:
        box = session.scalars(select(Mailbox).where(Mailbox.address.in_(known))).first()
    return box
