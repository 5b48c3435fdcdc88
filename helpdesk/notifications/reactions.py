"""Who is told of what. Each reaction only writes rows; what leaves the building is a mail's row,
written by a job once it is due."""

from collections.abc import Sequence
from typing import Protocol

from sqlalchemy import delete, select

from helpdesk.accounts.models import Account
from helpdesk.core.causes import cause
from helpdesk.core.db import session
from helpdesk.core.journal import JournalEntry
from helpdesk.mail.events import MailBounced, MailParked
from helpdesk.notifications.actions import tell
from helpdesk.notifications.models import Kind, Notification
from helpdesk.notifications.watched import called_by, in_words, press_of, watchers_of
from helpdesk.tickets.attention import AgentMentioned
from helpdesk.tickets.bulk.events import BulkEditFinished, BulkUndoFinished
from helpdesk.tickets.events import (
    CustomerWrote,
    ReplyCameBack,
    SlaBreached,
    SlaWarned,
    TicketAssigned,
)
from helpdesk.tickets.models import Message, Ticket
from helpdesk.tickets.recall import ReplyTakenBack, Undone
from helpdesk.tickets.unions import TicketGaveBack, TicketTookIn


class AboutTicket(Protocol):
    """What every event about a ticket says."""

    @property
    def ticket_id(self) -> int: ...


class OwnedFlag(Protocol):
    """What an event about the owner of a churn flag says."""

    @property
    def flag_id(self) -> int: ...
    @property
    def owner_before(self) -> int | None: ...
    @property
    def owner_after(self) -> int | None: ...


def tell_assignee(event: TicketAssigned) -> None:
    """Somebody gave them a ticket."""
    entry, ticket = _entry(), _ticket(event.ticket_id)
    if ticket is None or ticket.assignee_id != event.after:
        return  # it went on to somebody else, who is told of that
    words = f"#{ticket.id} is yours: {ticket.subject}"
    _tell(_agent(event.after), Kind.ASSIGNED, words, entry, ticket.id)


def tell_owner(event: CustomerWrote) -> None:
    """The customer wrote on a ticket of theirs."""
    ticket = _ticket(event.ticket_id)
    if ticket is not None:
        words = f"The customer wrote on #{ticket.id}: {ticket.subject}"
        _tell(ticket.assignee, Kind.REPLIED, words, _entry(), ticket.id)


def tell_mentioned(event: AgentMentioned) -> None:
    """A colleague called them by name."""
    entry, ticket = _entry(), _ticket(event.ticket_id)
    if ticket is not None:
        words = f"{entry.actor_name or 'Somebody'} calls you on #{ticket.id}: {ticket.subject}"
        _tell(_agent(event.agent_id), Kind.MENTIONED, words, entry, ticket.id)


def tell_watchers(event: AboutTicket) -> None:
    """Colleagues who watch a ticket, once for each press of a button, without those who are told
    of it in another way."""
    entry, ticket = _entry(), _ticket(event.ticket_id)
    if ticket is None:
        return
    press = press_of(entry)
    told = f"entry {press[0].id}"
    words = f"#{ticket.id} {in_words(press)}: {ticket.subject}"
    elsewhere = called_by(press) | _hear_on_the_other(event)
    for agent in watchers_of(ticket.id):
        if agent.id not in elsewhere and not _is_told_as_owner(agent, ticket, press):
            tell(agent, Kind.WATCHED, words, told, ticket_id=ticket.id, by=entry.actor_id)


def _hear_on_the_other(event: AboutTicket) -> set[int]:
    """Whoever watches both tickets of a merge is told of it once, on the one that was merged."""
    if not isinstance(event, TicketTookIn | TicketGaveBack):
        return set()
    return {agent.id for agent in watchers_of(event.other_id)}


def _is_told_as_owner(agent: Account, ticket: Ticket, press: Sequence[JournalEntry]) -> bool:
    wrote = any(entry.event == "CustomerWrote" for entry in press)
    given = any(
        entry.event == "TicketAssigned" and entry.data["after"] == agent.id for entry in press
    )
    return given or (wrote and agent.id == ticket.assignee_id)


