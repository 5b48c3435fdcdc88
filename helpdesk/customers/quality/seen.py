"""What the checks of records have in common: which records they look at, and what they say."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, ScalarSelect
from sqlalchemy.orm import InstrumentedAttribute

from helpdesk.core.clock import now
from helpdesk.customers.models import Customer

Ids = InstrumentedAttribute[int] | InstrumentedAttribute[int | None]
Within = Callable[[Ids], ColumnElement[bool]]
"""Given the column with ids, the condition for those that are looked at now."""

LONG = timedelta(days=730)
"""Nobody confirmed it for so long: it may not be so any more."""
MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip


@dataclass(frozen=True)
class Seen:
    """One flaw: of which record, why, and the other record where there are two."""

    of: int
    reason: str
    other: int | None = None


Check = Callable[[Within], Iterator[Seen]]
Latest = ScalarSelect[datetime] | ScalarSelect[datetime | None]
Heard = Callable[[InstrumentedAttribute[int]], Latest]
"""Given the column with customers' ids, when each was last heard of."""

# In its own words: a record that was merged or erased is nobody's to look after.
STANDS = (Customer.merged_into_id.is_(None), Customer.erased_at.is_(None))
STAYED = (*STANDS, Customer.lost_on.is_(None))

_heard: list[Heard] = []


def ask_when_heard(heard: Heard) -> None:
    """Let a package above say when somebody was last heard of."""
    if heard not in _heard:
        _heard.append(heard)


def ways_of_hearing() -> Sequence[Heard]:
    """Everything that tells when somebody was last heard of."""
    return tuple(_heard)


def long_ago() -> datetime:
    """What was confirmed before this moment is out of date."""
    return now() - LONG


def day(moment: date | datetime) -> str:
    """A day in words, always the same ones."""
    return f"{moment.day} {MONTHS[moment.month - 1]} {moment.year}"
