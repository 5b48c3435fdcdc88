"""What stands beside a conversation: the customer, and what is known about them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, select

from helpdesk.accounts.models import Account
from helpdesk.churn.models import HealthSnapshot
from helpdesk.churn.queries import health_of
from helpdesk.core.db import session
from helpdesk.customers.models import Order
from helpdesk.surveys.models import Response
from helpdesk.tickets.models import Ticket
from helpdesk.tickets.queries import visible_to

Rows = Sequence[Row[*tuple[Any, ...]]]
FEW = 5
BEST = {"csat": 5, "nps": 10}


@dataclass(frozen=True)
class Health:
    """0 to 100, and in words: what moved it, what would clear the flag, what is not known."""

    score: int
    points: Sequence[Mapping[str, Any]]
    clears: Sequence[str]
    missing: Sequence[str]
    coverage: float


@dataclass(frozen=True)
class Panels:
    """Everything beside a conversation; `more` says that there are further tickets."""

    health: Health | None
    tickets: Rows
    more: bool
    responses: Rows
    orders: Rows


def panels_for(viewer: Account, customer_id: int, but: int) -> Panels:
    """What is known about the customer of ticket `but`, as far as `viewer` may see it."""
    tickets = _tickets(viewer, customer_id, but)
    return Panels(
        health(health_of(customer_id)),
        tickets[:FEW],
        len(tickets) > FEW,
        last_responses(viewer, customer_id, 3),
        _orders(customer_id),
    )


def health(snapshot: HealthSnapshot | None) -> Health | None:
    """The health of a snapshot with its reasons, the heaviest first."""
    if snapshot is None:
        return None
    points = [point for point in snapshot.points if point.get("counted")]
    points.sort(key=lambda point: -abs(point["counted"]))
    return Health(snapshot.health, points, snapshot.clears, snapshot.missing, snapshot.coverage)


def _tickets(viewer: Account, customer_id: int, but: int) -> Rows:
    statement = (
        select(Ticket.id, Ticket.subject, Ticket.status, Ticket.active_at)
        .where(Ticket.customer_id == customer_id, Ticket.id != but, visible_to(viewer))
        .order_by(Ticket.active_at.desc(), Ticket.id.desc())
        .limit(FEW + 1)
    )
    return session.execute(statement).all()


def last_responses(viewer: Account, customer_id: int, limit: int) -> Rows:
    """The last answers to surveys; none about a ticket that `viewer` may not see."""
    statement = (
        select(Response.kind, Response.score, Response.comment, Response.created_at, Ticket.id)
        .outerjoin(Ticket, Ticket.id == Response.ticket_id)
        .where(Response.customer_id == customer_id)
        .where(Response.ticket_id.is_(None) | visible_to(viewer))
        .order_by(Response.created_at.desc(), Response.id.desc())
        .limit(limit)
    )
    return session.execute(statement).all()


def _orders(customer_id: int) -> Rows:
    statement = (
        select(Order.reference, Order.ordered_at, Order.amount, Order.currency, Order.item)
        .where(Order.customer_id == customer_id)
        .order_by(Order.ordered_at.desc(), Order.id.desc())
        .limit(3)
    )
    return session.execute(statement).all()