def forget_reply(event: ReplyTakenBack) -> None:
    """What watchers were told of a reply that was taken back did not happen. A mail about it waits
    a minute, so that none has told them unless replies can be taken back for longer."""
    undone = select(JournalEntry.id).where(
        JournalEntry.subject_kind == "ticket",
        JournalEntry.subject_id == event.ticket_id,
        JournalEntry.event == Undone.__name__,
    )
    causes = [f"entry {entry_id}" for entry_id in session.scalars(undone)]
    told = delete(Notification).where(
        Notification.ticket_id == event.ticket_id, Notification.cause.in_(causes)
    )
    session.execute(told)


def tell_of_promise(event: SlaWarned | SlaBreached) -> None:
    """A promise is about to be broken, or is: whoever has the ticket, else its team, and whoever
    watches it."""
    entry, ticket = _entry(), _ticket(event.ticket_id)
    if ticket is None:
        return
    target = event.target.replace("_", " ")
    verb = "is overdue" if isinstance(event, SlaBreached) else "is due soon"
    words = f"The {target} of #{ticket.id} {verb}: {ticket.subject}"
    team = ticket.team.members if ticket.team else []
    for agent in [ticket.assignee] if ticket.assignee else team:
        _tell(agent, Kind.SLA, words, entry, ticket.id)
    for agent in watchers_of(ticket.id):
        _tell(agent, Kind.WATCHED, words, entry, ticket.id)


def tell_of_bulk_edit(event: BulkEditFinished | BulkUndoFinished) -> None:
    """What they changed on many tickets at once, or took back, is done."""
    entry = _entry()
    if isinstance(event, BulkEditFinished):
        done, rest = f"{_tickets(event.changed)} changed", f"{event.refused} could not be changed"
        words = f"Your bulk edit is done: {done}{f', {rest}' if event.refused else ''}"
    else:
        done, rest = f"{_tickets(event.undone)} as before", f"{event.left} left as they are"
        words = f"Your bulk edit is undone: {done}{f', {rest}' if event.left else ''}"
    address = f"/desk/bulk/{event.bulk_id}"
    tell(_agent(entry.actor_id), Kind.BULK, words, f"entry {entry.id}", address=address)


def _tickets(count: int) -> str:
    return "1 ticket" if count == 1 else f"{count} tickets"


def tell_writer(event: MailBounced | MailParked | ReplyCameBack) -> None:
    """A reply of theirs did not arrive. Said once for each mail, whoever found out."""
    if isinstance(event, ReplyCameBack) and not event.hard:
        return
    carried = select(Message).where(Message.outbound_id == event.email_id)
    message = session.scalar(carried)
    if message is not None:
        words = f"Your reply on #{message.ticket_id} could not be delivered"
        told_by = f"mail {event.email_id} came back"
        tell(message.author, Kind.BOUNCED, words, told_by, ticket_id=message.ticket_id)


def tell_flag_owner(event: OwnedFlag) -> None:
    """A customer who may leave is theirs to look after."""
    if event.owner_after is not None and event.owner_after != event.owner_before:
        entry = _entry()
        words = "A customer who may leave is yours to look after"
        agent = _agent(event.owner_after)
        address = f"/desk/flags/{event.flag_id}"
        tell(agent, Kind.CHURN, words, f"entry {entry.id}", address=address, by=entry.actor_id)


def _tell(who: Account | None, kind: Kind, words: str, entry: JournalEntry, ticket_id: int) -> None:
    tell(who, kind, words, f"entry {entry.id}", ticket_id=ticket_id, by=entry.actor_id)


def _entry() -> JournalEntry:
    """The entry that a reaction is told of: who did it."""
    return session.get_one(JournalEntry, cause())


def _ticket(ticket_id: int) -> Ticket | None:
    return session.get(Ticket, ticket_id)


def _agent(account_id: int | None) -> Account | None:
    return session.get(Account, account_id) if account_id is not None else None
