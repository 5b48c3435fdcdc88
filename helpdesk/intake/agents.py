"""Agents by mail: answering a ticket, and handing in what somebody wrote to them."""

from sqlalchemy import exists, select

from helpdesk.accounts.models import Account
from helpdesk.core.db import session
from helpdesk.core.errors import NotFound
from helpdesk.core.journal import record
from helpdesk.intake import forwarded, showing
from helpdesk.intake.letters import Letter
from helpdesk.intake.models import InboundEmail, Outcome
from helpdesk.intake.routing import Pointer
from helpdesk.intake.senders import Sender
from helpdesk.mail import outbound
from helpdesk.tickets import conversation
from helpdesk.tickets.events import MailedReplyStopped
from helpdesk.tickets.models import PUBLIC, Message, Status, Ticket
from helpdesk.tickets.queries import ticket_for
from helpdesk.tickets.survivors import survivor_of

UNPROVEN = (
    "It says that it comes from {name}, who works here, and nothing proves it: neither was it sent"
    " to a reply address of theirs, nor did our mail server find out that it is from there."
)


def take_answer(
    email: InboundEmail, letter: Letter, sender: Sender, pointer: Pointer, ticket: Ticket
) -> tuple[Outcome, str]:
    """What somebody who works here answered by mail goes to the customer in their name; so it has
    to be proven that it is theirs, and it must not miss what was written meanwhile."""
    agent = sender.agent
    if agent is None or not (email.released or _is_proven(sender, pointer, agent)):
        return Outcome.QUARANTINE, UNPROVEN.format(name=agent.name if agent else sender.address)
    try:
        ticket = ticket_for(agent, survivor_of(ticket).id, to_change=True)
    except NotFound:
        return Outcome.REJECTED, f"{agent.name} may not see ticket {ticket.id}."
    files, left_out = showing.keep_files(email, letter)
    words = letter.reply.own or showing.NO_TEXT
    key = f"mail-{email.id}"
    if reason := _reason_to_stop(ticket, pointer, agent):
        message = conversation.add_note(ticket, words, by=agent, attachments=files, form_key=key)
        record(MailedReplyStopped(ticket.id, message.id), by=agent)
        _tell(agent, ticket, message, reason)
    else:
        reason = ""
        message = conversation.reply(
            ticket, words, by=agent, seen=ticket.version, attachments=files, form_key=key
        )
    message.channel, message.left_out = "mail", left_out or None
    email.ticket_id, email.entry_id = ticket.id, message.id
    return Outcome.REPLY, reason


def _is_proven(sender: Sender, pointer: Pointer, agent: Account) -> bool:
    return sender.authentic is not False and (
        pointer.was_made_for(agent.email) or sender.authentic is True
    )


def _reason_to_stop(ticket: Ticket, pointer: Pointer, agent: Account) -> str:
    """Why the answer must not go out as it is; "" where it may."""
    if ticket.status is Status.CLOSED:
        return "The ticket is closed for good, so your answer is kept as a note."
    newer = exists().where(
        Message.ticket_id == ticket.id,
        Message.kind.in_(PUBLIC),
        Message.id > (pointer.seen or 0),
        Message.author_id.is_distinct_from(agent.id),
    )
    if session.scalar(select(newer)):
        return "Something new came before your answer did, so it is kept as a note."
    return ""


def _tell(agent: Account, ticket: Ticket, note: Message, reason: str) -> None:
    """Tell the agent what became of the answer, and let them answer what is new."""
    newest = max(message.id for message in (*ticket.messages, note))
    outbound.write(
        kind="stopped",
        to=agent.email,
        to_name=agent.name,
        subject=f"Not sent: your answer to ticket {ticket.id}",
        template="intake/mail/stopped",
        context={"ticket": ticket, "reason": reason, "note": note, "news": _news(ticket)},
        topic=f"ticket-{ticket.id}-{newest}",
        automatic=True,
    )


def _news(ticket: Ticket) -> Message | None:
    """The last that the customer wrote."""
    statement = select(Message).where(
        Message.ticket_id == ticket.id, Message.customer_id.is_not(None)
    )
    return session.scalars(statement.order_by(Message.id.desc()).limit(1)).first()


def note_forwarding(ticket: Ticket, letter: Letter, agent: Account) -> None:
    """What the agent wrote above a mail that they forwarded stays among the staff."""
    words = forwarded.comment_in(letter)
    if words:
        conversation.add_note(ticket, words, by=agent)
