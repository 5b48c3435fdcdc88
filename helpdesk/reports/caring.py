"""What became of unhappy answers, row by row: contacted in time or not, and how they answered the
next time."""

from __future__ import annotations

from sqlalchemy import String, and_, case, literal, or_, select
from sqlalchemy.orm import aliased

from helpdesk.core.clock import now
from helpdesk.core.db import UTCDateTime
from helpdesk.reports.subjects import Bounds, Column
from helpdesk.surveys.models import FollowUp, Response


def contact(_bounds: Bounds) -> Column:
    """Whether somebody was in touch by the time it was due."""
    present = literal(now(), UTCDateTime())
    return case(
        (FollowUp.contacted_at <= FollowUp.due_at, literal("in_time", String)),
        (FollowUp.contacted_at.is_not(None), literal("late", String)),
        (FollowUp.due_at < present, literal("missed", String)),
        else_=literal("not_due", String),
    )


def _next_score() -> Column:
    """What the same customer answered to the next survey of the same kind."""
    later = aliased(Response)
    after = or_(
        later.created_at > Response.created_at,
        and_(later.created_at == Response.created_at, later.id > Response.id),
    )
    same = (later.customer_id == Response.customer_id, later.kind == Response.kind)
    found = select(later.score).where(*same, after).order_by(later.created_at, later.id).limit(1)
    return found.correlate_except(later).scalar_subquery()


_NEXT = _next_score()
answered_again = case(
    (FollowUp.score < _NEXT, literal("higher", String)),
    (_NEXT.is_not(None), literal("not_higher", String)),
    else_=literal("none_yet", String),
)
