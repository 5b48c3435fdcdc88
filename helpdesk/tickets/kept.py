"""What became of promises, out of the journal: how many were kept, by policy and target."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import (
    ColumnElement,
    Index,
    Integer,
    String,
    and_,
    case,
    cast,
    exists,
    func,
    literal_column,
    or_,
    select,
    text,
)
from sqlalchemy.orm import aliased

from helpdesk.core.db import ask
from helpdesk.core.journal import JournalEntry
from helpdesk.tickets.sla import Target

KEPT, BROKEN = "SlaMet", "SlaBreached"
_ENDS = "event IN ('SlaMet', 'SlaBreached')"

Index(
    "ix_journal_entry_promise",
    JournalEntry.subject_id,
    sqlite_where=text(_ENDS),
    postgresql_where=text(_ENDS),
)


@dataclass(frozen=True)
class Kept:
    """Of `met + breached` promises that came to an end or were breached in a period. A promise
    that was kept late is a breach."""

    policy_id: int
    target: Target
    met: int
    breached: int

    @property
    def share(self) -> float:
        """The share that was kept, 0 to 1."""
        return self.met / (self.met + self.breached)


def counts() -> ColumnElement[bool]:
    """Whether an entry is the one by which its promise counts. Each start of a clock counts once,
    however often its ticket was resolved: by its first breach if there was one, else by the first
    time that it was kept. So every promise belongs to one moment, whatever period is asked about.
    """
    other = aliased(JournalEntry)
    same = [
        other.data[name].as_string() == JournalEntry.data[name].as_string()
        for name in ("target", "policy_id", "started_at")
    ]
    outweighs = or_(
        and_(other.event == BROKEN, JournalEntry.event == KEPT),
        and_(other.event == JournalEntry.event, other.id < JournalEntry.id),
    )
    # Literals, so that both databases see that the index holds them all.
    ends = [literal_column(f"'{event}'", String) for event in (KEPT, BROKEN)]
    earlier = exists().where(
        other.event.in_(ends), other.subject_id == JournalEntry.subject_id, outweighs, *same
    )
    return and_(JournalEntry.event.in_((KEPT, BROKEN)), ~earlier.correlate_except(other))


def kept_between(start: datetime, end: datetime) -> Sequence[Kept]:
    """By policy and target, what was met and what breached from `start` up to `end`."""
    data = JournalEntry.data
    told = (
        select(
            cast(data["policy_id"].as_string(), Integer).label("policy_id"),
            data["target"].as_string().label("target"),
            case((JournalEntry.event == BROKEN, 1), else_=0).label("broken"),
        )
        .where(counts(), JournalEntry.at >= start, JournalEntry.at < end)
        .subquery()
    )
    columns = told.c.policy_id, told.c.target
    broken = func.sum(told.c.broken)
    statement = select(*columns, func.count() - broken, broken).group_by(*columns)
    return [
        Kept(policy, Target(target), met, late)
        for policy, target, met, late in ask(statement.order_by(*columns))
    ]
