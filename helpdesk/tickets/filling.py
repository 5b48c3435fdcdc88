"""Choosing the type of a ticket, filling in its fields, and arranging both."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from helpdesk.accounts.models import Account
from helpdesk.core.clock import now
from helpdesk.core.db import session
from helpdesk.core.errors import Conflict, Invalid
from helpdesk.core.fields import (
    FieldKind,
    Wish,
    checked_choices,
    checked_key,
    checked_kind,
    checked_name,
    normal,
    number_of,
)
from helpdesk.core.journal import Event, record
from helpdesk.tickets.actions import touch
from helpdesk.tickets.events import TicketEvent
from helpdesk.tickets.models import Ticket
from helpdesk.tickets.types import (
    MOST_FIELDS,
    MOST_TYPES,
    TicketField,
    TicketFieldValue,
    TicketType,
    fields_of,
)


@dataclass(frozen=True)
class TypeChanged(TicketEvent):
    """Names, None for no type."""

    ticket_id: int
    before: str | None
    after: str | None


@dataclass(frozen=True)
class FieldsFilled(TicketEvent):
    """Labels of what was filled in, changed or emptied; what stands there may be a customer's
    words, so it is not told."""

    ticket_id: int
    labels: list[str]


@dataclass(frozen=True)
class TypesArranged(Event):
    """A type of tickets, or a field of one, was made or changed; `what` says how."""

    subject: ClassVar[tuple[str, str]] = ("ticket type", "type_id")
    type_id: int
    what: str


def set_type(ticket: Ticket, kind: TicketType | None, *, by: Account | None) -> None:
    """What the ticket is about. What was filled in stays. Raises Conflict for a retired type."""
    before, after = ticket.type_id, kind.id if kind else None
    if before == after:
        return
    if kind is not None and kind.retired_at is not None:
        raise Conflict(f"“{kind.name}” is not used any more.")
    old = session.get_one(TicketType, before).name if before is not None else None
    ticket.type_id = after
    touch(ticket)
    record(TypeChanged(ticket.id, old, kind.name if kind else None), by=by)


def fill_in(
    ticket: Ticket,
    texts: Mapping[int, str],
    *,
    by: Account | None,
    fields: Sequence[TicketField] | None = None,
) -> None:
    """Fill in fields of its type, by their numbers; "" empties one, others are not looked at.

    Raises Invalid for what cannot be a value.
    """
    changed = []
    for field in fields if fields is not None else fields_of(ticket):
        if field.id not in texts:
            continue
        text = normal(field, texts[field.id])
        row = session.get(TicketFieldValue, (ticket.id, field.id))
        if (row.text if row else "") == text:
            continue
        if row is None:
            row = TicketFieldValue(ticket_id=ticket.id, field_id=field.id)
            session.add(row)
        row.text = text
        row.number = number_of(field, text)
        changed.append(field.label)
    if changed:
        touch(ticket)
        session.flush()
        record(FieldsFilled(ticket.id, changed), by=by)


def make_type(name: str, *, by: Account) -> TicketType:
    """A new type. Raises Invalid for a bad name, Conflict for one that is there."""
    kind = TicketType(name=checked_name(name), created_at=now())
    if (session.scalar(select(func.count()).select_from(TicketType)) or 0) >= MOST_TYPES:
        raise Invalid(f"{MOST_TYPES} types are enough.")
    session.add(kind)
    _flush(f"There is a type “{kind.name}” already.")
    record(TypesArranged(kind.id, f"made the type {kind.name}"), by=by)
    return kind


def retire_type(kind: TicketType, *, back: bool, by: Account) -> None:
    """Nobody chooses it any more, or again; tickets that have it keep it."""
    kind.retired_at = None if back else now()
    record(TypesArranged(kind.id, "brought back" if back else "retired"), by=by)


def add_field(kind: TicketType, wish: Wish, *, by: Account) -> TicketField:
    """One more thing to fill in. Raises Invalid and Conflict."""
    if len(kind.fields) >= MOST_FIELDS:
        raise Invalid(f"{MOST_FIELDS} fields are enough for a type.")
    field = TicketField(
        type_id=kind.id,
        key=checked_key(wish.key),
        label=checked_name(wish.label),
        kind=checked_kind(wish.kind),
        choices=checked_choices(wish),
        is_required=wish.is_required,
        is_public=wish.is_public,
    )
    session.add(field)
    _flush(f"There is a field “{field.key}” already.")
    record(TypesArranged(kind.id, f"made the field {field.label}"), by=by)
    return field


def change_field(field: TicketField, wish: Wish, *, by: Account) -> None:
    """Another label, other choices, required or public; key and kind stay, so that what is filled
    in keeps its meaning. Raises Invalid."""
    field.label = checked_name(wish.label)
    if field.kind == FieldKind.CHOICE:
        field.choices = checked_choices(wish)
    field.is_required, field.is_public = wish.is_required, wish.is_public
    record(TypesArranged(field.type_id, f"changed the field {field.label}"), by=by)


def retire_field(field: TicketField, *, back: bool, by: Account) -> None:
    """Nobody is asked for it any more, or again; what is filled in stays."""
    field.retired_at = None if back else now()
    what = f"{'brought back' if back else 'retired'} the field {field.label}"
    record(TypesArranged(field.type_id, what), by=by)


def _flush(message: str) -> None:
    try:
        session.flush()
    except IntegrityError as error:
        raise Conflict(message) from error
