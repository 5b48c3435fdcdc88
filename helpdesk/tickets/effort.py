"""What is left to do on a ticket, and how long somebody worked on it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ForeignKey, Index, func, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from helpdesk.accounts.models import Account
from helpdesk.core.clock import now
from helpdesk.core.db import Id, Model, session
from helpdesk.core.errors import Conflict, Forbidden, Invalid, NotFound
from helpdesk.core.ids import by_id
from helpdesk.core.journal import record
from helpdesk.core.text import one_line
from helpdesk.tickets.actions import touch
from helpdesk.tickets.events import TicketEvent
from helpdesk.tickets.models import Ticket

MOST_ITEMS, LONGEST_ITEM = 100, 300
MOST_MINUTES = 24 * 60
MOST_ENTRIES = 1000


class ChecklistItem(Model):
    """One thing to do on a ticket."""

    __tablename__ = "checklist_item"
    id: Mapped[Id]
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id", ondelete="CASCADE"))
    place: Mapped[int]
    text: Mapped[str]
    done_at: Mapped[datetime | None]
    done_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))

    __table_args__ = (Index("ix_checklist_item_ticket", "ticket_id", "place"),)


class TimeEntry(Model):
    """How long an agent worked on a ticket, on one occasion."""

    __tablename__ = "time_entry"
    id: Mapped[Id]
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id", ondelete="CASCADE"), index=True)
    agent_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    minutes: Mapped[int]
    note: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime]

    agent: Mapped[Account] = relationship()

    __table_args__ = (Index("ix_time_entry_agent", "agent_id", "created_at"),)


@dataclass(frozen=True)
class ChecklistChanged(TicketEvent):
    """`did` is added, ticked, unticked, removed or moved."""

    ticket_id: int
    item_id: int
    did: str
    text: str


@dataclass(frozen=True)
class TimeSpent(TicketEvent):
    """`before` is None for a new entry."""

    ticket_id: int
    entry_id: int
    agent_id: int
    before: int | None
    minutes: int


def checklist_of(ticket_id: int) -> Sequence[ChecklistItem]:
    """What is to be done on a ticket, from the top."""
    statement = select(ChecklistItem).where(ChecklistItem.ticket_id == ticket_id)
    return session.scalars(statement.order_by(ChecklistItem.place, ChecklistItem.id)).all()


def add_item(ticket: Ticket, text: str, *, by: Account) -> ChecklistItem:
    """One more thing to do, at the end. The same words that are still to be done are there once.

    Raises Invalid for none, too many or too long ones.
    """
    words, items = one_line(text), checklist_of(ticket.id)
    if not 1 <= len(words) <= LONGEST_ITEM:
        raise Invalid(f"Write what is to be done, in {LONGEST_ITEM} characters at most.")
    for item in items:
        if item.text == words and item.done_at is None:
            return item
    if len(items) >= MOST_ITEMS:
        raise Invalid(f"{MOST_ITEMS} things are enough for one ticket. Split it.")
    item = ChecklistItem(ticket_id=ticket.id, place=_next_place(items), text=words)
    session.add(item)
    ticket.has_parts = True
    _changed(ticket, item, "added", by)
    return item


def _next_place(items: Sequence[ChecklistItem]) -> int:
    return items[-1].place + 1 if items else 0


def tick(ticket: Ticket, item_id: int, *, done: bool, by: Account) -> None:
    """It is done, or not after all. Twice is harmless. Raises NotFound."""
    item = _item(ticket, item_id)
    if done is (item.done_at is not None):
        return
    item.done_at, item.done_by_id = (now(), by.id) if done else (None, None)
    _changed(ticket, item, "ticked" if done else "unticked", by)


def remove_item(ticket: Ticket, item_id: int, *, by: Account) -> None:
    """It need not be done. Raises NotFound."""
    item = _item(ticket, item_id)
    _changed(ticket, item, "removed", by)
    session.delete(item)


def move_item(ticket: Ticket, item_id: int, *, up: bool) -> None:
    """One place up or down; at an end nothing happens. Raises NotFound."""
    item, items = _item(ticket, item_id), list(checklist_of(ticket.id))
    at = items.index(item)
    items.insert(max(at - 1, 0) if up else at + 1, items.pop(at))
    for place, each in enumerate(items):
        each.place = place


def _item(ticket: Ticket, item_id: int) -> ChecklistItem:
    item = by_id(ChecklistItem, item_id)
    if item is None or item.ticket_id != ticket.id:
        raise NotFound("This is not on the checklist any more.")
    return item


def _changed(ticket: Ticket, item: ChecklistItem, did: str, by: Account) -> None:
    if ticket.merged_into_id is not None:
        raise Conflict(f"#{ticket.id} was merged into #{ticket.merged_into_id}. Change that one.")
    session.flush()
    record(ChecklistChanged(ticket.id, item.id, did, item.text), by=by)


def times_of(ticket_id: int) -> Sequence[TimeEntry]:
    """Who worked on a ticket when and how long."""
    statement = select(TimeEntry).where(TimeEntry.ticket_id == ticket_id)
    return session.scalars(statement.order_by(TimeEntry.id)).all()


def spend(ticket: Ticket, minutes: int, note: str = "", *, by: Account) -> TimeEntry:
    """The agent worked on it for so many minutes. Raises Invalid for less than one or more than a
    day's."""
    entry = TimeEntry(
        ticket_id=ticket.id,
        agent_id=by.id,
        minutes=_checked(minutes, least=1),
        note=one_line(note, LONGEST_ITEM),
        created_at=now(),
    )
    if len(times_of(ticket.id)) >= MOST_ENTRIES:
        raise Invalid(f"{MOST_ENTRIES} entries are too many for one ticket.")
    session.add(entry)
    ticket.has_parts = True
    touch(ticket)
    session.flush()
    record(TimeSpent(ticket.id, entry.id, by.id, None, entry.minutes), by=by)
    return entry


def correct_time(ticket: Ticket, entry_id: int, minutes: int, *, by: Account) -> None:
    """It was another number of minutes; 0 takes it back. One's own, or a manager's to correct.

    Raises Forbidden for somebody else's, NotFound, Invalid.
    """
    entry = by_id(TimeEntry, entry_id)
    if entry is None or entry.ticket_id != ticket.id:
        raise NotFound("There is no such entry on this ticket.")
    if entry.agent_id != by.id and not by.is_manager:
        raise Forbidden("Only who worked, or a manager, corrects how long it took.")
    before, entry.minutes = entry.minutes, _checked(minutes, least=0)
    if before != entry.minutes:
        record(TimeSpent(ticket.id, entry.id, entry.agent_id, before, entry.minutes), by=by)


def _checked(minutes: int, least: int) -> int:
    if not least <= minutes <= MOST_MINUTES:
        raise Invalid(f"Write minutes, from {least} to {MOST_MINUTES}.")
    return minutes


def minutes_on(ticket_id: int) -> int:
    """All that was spent on a ticket."""
    total = select(func.sum(TimeEntry.minutes)).where(TimeEntry.ticket_id == ticket_id)
    return session.scalar(total) or 0
