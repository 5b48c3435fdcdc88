"""What hangs on a ticket besides its conversation: links, who gets copies, who watches, what is to
be done, how long it took."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Integer, Row, Select, String, case, cast, literal, null, select, union_all

from helpdesk.accounts.models import Account
from helpdesk.core.db import UTCDateTime, ask
from helpdesk.desk.pieces import minutes_in_words
from helpdesk.tickets.effort import ChecklistItem, TimeEntry
from helpdesk.tickets.models import TicketWatcher
from helpdesk.tickets.relations import Related, related_to
from helpdesk.tickets.watching import AgentWatch

AnyRow = Row[*tuple[Any, ...]]


@dataclass(frozen=True)
class Parts:
    """All of it; rows have id, text, whose (an account), number and at, as their kind needs."""

    related: Sequence[Related]
    copies: Sequence[AnyRow]
    watching: Sequence[AnyRow]
    items: Sequence[AnyRow]
    times: Sequence[AnyRow]

    @property
    def minutes(self) -> int:
        """All that was spent."""
        return sum(row.number for row in self.times)

    @property
    def spent(self) -> str:
        """The same in words."""
        return minutes_in_words(self.minutes)

    @property
    def done(self) -> int:
        """How many things on the checklist are."""
        return sum(row.at is not None for row in self.items)

    @property
    def by_agent(self) -> Sequence[tuple[str, str]]:
        """Names with how long each worked on it, the longest first."""
        sums: dict[str, int] = {}
        for row in self.times:
            sums[row.name] = sums.get(row.name, 0) + row.number
        longest = sorted(sums.items(), key=lambda pair: -pair[1])
        return [(name, minutes_in_words(minutes)) for name, minutes in longest]


def parts_of(viewer: Account, number: int) -> Parts:
    """What hangs on a ticket that `viewer` may see, in two questions."""
    found: dict[str, list[AnyRow]] = {"copy": [], "watch": [], "item": [], "time": []}
    for row in ask(_rows(number)):
        found[row.kind].append(row)
    return Parts(
        related_to(viewer, number), found["copy"], found["watch"], found["item"], found["time"]
    )


def _rows(number: int) -> Select[*tuple[Any, ...]]:
    nothing, never = cast(null(), Integer), cast(null(), UTCDateTime())
    nobody = cast(literal(""), String)
    copies = select(
        literal("copy").label("kind"),
        TicketWatcher.id.label("id"),
        TicketWatcher.email.label("text"),
        TicketWatcher.name.label("name"),
        nothing.label("whose"),
        TicketWatcher.id.label("number"),
        never.label("at"),
    ).where(TicketWatcher.ticket_id == number)
    watching = (
        select(
            literal("watch"), Account.id, Account.name, Account.name, Account.id, Account.id, never
        )
        .join(AgentWatch, AgentWatch.account_id == Account.id)
        .where(AgentWatch.ticket_id == number, Account.disabled_at.is_(None))
    )
    items = select(
        literal("item"),
        ChecklistItem.id,
        ChecklistItem.text,
        nobody,
        ChecklistItem.done_by_id,
        ChecklistItem.place,
        ChecklistItem.done_at,
    ).where(ChecklistItem.ticket_id == number)
    times = (
        select(
            literal("time"),
            TimeEntry.id,
            TimeEntry.note,
            Account.name,
            TimeEntry.agent_id,
            TimeEntry.minutes,
            TimeEntry.created_at,
        )
        .join(Account, Account.id == TimeEntry.agent_id)
        .where(TimeEntry.ticket_id == number)
    )
    every = union_all(copies, watching, items, times).subquery()
    # Places order a checklist; everything else stands as it came.
    place = case((every.c.kind == "item", every.c.number), else_=0)
    return select(every).order_by(every.c.kind, place, every.c.id)
