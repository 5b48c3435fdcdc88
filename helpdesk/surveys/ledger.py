"""What became of unhappy answers, counted for managers."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.orm import aliased, joinedload

from helpdesk.accounts.models import Account
from helpdesk.core.clock import now
from helpdesk.core.db import session
from helpdesk.core.paging import Page, keyset
from helpdesk.surveys.models import Cause, FollowUp, Outcome, Response
from helpdesk.surveys.scoring import Interval, wilson
from helpdesk.tickets.models import Ticket
from helpdesk.tickets.queries import visible_to

LISTS = {"open": "To do", "late": "Late", "mine": "Mine", "closed": "Closed"}


def follow_ups(viewer: Account, chosen: str, cursor: str | None = None) -> Page[FollowUp]:
    """One of the LISTS as far as `viewer` may see it, the newest first. Raises Invalid for a broken
    cursor."""
    statement = _seen_by(viewer).options(
        joinedload(FollowUp.customer),
        joinedload(FollowUp.owner),
        joinedload(FollowUp.response),
    )
    statement = statement.where(*_conditions(viewer, chosen))
    return keyset(statement, (FollowUp.opened_at, FollowUp.id), cursor)


def _seen_by(viewer: Account) -> Select[FollowUp]:
    return (
        select(FollowUp)
        .outerjoin(FollowUp.ticket)
        .where(or_(FollowUp.ticket_id.is_(None), visible_to(viewer)))
    )


def _conditions(viewer: Account, chosen: str) -> tuple[ColumnElement[bool], ...]:
    is_open = FollowUp.closed_at.is_(None)
    if chosen == "late":
        return is_open, FollowUp.contacted_at.is_(None), FollowUp.due_at < now()
    if chosen == "mine":
        return is_open, FollowUp.owner_id == viewer.id
    return (~is_open,) if chosen == "closed" else (is_open,)


@dataclass(frozen=True)
class Share:
    """So many of so many, with the range of the share (Wilson, fractions)."""

    number: int
    of: int

    @property
    def share(self) -> float | None:
        """A fraction; None of nothing."""
        return self.number / self.of if self.of else None

    @property
    def interval(self) -> Interval | None:
        """Where the true share may lie."""
        return wilson(self.number, self.of)


@dataclass(frozen=True)
class Ledger:
    """A period of follow-ups, by when they were opened."""

    opened: int
    in_touch: Share
    """Contacted by the time they were due, of those that are due by now or were contacted."""
    closed: Share
    recovered: Share
    """Scored higher the next time they were asked; of those who answered
    again."""
    causes: Sequence[tuple[Cause, int]]
    outcomes: Sequence[tuple[Outcome, int]]


def ledger(viewer: Account, since: datetime) -> Ledger:
    """What became of the follow-ups opened since then, as far as `viewer` may see them."""
    rows = list(session.scalars(_seen_by(viewer).where(FollowUp.opened_at >= since)))
    judged = [row for row in rows if row.contacted_at is not None or row.due_at < now()]
    in_time = [row for row in judged if row.contacted_at and row.contacted_at <= row.due_at]
    better, answered_again = _recovered(viewer, since)
    causes = Counter(row.cause for row in rows if row.cause)
    outcomes = Counter(row.outcome for row in rows if row.outcome)
    return Ledger(
        len(rows),
        Share(len(in_time), len(judged)),
        Share(sum(row.closed_at is not None for row in rows), len(rows)),
        Share(better, answered_again),
        causes.most_common(),
        outcomes.most_common(),
    )


def _recovered(viewer: Account, since: datetime) -> tuple[int, int]:
    """How many scored higher at the next survey of the same kind, and how many answered one."""
    first, later = aliased(Response), aliased(Response)
    following = (
        select(later.score)
        .where(
            later.customer_id == first.customer_id,
            later.kind == first.kind,
            or_(
                later.created_at > first.created_at,
                and_(later.created_at == first.created_at, later.id > first.id),
            ),
        )
        .order_by(later.created_at, later.id)
        .limit(1)
        .correlate(first)
        .scalar_subquery()
    )
    statement = (
        select(FollowUp.score, following)
        .join(first, first.id == FollowUp.response_id)
        .outerjoin(Ticket, Ticket.id == FollowUp.ticket_id)
        .where(or_(FollowUp.ticket_id.is_(None), visible_to(viewer)))
        .where(FollowUp.opened_at >= since)
    )
    pairs = [(before, after) for before, after in session.execute(statement) if after is not None]
    return sum(after > before for before, after in pairs), len(pairs)
