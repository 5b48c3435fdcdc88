"""The filter language: one text that views, search, bulk edits, rules and reports are narrowed by.

    parse("status:open assignee:me priority>=high refund").where(viewer)

`str(filter)` is the same filter in its normal form, which reads back as an equal one.
"""

from dataclasses import dataclass, field
from datetime import UTC, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import ColumnElement

from helpdesk.accounts.models import Account
from helpdesk.core.clock import now
from helpdesk.core.settings import settings
from helpdesk.tickets.filters import moments
from helpdesk.tickets.filters.clauses import (
    Clause,
    Condition,
    Either,
    FilterError,
    Words,
    joined,
    plain,
)
from helpdesk.tickets.filters.conditions import conditions
from helpdesk.tickets.filters.fields import FIELDS, ME, MINE
from helpdesk.tickets.filters.grammar import LONGEST, MOST_CONDITIONS, read
from helpdesk.tickets.filters.naming import Names
from helpdesk.tickets.filters.reading import Reading
from helpdesk.tickets.queries import visible_to

__all__ = [
    "FIELDS",
    "LONGEST",
    "MOST_CONDITIONS",
    "Filter",
    "FilterError",
    "parse",
    "reading_for",
    "zone_of",
]

TIMED = frozenset({"sla", "created", "updated", "resolved"})
"""Fields that mean something else a moment later."""
NAMED = frozenset({"assignee", "team", "type"})


@dataclass(frozen=True)
class Filter:
    """What tickets must fulfil: every clause. An empty one is fulfilled by all of them."""

    clauses: tuple[Clause, ...] = ()
    text: str = field(default="", compare=False)
    """As it was written, for showing errors in."""

    def __str__(self) -> str:
        return joined(self.clauses)

    def __bool__(self) -> bool:
        return bool(self.clauses)

    def where(self, viewer: Account | None) -> list[ColumnElement[bool]]:
        """The conditions for tickets that fulfil it and that `viewer` may see; None is the system
        itself, which sees all of them.

        Raises FilterError for people and teams that are not there.
        """
        seen = [visible_to(viewer)] if viewer is not None else []
        return [*seen, *self.conditions(viewer)]

    def conditions(self, viewer: Account | None) -> list[ColumnElement[bool]]:
        """What it asks of tickets, without asking who may see them. Raises FilterError."""
        return conditions(self.clauses, reading_for(viewer))

    def check(self, viewer: Account | None) -> None:
        """Raise FilterError where `where` would: for people and teams that are not there."""
        self.conditions(viewer)

    @property
    def said(self) -> tuple[Words, ...]:
        """The words that must stand in a ticket, for ranking and marking them."""
        return tuple(c for c in self.clauses if isinstance(c, Words) and not c.negated)

    @property
    def words(self) -> tuple[Words, ...]:
        """The words that must stand in a ticket and those that must not, where one must."""
        every = tuple(c for c in self.clauses if isinstance(c, Words))
        return every if self.said else ()

    @property
    def is_lasting(self) -> bool:
        """Whether it asks the same of tickets tomorrow, and for everybody who looks."""
        return not any(map(_depends, self.clauses))

    @property
    def is_timeless(self) -> bool:
        """Whether it asks for the same whenever it is asked."""
        return not any(map(_passes, plain(self.clauses)))

    @property
    def names_anybody(self) -> bool:
        """Whether what it means depends on who works here, and on the fields there are."""
        return any(clause.name in NAMED or "." in clause.name for clause in plain(self.clauses))

    def narrowed(self, other: "Filter") -> "Filter":
        """Both at once; what is said twice is said once."""
        fresh = tuple(clause for clause in other.clauses if clause not in self.clauses)
        return Filter(self.clauses + fresh)

    def without(self, place: int) -> "Filter":
        """The same without the clause at `place`."""
        return Filter(self.clauses[:place] + self.clauses[place + 1 :])

    def chips(self) -> list[tuple[str, "Filter"]]:
        """Each clause in words, with the filter that is left without it."""
        return [(str(clause), self.without(n)) for n, clause in enumerate(self.clauses)]


@lru_cache(maxsize=1024)
def parse(text: str) -> Filter:
    """The filter that a text means. Raises FilterError, which says what is wrong where."""
    return Filter(read(text), text)


def reading_for(viewer: Account | None, *, one: bool = False) -> Reading:
    """What conditions depend on for somebody who looks now; None is the system itself. `one` is for
    statements about few tickets that are known by their numbers."""
    return Reading(viewer, now(), zone_of(viewer), Names(viewer), one)


def _passes(clause: Condition) -> bool:
    made = "." in clause.name  # days are filled in there, too
    return clause.name in TIMED or (made and any(map(moments.is_relative, clause.values)))


def _depends(clause: Clause) -> bool:
    if isinstance(clause, Either):
        return any(_depends(one) for option in clause.options for one in option)
    if isinstance(clause, Words):
        return False
    return _is_ours(clause) or any(map(moments.is_relative, clause.values))


def _is_ours(clause: Condition) -> bool:
    return clause.name in ("assignee", "team") and bool({ME, MINE} & set(clause.values))


def zone_of(viewer: Account | None) -> tzinfo:
    """Where the days of somebody begin; of nobody, those of the company."""
    name = (viewer.time_zone if viewer else None) or settings().time_zone
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return UTC
