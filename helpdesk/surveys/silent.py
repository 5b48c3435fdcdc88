"""Who answered and who did not, by what is known about both."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, and_, select

from helpdesk.accounts.models import Team
from helpdesk.core.db import ask
from helpdesk.mail.models import OutboundEmail
from helpdesk.surveys.models import Invitation, Kind, Response
from helpdesk.surveys.queries import was_asked
from helpdesk.surveys.weighting import Cell, Weighted, weighted
from helpdesk.tickets.models import Ticket

AnyRow = Row[*tuple[Any, ...]]
SPEEDS = (
    (timedelta(hours=1), "first reply within an hour"),
    (timedelta(hours=8), "within 8 hours"),
    (timedelta(hours=24), "within a day"),
)
SLOWER, NO_REPLY = "later than a day", "no reply"
_BY_SPEED = (*(words for _, words in SPEEDS), SLOWER, NO_REPLY)


@dataclass(frozen=True)
class Group:
    """One group of those who were asked."""

    name: str
    cell: Cell


@dataclass(frozen=True)
class Silence:
    """One way to group them, with the score weighted by it."""

    name: str
    groups: tuple[Group, ...]
    weighted: Weighted | None


def silence(since: datetime, until: datetime) -> list[Silence]:
    """Those who were asked how we helped in that time, grouped by team, channel, tone and speed."""
    rows = ask(
        select(
            Team.name.label("team"),
            Ticket.channel,
            Ticket.sentiment_label,
            Ticket.created_at,
            Ticket.first_replied_at,
            Response.score,
        )
        .select_from(Invitation)
        .join(Ticket, Ticket.id == Invitation.ticket_id)
        .outerjoin(Team, Team.id == Invitation.team_id)
        .outerjoin(OutboundEmail, OutboundEmail.id == Invitation.email_id)
        .outerjoin(Response, Response.invitation_id == Invitation.id)
        .where(
            and_(Invitation.kind == Kind.CSAT, was_asked()),
            Invitation.sent_at >= since,
            Invitation.sent_at < until,
        )
    ).all()
    return [_by(name, rows, group) for name, group in _GROUPS.items()]


def _by(name: str, rows: Sequence[AnyRow], group: Callable[[AnyRow], str]) -> Silence:
    asked: Counter[str] = Counter()
    answered: Counter[str] = Counter()
    satisfied: Counter[str] = Counter()
    for row in rows:
        key = group(row)
        asked[key] += 1
        answered[key] += row.score is not None
        satisfied[key] += row.score is not None and row.score >= 4
    cells = {
        key: Cell(asked[key], answered[key], satisfied[key]) for key in sorted(asked, key=_place)
    }
    groups = tuple(Group(key, cell) for key, cell in cells.items())
    return Silence(name, groups, weighted(cells))


def _place(group: str) -> tuple[int, str]:
    """Names in their order; how quickly somebody replied from quick to slow."""
    return (_BY_SPEED.index(group) if group in _BY_SPEED else 0), group


def _speed(row: AnyRow) -> str:
    if row.first_replied_at is None:
        return NO_REPLY
    took = row.first_replied_at - row.created_at
    return next((words for most, words in SPEEDS if took <= most), SLOWER)


_GROUPS: Mapping[str, Callable[[AnyRow], str]] = {
    "Team": lambda row: row.team or "no team",
    "Channel": lambda row: row.channel,
    "Tone": lambda row: (row.sentiment_label or "not scored").replace("_", " "),
    "Speed": _speed,
}
