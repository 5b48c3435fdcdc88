"""Everything that happened with a customer, newest first: tickets, messages, answers to surveys,
orders, notes, flags, what moved the health, follow-ups, visits to the portal, and what changed in
the record."""

import heapq
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from helpdesk.accounts.models import Account
from helpdesk.churn.models import ChurnFlag, HealthSnapshot
from helpdesk.core.db import ask
from helpdesk.core.errors import Invalid
from helpdesk.customers.history import Correction
from helpdesk.customers.models import CustomerNote, Order
from helpdesk.customers.visits import CustomerVisit
from helpdesk.desk import chapters
from helpdesk.desk.chapters import CUSTOMER, Rows
from helpdesk.desk.moves import Move, as_seen_by, moves_between
from helpdesk.desk.prepared import prepared
from helpdesk.desk.quotes import split_quote
from helpdesk.surveys.models import FollowUp, Response
from helpdesk.tickets.models import PUBLIC, Message, Ticket
from helpdesk.tickets.queries import visible_to

SIZE = 30
EXCERPT = 280
Build = Callable[[Account], Rows]
Place = tuple[datetime, int, int]
"""When, which kind (by its place in KINDS), which id: what the history is sorted by."""


@dataclass(frozen=True, slots=True)
class Moment:
    """One thing that happened; `row` is what its kind needs to be drawn, `moves` what moved the
    health."""

    at: datetime
    rank: int
    id: int
    kind: str
    row: Row[*tuple[Any, ...]]
    moves: Sequence[Move] = ()

    @property
    def text(self) -> str:
        """What was written in a message, without what it quotes."""
        return split_quote(self.row.excerpt)[0]

    @property
    def place(self) -> Place:
        return (self.at, self.rank, self.id)


@dataclass(frozen=True)
class History:
    """A page of it; `older` is the cursor of the next one."""

    moments: Sequence[Moment]
    older: str | None


def _tickets(viewer: Account) -> Rows:
    return select(
        Ticket.id,
        Ticket.created_at.label("at"),
        Ticket.subject,
        Ticket.status,
        Ticket.last_score,
        Ticket.sentiment_label,
    ).where(Ticket.customer_id == CUSTOMER, visible_to(viewer))


def _messages(viewer: Account) -> Rows:
    return (
        select(
            Message.id,
            Message.created_at.label("at"),
            Message.ticket_id,
            Message.kind,
            Message.sentiment_label,
            func.substr(Message.body, 1, EXCERPT).label("excerpt"),
            Account.name.label("author"),
        )
        .join(Ticket, Ticket.id == Message.ticket_id)
        .outerjoin(Account, Account.id == Message.author_id)
        .where(Ticket.customer_id == CUSTOMER, Message.kind.in_(PUBLIC), visible_to(viewer))
    )


def _surveys(viewer: Account) -> Rows:
    found = select(
        Response.id,
        Response.created_at.label("at"),
        Response.kind,
        Response.score,
        Response.comment,
        Response.sentiment_label,
        Response.ticket_id,
    )
    return chapters.readable(found, Response, viewer)


def _orders(_viewer: Account) -> Rows:
    return select(
        Order.id,
        Order.ordered_at.label("at"),
        Order.reference,
        Order.amount,
        Order.currency,
        Order.item,
    ).where(Order.customer_id == CUSTOMER)


def _notes(_viewer: Account) -> Rows:
    return (
        select(
            CustomerNote.id,
            CustomerNote.created_at.label("at"),
            CustomerNote.body,
            Account.name.label("author"),
        )
        .join(Account, Account.id == CustomerNote.author_id)
        .where(CustomerNote.customer_id == CUSTOMER)
    )


At = InstrumentedAttribute[datetime]
Number = InstrumentedAttribute[int]


def _latest(build: Build, at: At, number: Number) -> tuple[Build, At, Number]:
    """The statement of a first page, put together once, and what it is sorted by."""
    order = (at.desc(), number.desc())
    return prepared(lambda viewer: build(viewer).order_by(*order).limit(SIZE + 1)), at, number


KINDS: Mapping[str, tuple[Build, At, Number]] = {
    "tickets": _latest(_tickets, Ticket.created_at, Ticket.id),
    "messages": _latest(_messages, Message.created_at, Message.id),
    "surveys": _latest(_surveys, Response.created_at, Response.id),
    "orders": _latest(_orders, Order.ordered_at, Order.id),
    "notes": _latest(_notes, CustomerNote.created_at, CustomerNote.id),
    "flags": _latest(chapters.flags, ChurnFlag.raised_at, ChurnFlag.id),
    "health": _latest(chapters.health, HealthSnapshot.recorded_at, HealthSnapshot.id),
    "follow-ups": _latest(chapters.follow_ups, FollowUp.opened_at, FollowUp.id),
    "visits": _latest(chapters.visits, CustomerVisit.day, CustomerVisit.id),
    "changes": _latest(chapters.choices, Correction.recorded_at, Correction.id),
}
RANKS = {kind: rank for rank, kind in enumerate(KINDS)}


def history_of(
    viewer: Account, customer_id: int, kind: str | None = None, cursor: str | None = None
) -> History:
    """One page, of one kind or of all. Raises Invalid for a kind or cursor that cannot be."""
    if kind is not None and kind not in KINDS:
        raise Invalid("There is nothing of that kind in a history.")
    before = _decode(cursor) if cursor else None
    parts = [_part(viewer, customer_id, name, before) for name in ([kind] if kind else KINDS)]
    found = list(heapq.merge(*parts, key=lambda moment: moment.place, reverse=True))
    moments = _explained(viewer, found[:SIZE])
    return History(moments, _encode(moments[-1]) if len(found) > SIZE else None)


def _explained(viewer: Account, moments: list[Moment]) -> list[Moment]:
    """Changes of health with their reasons, and the tickets behind these that `viewer` may see."""
    changed = [moment for moment in moments if moment.kind == "health"]
    moves = [moves_between(one.row.points_before, one.row.points) for one in changed]
    told = dict(zip((one.place for one in changed), as_seen_by(viewer, moves), strict=True))
    return [replace(one, moves=told[one.place]) if one.place in told else one for one in moments]


def _part(viewer: Account, customer_id: int, kind: str, before: Place | None) -> list[Moment]:
    source, at, number = KINDS[kind]
    rank = RANKS[kind]
    statement = source(viewer)
    if before is not None:
        statement = statement.where(_earlier(at, number, rank, before))
    rows = ask(statement, {"customer": customer_id})
    return [Moment(row.at, rank, row.id, kind, row) for row in rows]


def _earlier(at: At, number: Number, rank: int, before: Place) -> ColumnElement[bool]:
    moment, last_rank, last_id = before
    if rank < last_rank:
        return at <= moment
    if rank > last_rank:
        return at < moment
    return or_(at < moment, and_(at == moment, number < last_id))


def _encode(moment: Moment) -> str:
    return f"{moment.at.timestamp():.6f}-{moment.rank}-{moment.id}"


def _decode(cursor: str) -> Place:
    try:
        seconds, rank, number = cursor.split("-")
        at = datetime.fromtimestamp(float(seconds), UTC)
        place = (at, int(rank), int(number))
    except (ValueError, OverflowError, OSError) as error:
        raise Invalid("This page link is damaged. Start again from the first page.") from error
    if not 0 <= place[2] < 2**62:
        raise Invalid("This page link is damaged. Start again from the first page.")
    return place
