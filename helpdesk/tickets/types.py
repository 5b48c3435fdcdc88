"""Ticket types and the fields that tickets of a type have, with what is filled in."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, ForeignKey, Index, String, Text, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from helpdesk.core.db import Id, Model, ask, session
from helpdesk.core.errors import NotFound
from helpdesk.core.fields import FieldKind
from helpdesk.core.ids import by_id
from helpdesk.core.unchanged import while_unchanged
from helpdesk.tickets.models import Ticket

MOST_TYPES, MOST_FIELDS = 50, 40


class TicketType(Model):
    """What a ticket is about: an order, a complaint. It is retired, never deleted."""

    __tablename__ = "ticket_type"
    id: Mapped[Id]
    name: Mapped[str] = mapped_column(String, unique=True)
    created_at: Mapped[datetime]
    retired_at: Mapped[datetime | None]

    fields: Mapped[list["TicketField"]] = relationship(order_by="TicketField.id")


class TicketField(Model):
    """Something to fill in on tickets of a type. `key` is its name in filters."""

    __tablename__ = "ticket_field"
    id: Mapped[Id]
    type_id: Mapped[int] = mapped_column(ForeignKey("ticket_type.id"), index=True)
    key: Mapped[str] = mapped_column(String(40), unique=True)
    label: Mapped[str]
    kind: Mapped[FieldKind] = mapped_column(String(10))
    choices: Mapped[list[Any]]
    is_required: Mapped[bool]
    """Nobody of us resolves the ticket before it is filled in."""
    is_public: Mapped[bool]
    """Customers are asked for it when they file a request."""
    retired_at: Mapped[datetime | None]


class TicketFieldValue(Model):
    """What is filled in, in its normal form; `number` is the same for comparing."""

    __tablename__ = "ticket_field_value"
    ticket_id: Mapped[int] = mapped_column(
        ForeignKey("ticket.id", ondelete="CASCADE"), primary_key=True
    )
    field_id: Mapped[int] = mapped_column(ForeignKey("ticket_field.id"), primary_key=True)
    text: Mapped[str] = mapped_column(Text)
    number: Mapped[float | None]

    __table_args__ = (Index("ix_ticket_field_value_number", "field_id", "number"),)


def types(*, retired: bool = False) -> Sequence[TicketType]:
    """Those in use, or all of them, by name."""
    statement = select(TicketType).order_by(TicketType.name)
    if not retired:
        statement = statement.where(TicketType.retired_at.is_(None))
    return session.scalars(statement).all()


@while_unchanged
def type_names() -> Mapping[int, str]:
    """What those in use are called, by name. Not to be changed."""
    named = select(TicketType.id, TicketType.name).where(TicketType.retired_at.is_(None))
    return {row.id: row.name for row in ask(named.order_by(TicketType.name))}


def type_by_id(type_id: int) -> TicketType:
    """Raises NotFound where there is none."""
    found = by_id(TicketType, type_id)
    if found is None:
        raise NotFound("There is no such type.")
    return found


class FieldName(NamedTuple):
    """A field as lists name it."""

    id: int
    key: str
    label: str
    kind: str
    is_retired: bool


@while_unchanged
def field_names() -> Sequence[FieldName]:
    """All fields of all types, by label."""
    retired = TicketField.retired_at.is_not(None)
    columns = (TicketField.id, TicketField.key, TicketField.label, TicketField.kind, retired)
    statement = select(*columns)
    return [FieldName(*row) for row in ask(statement.order_by(TicketField.label, TicketField.id))]


def filled_in(field_id: int) -> ColumnElement[str]:
    """What is filled in there, for a statement about tickets."""
    here = TicketFieldValue.ticket_id == Ticket.id, TicketFieldValue.field_id == field_id
    return select(TicketFieldValue.text).where(*here).correlate(Ticket).scalar_subquery()


def values_of(ticket_id: int) -> dict[int, str]:
    """What is filled in on a ticket, by field."""
    statement = select(TicketFieldValue.field_id, TicketFieldValue.text).where(
        TicketFieldValue.ticket_id == ticket_id
    )
    return {row.field_id: row.text for row in ask(statement)}


def fields_of(ticket: Ticket) -> list[TicketField]:
    """What can be filled in on it: the fields of its type that are in use."""
    if ticket.type_id is None:
        return []
    of_type = TicketField.type_id == ticket.type_id, TicketField.retired_at.is_(None)
    return list(session.scalars(select(TicketField).where(*of_type).order_by(TicketField.id)))


def missing_on(ticket: Ticket, *, besides: Collection[int] = ()) -> list[str]:
    """Labels of what has to be filled in before it is resolved; but for the fields `besides`."""
    if ticket.type_id is None:
        return []
    session.flush()
    held = values_of(ticket.id)
    required = [f for f in fields_of(ticket) if f.is_required and f.id not in besides]
    return [f.label for f in required if not held.get(f.id)]


def public_types() -> list[tuple[TicketType, list[TicketField]]]:
    """Types that customers can choose, with the fields that they are asked for."""
    asked = (
        select(TicketField)
        .join(TicketType, TicketType.id == TicketField.type_id)
        .where(TicketField.is_public, TicketField.retired_at.is_(None))
        .where(TicketType.retired_at.is_(None))
        .order_by(TicketType.name, TicketField.id)
    )
    found: dict[int, list[TicketField]] = {}
    for field in session.scalars(asked):
        found.setdefault(field.type_id, []).append(field)
    return [(session.get_one(TicketType, type_id), fields) for type_id, fields in found.items()]


@dataclass(frozen=True)
class Filled:
    """A field with what stands in it."""

    field: TicketField
    text: str


def filled_on(ticket: Ticket) -> list[Filled]:
    """Every field of its type in use, and of others whatever is filled in all the same."""
    held = values_of(ticket.id)
    fields = fields_of(ticket)
    known = {field.id for field in fields}
    rest = [number for number in held if number not in known and held[number]]
    if rest:
        old = select(TicketField).where(TicketField.id.in_(rest)).order_by(TicketField.id)
        fields += session.scalars(old)
    return [Filled(field, held.get(field.id, "")) for field in fields]
