"""What became of promises, out of the journal: how many were kept, by policy and target."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Integer, case, cast, func, select

from helpdesk.core.db import ask
from helpdesk.core.journal import JournalEntry
from helpdesk.tickets.sla import Target

KEPT, BROKEN = "SlaMet", "SlaBreached"


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


def kept_between(start: datetime, end: datetime) -> Sequence[Kept]:
    """By policy and target, what was met and what breached from `start` up to `end`. Each start of
    a clock counts once, however often its ticket was resolved: as a breach if it was one."""
    data = JournalEntry.data
    told = (
        select(
            JournalEntry.subject_id,
            cast(data["policy_id"].as_string(), Integer).label("policy_id"),
            data["target"].as_string().label("target"),
            data["started_at"].as_string().label("started_at"),
            case((JournalEntry.event == BROKEN, 1), else_=0).label("broken"),
        )
        .where(
            JournalEntry.event.in_((KEPT, BROKEN)),
            JournalEntry.at >= start,
            JournalEntry.at < end,
        )
        .subquery()
    )
    columns = told.c.policy_id, told.c.target
    each = (
        select(*columns, func.max(told.c.broken).label("broken"))
        .group_by(*columns, told.c.subject_id, told.c.started_at)
        .subquery()
    )
    broken = func.sum(each.c.broken)
    statement = (
        select(each.c.policy_id, each.c.target, func.count() - broken, broken)
        .group_by(each.c.policy_id, each.c.target)
        .order_by(each.c.policy_id, each.c.target)
    )
    return [Kept(policy, Target(target), met, late) for policy, target, met, late in ask(statement)]
