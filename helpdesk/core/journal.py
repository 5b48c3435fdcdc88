"""The journal: what happened, as rows, written with the change they tell of.

One table is the ticket's timeline, the audit trail, the source of reports, and the outbox from
which reactions are told. An event never holds text that a customer wrote: that stays in its own
row, so that it can be erased.
"""

import logging
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, ClassVar

from flask import Flask, current_app
from sqlalchemy import ForeignKey, Index, insert, select
from sqlalchemy.orm import Mapped, mapped_column

from helpdesk.core import storing
from helpdesk.core.causes import Actor, NotYet, actor_of, because, cause
from helpdesk.core.clock import now
from helpdesk.core.db import BIG_ID, Id, Model, at_last, session, transaction
from helpdesk.core.jobs import job

log = logging.getLogger(__name__)

MAX_ATTEMPTS = 8
FIRST_WAIT = timedelta(seconds=30)
"""After a failed attempt; twice as long after each further one."""
GRACE = timedelta(seconds=15)
"""How long the wake-up call sent at commit has before a sweep tells the entry itself."""
SPELL = 1.0
"""Seconds for which one call goes on telling what waits, before other jobs have their turn."""


@dataclass(frozen=True)
class Event:
    """A fact in the past tense. Fields are plain values and moments."""

    subject: ClassVar[tuple[str, str]]
    """What it is about: the kind of thing, and the field that holds its id."""

    kinds: ClassVar[dict[str, type["Event"]]] = {}

    def __init_subclass__(cls) -> None:
        if cls.__name__ in Event.kinds:  # entries know them by their names
            raise TypeError(f"There is an event {cls.__name__} already.")
        Event.kinds[cls.__name__] = cls


Reaction = Callable[[Any], None]


class JournalEntry(Model):
    """An event that was recorded."""

    __tablename__ = "journal_entry"
    id: Mapped[Id]
    at: Mapped[datetime]
    event: Mapped[str]
    subject_kind: Mapped[str]
    subject_id: Mapped[int] = mapped_column(BIG_ID)
    actor_id: Mapped[int | None] = mapped_column(BIG_ID)
    actor_name: Mapped[str | None]
    cause_id: Mapped[int | None] = mapped_column(BIG_ID)
    """The entry that this one follows from, where no person did it."""
    data: Mapped[dict[str, Any]]
    tell_at: Mapped[datetime | None] = mapped_column()
    """When a sweep may tell it (again); NULL when nothing is left to tell."""
    attempts: Mapped[int] = mapped_column(default=0)
    parked_at: Mapped[datetime | None] = mapped_column()
    error: Mapped[str | None]

    __table_args__ = (
        Index("ix_journal_entry_subject", "subject_kind", "subject_id", "id"),
        Index("ix_journal_entry_event_at", "event", "at"),
        Index(
            "ix_journal_entry_tell_at",
            "tell_at",
            sqlite_where=tell_at.is_not(None),
            postgresql_where=tell_at.is_not(None),
        ),
        Index(
            "ix_journal_entry_parked_at",
            "parked_at",
            sqlite_where=parked_at.is_not(None),
            postgresql_where=parked_at.is_not(None),
        ),
    )

    def to_event(self) -> Event:
        """The event as it was recorded; moments come back as moments."""
        kind = Event.kinds[self.event]
        fields = kind.__dataclass_fields__
        return kind(
            **{
                name: datetime.fromisoformat(value)
                if value is not None and "datetime" in str(fields[name].type)
                else value
                for name, value in self.data.items()
                if name in fields
            }
        )


class JournalMark(Model):
    """One reaction has been told of one entry."""

    __tablename__ = "journal_mark"
    entry_id: Mapped[int] = mapped_column(
        BIG_ID, ForeignKey("journal_entry.id", ondelete="CASCADE"), primary_key=True
    )
    reaction: Mapped[str] = mapped_column(primary_key=True)
    told_at: Mapped[datetime]


def init_app(app: Flask, reactions: Mapping[type[Event], tuple[Reaction, ...]]) -> None:
    """Hand over the table of what follows from what."""
    app.extensions["helpdesk.reactions"] = reactions


def record(event: Event, by: Actor | None = None, at: datetime | None = None) -> JournalEntry:
    """Write `event` into the journal with the change it tells of, and tell it afterwards. `by` is
    None when a customer without an account or the system itself did it."""
    entry = JournalEntry(**_columns(event, by, at))
    storing.add(entry)
    _wake_later(entry)
    return entry


def record_each(events: Sequence[Event]) -> None:
    """The same for many events at once, in their order, that no person caused."""
    entries = [JournalEntry(**_columns(event)) for event in events]
    storing.add_all(entries)
    for entry in entries:
        _wake_later(entry)


def _columns(event: Event, by: Actor | None = None, at: datetime | None = None) -> dict[str, Any]:
    kind, id_field = event.subject
    actor_id, actor_name = actor_of(by)
    return {
        "at": at or now(),
        "event": type(event).__name__,
        "subject_kind": kind,
        "subject_id": getattr(event, id_field),
        "actor_id": actor_id,
        "actor_name": actor_name,
        "cause_id": cause(),
        "data": {
            k: v.isoformat() if isinstance(v, datetime) else v for k, v in vars(event).items()
        },
        "tell_at": now() + GRACE if _reactions_to(type(event)) else None,
    }


