"""Everything that happened with a customer, newest first: tickets, messages, answers to surveys,
orders, notes, flags, what moved the health, follow-ups, visits to the portal, and what changed in
the record."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from typing import Any

from sqlalchemy import (
    BigInteger,
    Enum,
    Integer,
    Row,
    String,
    Subquery,
    and_,
    bindparam,
    cast,
    func,
    literal_column,
    null,
    or_,
    select,
    type_coerce,
    union_all,
)
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.types import TypeEngine

from helpdesk.accounts.models import Account
from helpdesk.churn.models import ChurnFlag, HealthSnapshot
from helpdesk.core.db import UTCDateTime, ask
from helpdesk.core.errors import Invalid
from helpdesk.core.ids import END_OF_IDS
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
            func.substr(Message.body, 1, EXCERPT, type_=String).label("excerpt"),
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


Build = Callable[[Account], Rows]

KINDS: Mapping[str, tuple[Build, At, Number]] = {
    "tickets": (_tickets, Ticket.created_at, Ticket.id),
    "messages": (_messages, Message.created_at, Message.id),
    "surveys": (_surveys, Response.created_at, Response.id),
    "orders": (_orders, Order.ordered_at, Order.id),
    "notes": (_notes, CustomerNote.created_at, CustomerNote.id),
    "flags": (chapters.flags, ChurnFlag.raised_at, ChurnFlag.id),
    "health": (chapters.health, HealthSnapshot.recorded_at, HealthSnapshot.id),
    "follow-ups": (chapters.follow_ups, FollowUp.opened_at, FollowUp.id),
    "visits": (chapters.visits, CustomerVisit.day, CustomerVisit.id),
    "changes": (chapters.choices, Correction.recorded_at, Correction.id),
}
"""What there is of each kind, and what it is sorted by."""
RANKS = {kind: rank for rank, kind in enumerate(KINDS)}
_NAMES = tuple(KINDS)
_MOMENT = bindparam("moment", type_=UTCDateTime())
_RANK, _NUMBER = bindparam("rank", type_=Integer), bindparam("number", type_=BigInteger)


def history_of(
    viewer: Account, customer_id: int, kind: str | None = None, cursor: str | None = None
) -> History:
    """One page, of one kind or of all. Raises Invalid for a kind or cursor that cannot be."""
    if kind is not None and kind not in KINDS:
        raise Invalid("There is nothing of that kind in a history.")
    before = dict(zip(("moment", "rank", "number"), _decode(cursor), strict=True)) if cursor else {}
    rows = ask(_STATEMENTS[kind, bool(before)](viewer), {"customer": customer_id, **before})
    found = [Moment(row.at, row.rank, row.id, _NAMES[row.rank], row) for row in rows]
    moments = _explained(viewer, found[:SIZE])
    return History(moments, _encode(moments[-1]) if len(found) > SIZE else None)


def _explained(viewer: Account, moments: list[Moment]) -> list[Moment]:
    """Changes of health with their reasons, and the tickets behind these that `viewer` may see."""
    changed = [moment for moment in moments if moment.kind == "health"]
    moves = [moves_between(one.row.points_before, one.row.points) for one in changed]
    told = dict(zip((one.place for one in changed), as_seen_by(viewer, moves), strict=True))
    return [replace(one, moves=told[one.place]) if one.place in told else one for one in moments]


def _statement(viewer: Account, *, kind: str | None, later: bool) -> Rows:
    """The newest of these kinds in one statement, `later` of what comes behind a place: every row
    has every column, so that all kinds are one question."""
    parts = [_part(viewer, name, later) for name in ([kind] if kind else KINDS)]
    types = {column.name: column.type for part in parts for column in part.c}
    every = union_all(*(_widened(part, types) for part in parts)).subquery()
    order = (every.c.at.desc(), every.c.rank.desc(), every.c.id.desc())
    return select(every).order_by(*order).limit(SIZE + 1)


def _part(viewer: Account, kind: str, later: bool) -> Subquery:
    build, at, number = KINDS[kind]
    rank = literal_column(str(RANKS[kind]), Integer)
    found = build(viewer).add_columns(rank.label("rank"))
    if later:
        same = or_(rank < _RANK, and_(rank == _RANK, number < _NUMBER))
        behind = or_(at < _MOMENT, and_(at == _MOMENT, same))
        found = found.where(at <= _MOMENT, behind)  # the first is what an index answers
    return found.order_by(at.desc(), number.desc()).limit(SIZE + 1).subquery()


def _widened(part: Subquery, types: Mapping[str, TypeEngine[Any]]) -> Rows:
    """The part with the columns of all; words that only some may be are plain words here."""
    columns = [
        part.c[name] if name in part.c else cast(null(), type_) for name, type_ in types.items()
    ]
    plain = [type_coerce(c, String) if isinstance(c.type, Enum) else c for c in columns]
    return select(*(c.label(name) for c, name in zip(plain, types, strict=True)))


_STATEMENTS = {
    (kind, later): prepared(partial(_statement, kind=kind, later=later))
    for kind in (None, *KINDS)
    for later in (False, True)
}


def _encode(moment: Moment) -> str:
    return f"{moment.at.timestamp():.6f}-{moment.rank}-{moment.id}"


def _decode(cursor: str) -> Place:
    try:
        seconds, rank, number = cursor.split("-")
        at = datetime.fromtimestamp(float(seconds), UTC)
        place = (at, int(rank), int(number))
    except (ValueError, OverflowError, OSError) as error:
        raise Invalid("This page link is damaged. Start again from the first page.") from error
    if not 0 <= place[2] < END_OF_IDS:
        raise Invalid("This page link is damaged. Start again from the first page.")
    return place
