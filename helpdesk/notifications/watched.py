"""What whoever watches a ticket is told of, and who they are."""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import or_, select

from helpdesk.accounts.models import Account
from helpdesk.core.db import session
from helpdesk.core.journal import JournalEntry
from helpdesk.tickets.models import TicketWatcher
from helpdesk.tickets.watching import AgentWatch

CHANGES = {
    "CustomerWrote": "has a new message of the customer",
    "AgentReplied": "was answered",
    "NoteAdded": "has a new note",
    "TicketResolved": "is resolved",
    "TicketReopened": "is open again",
    "StatusChanged": "has another status",
    "TicketAssigned": "has another assignee",
    "TicketMovedToTeam": "is with another team",
    "PriorityChanged": "has another priority",
    "TicketFollowedUp": "goes on in a new ticket",
    "TicketMerged": "goes on in another ticket",
    "TicketTookIn": "took in another ticket",
    "TicketUnmerged": "stands for itself again",
    "TicketGaveBack": "gave back the ticket that it took in",
    "TicketSplit": "was split",
}
"""Event → what it means to a colleague who watches, the weightiest first. Tags, snoozing, time and
fields are the work itself; due times have words of their own."""
TOGETHER = timedelta(seconds=2)
"""Changes by the same hand within this time are one press of a button."""


def watchers_of(ticket_id: int) -> Sequence[Account]:
    """Colleagues who watch a ticket by their own wish or because they were called, and those who
    get copies of its answers; whether they may (still) see it is asked when they are told."""
    watching = select(AgentWatch.account_id).where(AgentWatch.ticket_id == ticket_id)
    copied = select(TicketWatcher.email).where(TicketWatcher.ticket_id == ticket_id)
    either = or_(Account.id.in_(watching), Account.email.in_(copied))
    return session.scalars(select(Account).where(either).order_by(Account.id)).all()


def press_of(entry: JournalEntry) -> Sequence[JournalEntry]:
    """What happened to the ticket at one press of a button, this entry among it, in order: a reply
    that resolves it, say, is told of once."""
    statement = select(JournalEntry).where(
        JournalEntry.subject_kind == entry.subject_kind,
        JournalEntry.subject_id == entry.subject_id,
        JournalEntry.event.in_((*CHANGES, "AgentMentioned")),
        JournalEntry.actor_id.is_not_distinct_from(entry.actor_id),
        JournalEntry.cause_id.is_not_distinct_from(entry.cause_id),
        JournalEntry.at.between(entry.at - TOGETHER, entry.at + TOGETHER),
    )
    return session.scalars(statement.order_by(JournalEntry.id)).all()


def in_words(press: Sequence[JournalEntry]) -> str:
    """``was answered and is resolved``: its two weightiest changes."""
    happened = {entry.event for entry in press}
    return " and ".join([words for event, words in CHANGES.items() if event in happened][:2])


def called_by(press: Sequence[JournalEntry]) -> set[int]:
    """Whom it called by name: they are told of that."""
    return {entry.data["agent_id"] for entry in press if entry.event == "AgentMentioned"}
