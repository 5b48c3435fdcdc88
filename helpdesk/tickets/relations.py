"""How tickets belong together: parts, duplicates, what blocks what, and what is related."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from sqlalchemy import ForeignKey, String, UniqueConstraint, and_, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, mapped_column

from helpdesk.accounts.models import Account
from helpdesk.core.clock import now
from helpdesk.core.db import Id, Model, ask, session
from helpdesk.core.errors import Conflict, Invalid
from helpdesk.core.ids import by_id
from helpdesk.core.journal import record
from helpdesk.tickets.events import TicketEvent
from helpdesk.tickets.models import Status, Ticket
from helpdesk.tickets.queries import visible_to

MOST = 200
"""Relations of one ticket."""
DEEPEST = 50


class Kind(StrEnum):
    """Read from the one side; `back` says how it reads from the other."""

    CHILD_OF = "child_of"
    DUPLICATE_OF = "duplicate_of"
    BLOCKS = "blocks"
    RELATED = "related"


WORDS = {
    Kind.CHILD_OF: ("part of", "has the part"),
    Kind.DUPLICATE_OF: ("duplicate of", "has the duplicate"),
    Kind.BLOCKS: ("blocks", "blocked by"),
    Kind.RELATED: ("related to", "related to"),
}
"""How each reads from its one side, and from the other."""


class TicketRelation(Model):
    """`ticket_id` is child of, duplicate of, blocks, or is related to `other_id`."""

    __tablename__ = "ticket_relation"
    id: Mapped[Id]
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id", ondelete="CASCADE"))
    other_id: Mapped[int] = mapped_column(ForeignKey("ticket.id", ondelete="CASCADE"), index=True)
    kind: Mapped[Kind] = mapped_column(String(20))
    created_at: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))

    __table_args__ = (UniqueConstraint("ticket_id", "other_id", "kind"),)


@dataclass(frozen=True)
class TicketsRelated(TicketEvent):
    """`words` is how it reads from this side."""

    ticket_id: int
    other_id: int
    words: str


@dataclass(frozen=True)
class TicketsUnrelated(TicketEvent):
    ticket_id: int
    other_id: int
    words: str


def relate(
    ticket: Ticket, other: Ticket, kind: Kind, *, by: Account, backwards: bool = False
) -> None:
    """Let two tickets belong together; `backwards` reads the kind from the other side. Twice is
    harmless.

    Raises Invalid for a ticket and itself, for a second parent and for a circle; Conflict where
    there are too many.
    """
    one, two = (other, ticket) if backwards else (ticket, other)
    if one.id == two.id:
        raise Invalid("A ticket cannot be linked with itself.")
    if kind is Kind.RELATED and one.id > two.id:
        one, two = two, one
    if _known(one, two, kind):
        return
    for number in sorted((one.id, two.id)):
        session.get_one(Ticket, number, with_for_update={"of": Ticket})
    _require_possible(one, two, kind)
    session.add(
        TicketRelation(ticket_id=one.id, other_id=two.id, kind=kind, created_at=now(), by_id=by.id)
    )
    try:
        session.flush()
    except IntegrityError as error:
        raise Conflict("Somebody linked them at the same moment.") from error
    one.has_parts = two.has_parts = True
    forth, back = WORDS[kind]
    record(TicketsRelated(one.id, two.id, forth), by=by)
    record(TicketsRelated(two.id, one.id, back), by=by)


def _known(one: Ticket, two: Ticket, kind: Kind) -> bool:
    same = (
        TicketRelation.ticket_id == one.id,
        TicketRelation.other_id == two.id,
        TicketRelation.kind == kind,
    )
    return session.scalar(select(TicketRelation.id).where(*same)) is not None


def _require_possible(one: Ticket, two: Ticket, kind: Kind) -> None:
    for ticket in (one, two):
        sides = or_(TicketRelation.ticket_id == ticket.id, TicketRelation.other_id == ticket.id)
        if len(session.scalars(select(TicketRelation.id).where(sides).limit(MOST)).all()) >= MOST:
            raise Conflict(f"#{ticket.id} is linked with {MOST} tickets already.")
    if kind in (Kind.DUPLICATE_OF, Kind.BLOCKS) and _known(two, one, kind):
        forth = WORDS[kind][0]
        raise Invalid(f"#{two.id} {forth} #{one.id} already; the other way round cannot be, too.")
    if kind is not Kind.CHILD_OF:
        return
    if (parent := parent_of(one.id)) is not None:
        raise Invalid(f"#{one.id} is part of #{parent} already. Take that link away first.")
    above: int | None = two.id
    for _ in range(DEEPEST):
        if above == one.id:
            raise Invalid(f"#{two.id} is part of #{one.id}: that would be a circle.")
        above = parent_of(above) if above is not None else None
    if above is not None:
        raise Invalid("These parts of parts go too deep.")


def parent_of(number: int) -> int | None:
    """The ticket that this one is part of."""
    statement = select(TicketRelation.other_id).where(
        TicketRelation.ticket_id == number, TicketRelation.kind == Kind.CHILD_OF
    )
    return session.scalar(statement.limit(1))


def unrelate(ticket: Ticket, relation_id: int, *, by: Account) -> None:
    """Take a relation of the ticket away, from either side. Twice is harmless."""
    relation = by_id(TicketRelation, relation_id)
    if relation is None or ticket.id not in (relation.ticket_id, relation.other_id):
        return
    forth, back = WORDS[Kind(relation.kind)]
    record(TicketsUnrelated(relation.ticket_id, relation.other_id, forth), by=by)
    record(TicketsUnrelated(relation.other_id, relation.ticket_id, back), by=by)
    session.delete(relation)


class Related(NamedTuple):
    """Another ticket as it is seen from one."""

    id: int
    """Of the relation."""
    words: str
    number: int
    subject: str
    status: Status
    is_child: bool


def related_to(viewer: Account, number: int) -> Sequence[Related]:
    """What belongs to a ticket, as far as `viewer` may see it."""
    mine, theirs = TicketRelation.ticket_id == number, TicketRelation.other_id == number
    statement = (
        select(
            TicketRelation.id,
            TicketRelation.kind,
            mine.label("forth"),
            Ticket.id.label("number"),
            Ticket.subject,
            Ticket.status,
        )
        .join(
            Ticket,
            or_(
                and_(mine, Ticket.id == TicketRelation.other_id),
                and_(theirs, Ticket.id == TicketRelation.ticket_id),
            ),
        )
        .where(or_(mine, theirs), visible_to(viewer))
        .order_by(TicketRelation.kind, TicketRelation.id)
    )
    return [
        Related(
            row.id,
            WORDS[Kind(row.kind)][0 if row.forth else 1],
            row.number,
            row.subject,
            row.status,
            row.kind == Kind.CHILD_OF and not row.forth,
        )
        for row in ask(statement)
    ]


def open_children(viewer: Account, number: int) -> list[int]:
    """Parts of a ticket that are neither resolved nor closed, as far as `viewer` may see them."""
    statement = (
        select(Ticket.id)
        .join(TicketRelation, TicketRelation.ticket_id == Ticket.id)
        .where(
            TicketRelation.other_id == number,
            TicketRelation.kind == Kind.CHILD_OF,
            Ticket.is_open,
            visible_to(viewer),
        )
        .order_by(Ticket.id)
    )
    return list(session.scalars(statement))