def _wake_later(entry: JournalEntry) -> None:
    if entry.tell_at is not None:  # told unless it is dropped with a part of the transaction
        at_last(lambda: tell.enqueue(entry.id) if entry in session else None)


def record_all(events: Sequence[Event], by: Actor | None = None) -> None:
    """Write many events that nothing follows from, at once. Raises ValueError for one to which
    something reacts: it has to be told, one by one."""
    if any(_reactions_to(type(event)) for event in events):
        raise ValueError("Something follows from one of these events; record it by itself.")
    if rows := [_columns(event, by) for event in events]:
        # Past the ORM, which takes as long as all the rest to put many rows in.
        session.execute(insert(Model.metadata.tables[JournalEntry.__tablename__]), rows)


def _reactions_to(kind: type[Event]) -> tuple[Reaction, ...]:
    table: Mapping[type[Event], tuple[Reaction, ...]] = current_app.extensions["helpdesk.reactions"]
    return table.get(kind, ())


def _name(reaction: Reaction) -> str:
    return f"{reaction.__module__.removeprefix('helpdesk.')}.{reaction.__name__}"


@job(queue="default")
def tell(entry_id: int) -> None:
    """Tell every reaction that has not been told of this entry, each in its own transaction; then,
    for a while, of those that wait as well: half of what one costs is to begin."""
    until = time.monotonic() + SPELL
    _tell(entry_id)
    while time.monotonic() < until and (another := _next_new()):
        _tell(another)


def _next_new() -> int | None:
    """The oldest entry that nobody has begun to tell."""
    new = select(JournalEntry.id).where(JournalEntry.tell_at.is_not(None))
    oldest = new.where(JournalEntry.attempts == 0).order_by(JournalEntry.tell_at, JournalEntry.id)
    with transaction(write=False):
        return session.scalar(oldest.limit(1))


def _tell(entry_id: int) -> None:
    with transaction():
        entry = session.get(JournalEntry, entry_id, with_for_update=True)
        if entry is None or entry.tell_at is None or _is_being_told(entry):
            return
        try:
            event = entry.to_event()
        except (KeyError, TypeError, ValueError) as why:  # of another version of this program
            _park(entry, f"It cannot be read: {type(why).__name__}: {why}"[:500])
            return
        reactions, attempts = _reactions_to(type(event)), entry.attempts
        marks = select(JournalMark.reaction).where(JournalMark.entry_id == entry_id)
        told = set(session.scalars(marks))
        if not _claim(entry):
            return
    # A reaction that kills its process must not keep those behind it waiting for ever, so each
    # attempt begins with another one.
    start = attempts % len(reactions) if reactions else 0
    left = [
        reason
        for reaction in reactions[start:] + reactions[:start]
        if _name(reaction) not in told and (reason := _tell_one(entry_id, event, reaction))
    ]
    with transaction():
        _settle(entry_id, left)


@job(queue="default")
def tell_each(entry_ids: list[int]) -> None:
    """Tell of each of these entries, as `tell` does."""
    for entry_id in entry_ids:
        _tell(entry_id)


tell.for_many = tell_each


def _is_being_told(entry: JournalEntry) -> bool:
    return entry.attempts > 0 and entry.tell_at is not None and entry.tell_at > now()


def _claim(entry: JournalEntry) -> bool:
    """Count the attempt before it begins, so that one that kills its process is counted too;
    False when there were too many and the entry is parked instead."""
    entry.attempts += 1
    entry.tell_at = now() + FIRST_WAIT * 2 ** (entry.attempts - 1)
    if entry.attempts > MAX_ATTEMPTS:
        _park(entry, entry.error or "Telling it ended the process each time.")
    return entry.parked_at is None


def _park(entry: JournalEntry, why: str) -> None:
    entry.parked_at, entry.tell_at, entry.error = now(), None, why


def _tell_one(entry_id: int, event: Event, reaction: Reaction) -> str | datetime | None:
    """Run one reaction under its mark; why it failed, or when it wants to be told again."""
    try:
        with transaction():
            mark = session.get(JournalMark, (entry_id, _name(reaction)))
            if mark is None:
                session.add(JournalMark(entry_id=entry_id, reaction=_name(reaction), told_at=now()))
                session.flush()  # two workers: the second one stops here
                with because(entry_id):
                    reaction(event)
    except NotYet as later:
        return later.at
    except Exception as error:
        log.exception("Reaction %s to entry %s failed.", _name(reaction), entry_id)
        return f"{_name(reaction)}: {type(error).__name__}: {error}"[:500]
    return None


def _settle(entry_id: int, left: Sequence[str | datetime]) -> None:
    entry = session.get_one(JournalEntry, entry_id)
    errors = [why for why in left if isinstance(why, str)]
    entry.error = "; ".join(errors) or None
    if not errors:
        entry.tell_at = max((at for at in left if isinstance(at, datetime)), default=None)


@job(queue="default")
def tell_untold() -> None:
    """The sweep: tell again whatever was stored and not told, with back-off."""
    with transaction(write=False):
        due = (
            select(JournalEntry.id)
            .where(JournalEntry.tell_at <= now())
            .order_by(JournalEntry.attempts, JournalEntry.tell_at)  # poison, if any, comes last
            .limit(500)
        )
        entry_ids = list(session.scalars(due))
    for entry_id in entry_ids:
        _tell(entry_id)


def retry(entry: JournalEntry) -> None:
    """Take a parked entry up again."""
    entry.attempts, entry.parked_at, entry.tell_at = 0, None, now()
    tell.enqueue(entry.id)
