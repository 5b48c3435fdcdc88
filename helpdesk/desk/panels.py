"""What stands beside a conversation: what is known about the customer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, NamedTuple

from sqlalchemy import (
    CompoundSelect,
    Integer,
    Label,
    Row,
    Select,
    String,
    bindparam,
    case,
    cast,
    desc,
    func,
    literal,
    null,
    select,
    union_all,
)
from sqlalchemy.orm import InstrumentedAttribute

from helpdesk.accounts.models import Account
from helpdesk.churn.models import HealthSnapshot
from helpdesk.core.db import ask
from helpdesk.customers.models import Order
from helpdesk.desk.prepared import prepared
from helpdesk.surveys.models import Response
from helpdesk.tickets.models import Ticket
from helpdesk.tickets.queries import visible_to

Rows = Sequence[Row[*tuple[Any, ...]]]
AnyRow = Row[*tuple[Any, ...]]
AnySelect = Select[*tuple[Any, ...]]
AnyCompound = CompoundSelect[*tuple[Any, ...]]
FEW, FEWER = 5, 3
DAYS = 60
"""So many snapshots are drawn as a line."""


class Point(NamedTuple):
    """What moved the health, and the tickets behind it that the viewer may see."""

    counted: int
    reason: str
    ticket_ids: tuple[int, ...]


@dataclass(frozen=True)
class Health:
    """0 to 100, and in words: what moved it, what would clear the flag, what is not known."""

    score: int
    points: tuple[Point, ...]
    clears: tuple[str, ...]
    missing: tuple[str, ...]
    days: tuple[tuple[date, int], ...]
    """Day and health, oldest first."""

    @cached_property
    def line(self) -> str:
        """The days as points of a line in a box of 100 by 36, 100 being at its top."""
        if len(self.days) < 2:
            return ""
        first, span = self.days[0][0], max((self.days[-1][0] - self.days[0][0]).days, 1)
        return " ".join(
            f"{(day - first).days * 100 / span:.1f},{35 - score * 34 / 100:.1f}"
            for day, score in self.days
        )


@dataclass(frozen=True)
class Panels:
    """Everything beside a conversation; `more` says that there are further tickets. The rows are
    those of `_BESIDE`."""

    health: Health | None
    tickets: Rows
    more: bool
    responses: Rows
    orders: Rows


def panels_for(viewer: Account, customer_id: int, but: int) -> Panels:
    """What is known about the customer of ticket `but`, as far as `viewer` may see it."""
    found: dict[str, list[AnyRow]] = {"ticket": [], "response": [], "order": []}
    for row in ask(_beside(viewer), {"customer": customer_id, "but": but, "most": FEWER}):
        found[row.what].append(row)
    tickets = found["ticket"]
    return Panels(
        health_of(viewer, customer_id),
        tickets[:FEW],
        len(tickets) > FEW,
        found["response"],
        found["order"],
    )


def health_of(viewer: Account, customer_id: int) -> Health | None:
    """The last known health with its reasons, the heaviest first, and how it came to that. The
    tickets behind a reason are named where `viewer` may see them."""
    rows = ask(_SNAPSHOTS, {"customer": customer_id}).all()
    if not rows:
        return None
    last = rows[0]
    points = [_point(point) for point in last.points if point.get("counted")]
    points.sort(key=lambda point: -abs(point.counted))
    days = tuple([(row.day, 100 - row.risk) for row in reversed(rows)])
    return Health(
        100 - last.risk,
        _as_seen_by(viewer, points),
        tuple(last.clears),
        tuple(last.missing),
        days,
    )


def _point(stored: Mapping[str, Any]) -> Point:
    return Point(stored["counted"], stored["reason"], tuple(stored.get("ticket_ids") or ()))


def _as_seen_by(viewer: Account, points: Sequence[Point]) -> tuple[Point, ...]:
    numbers = {number for point in points for number in point.ticket_ids}
    if viewer.is_admin or not numbers:
        return tuple(points)
    seen = set(ask(_visible(viewer), {"numbers": sorted(numbers)}).scalars())
    return tuple(
        [
            point._replace(ticket_ids=tuple([n for n in point.ticket_ids if n in seen]))
            for point in points
        ]
    )


@prepared
def _visible(viewer: Account) -> Select[*tuple[Any, ...]]:
    asked_for = Ticket.id.in_(bindparam("numbers", expanding=True))
    return select(Ticket.id).where(asked_for, visible_to(viewer))


_LAST_DAY = (
    select(func.max(HealthSnapshot.day))
    .where(HealthSnapshot.customer_id == bindparam("customer"))
    .scalar_subquery()
)


def _of_last_day(column: InstrumentedAttribute[list[Any]]) -> Label[list[Any]]:
    """Reasons are long: they are read for the last day alone."""
    return case((HealthSnapshot.day == _LAST_DAY, column), else_=None).label(column.key)


_SNAPSHOTS = (
    select(
        HealthSnapshot.day,
        HealthSnapshot.risk,
        *map(_of_last_day, (HealthSnapshot.points, HealthSnapshot.clears, HealthSnapshot.missing)),
    )
    .where(HealthSnapshot.customer_id == bindparam("customer"))
    .order_by(HealthSnapshot.day.desc())
    .limit(DAYS)
)


@prepared
def _beside(viewer: Account) -> AnyCompound:
    """Other tickets, answers and orders in one question, each the latest first."""
    parts = (_other_tickets(viewer), _some_responses(viewer), _ORDERS)
    found = union_all(*[select(part.subquery()) for part in parts])
    return found.order_by(desc("at"), desc("id"))


def _other_tickets(viewer: Account) -> AnySelect:
    return (
        select(
            literal("ticket").label("what"),
            Ticket.active_at.label("at"),
            Ticket.id,
            Ticket.subject.label("text"),
            cast(Ticket.status, String).label("kind"),
            cast(null(), Integer).label("score"),
            cast(null(), Order.amount.type).label("amount"),
        )
        .where(
            Ticket.customer_id == bindparam("customer"),
            Ticket.id != bindparam("but"),
            visible_to(viewer),
        )
        .order_by(Ticket.active_at.desc(), Ticket.id.desc())
        .limit(FEW + 1)
    )


def _some_responses(viewer: Account) -> AnySelect:
    return (
        select(
            literal("response").label("what"),
            Response.created_at.label("at"),
            Response.id,
            Response.comment.label("text"),
            cast(Response.kind, String).label("kind"),
            Response.score,
            cast(null(), Order.amount.type).label("amount"),
        )
        .outerjoin(Ticket, Ticket.id == Response.ticket_id)
        .where(Response.customer_id == bindparam("customer"))
        .where(Response.ticket_id.is_(None) | visible_to(viewer))
        .order_by(Response.created_at.desc(), Response.id.desc())
        .limit(bindparam("most", type_=Integer))
    )


_ORDERS = (
    select(
        literal("order").label("what"),
        Order.ordered_at.label("at"),
        Order.id,
        func.coalesce(func.nullif(Order.item, ""), Order.reference).label("text"),
        Order.currency.label("kind"),
        cast(null(), Integer).label("score"),
        Order.amount,
    )
    .where(Order.customer_id == bindparam("customer"))
    .order_by(Order.ordered_at.desc(), Order.id.desc())
    .limit(FEWER)
)


def last_responses(viewer: Account, customer_id: int, limit: int) -> Rows:
    """The last answers to surveys; none about a ticket that `viewer` may not see."""
    asked = {"customer": customer_id, "most": limit}
    return ask(_responses(viewer), asked).all()


_responses = prepared(_some_responses)
