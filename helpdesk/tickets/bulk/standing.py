"""How a ticket stands, written down before and after a change, so that the change can be taken back
exactly: the ticket's own columns, its tags, its pauses and its clocks."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any, TypeVar

from sqlalchemy import DateTime, Enum, inspect, select
from sqlalchemy.orm import DeclarativeBase

from helpdesk.core.db import Json, Model, UTCDateTime, session
from helpdesk.tickets.clocks import SlaClock
from helpdesk.tickets.models import Ticket
from helpdesk.tickets.pauses import TicketPause
from helpdesk.tickets.together import add_row, delete_row, rows_of
from helpdesk.tickets.types import values_of

PARTS: Mapping[str, tuple[str, ...]] = {
    "status": ("status", "resolved_at", "closed_at", "waiting_since", "reopenings"),
    "priority": ("priority",),
    "team": ("team_id",),
    "assignee": ("assignee_id",),
    "type": ("type_id",),
}
"""What can be changed in bulk, with the columns that follow it; tags and fields are parts too."""
TAGS, FIELDS = "tags", "fields"
ACTIVE = "active_at"
ANSWERED = ("waiting_since",)
"""What a reply settles, so that taking back the status leaves it alone."""
M = TypeVar("M", bound=Model)


def standing(ticket: Ticket, fields: Collection[int] = ()) -> Json:
    """The columns and tags of a ticket, and what is filled in in these fields, for JSON."""
    columns = [name for names in PARTS.values() for name in names]
    values = {name: _plain(getattr(ticket, name)) for name in (*columns, ACTIVE)}
    values[TAGS] = [tag.name for tag in ticket.tags]
    if fields:
        held = values_of(ticket.id)
        values[FIELDS] = {str(number): held.get(number, "") for number in fields}
    return values


def changed_parts(before: Json, after: Json) -> list[str]:
    """The parts that differ; what was written down before a part could be changed lacks it."""
    parts = [part for part, names in PARTS.items() if before.get(names[0]) != after.get(names[0])]
    parts += [TAGS] if sorted(before[TAGS]) != sorted(after[TAGS]) else []
    return parts + ([FIELDS] if before.get(FIELDS) != after.get(FIELDS) else [])


def without_fields(kept: Json | None) -> Json | None:
    """The same without what is filled in."""
    return {part: value for part, value in kept.items() if part != FIELDS} if kept else kept


def fields_in(kept: Json) -> list[int]:
    """The fields of which it was written down what is filled in."""
    return [int(number) for number in kept.get(FIELDS, ())]


def value_of(name: str, kept: Json) -> Any:
    """What a column of the ticket was, as the model holds it."""
    return _typed(Ticket, name, kept[name])


def surroundings(ticket_ids: Collection[int]) -> dict[int, Json]:
    """The pauses and clocks of these tickets, for JSON."""
    found: dict[int, Json] = {number: {"pauses": [], "clocks": []} for number in ticket_ids}
    pauses = select(TicketPause).where(TicketPause.ticket_id.in_(ticket_ids))
    for pause in session.scalars(pauses.order_by(TicketPause.id)):
        found[pause.ticket_id]["pauses"].append(_row(pause))
    for clock in session.scalars(select(SlaClock).where(SlaClock.ticket_id.in_(ticket_ids))):
        found[clock.ticket_id]["clocks"].append(_row(clock))
    return found


def put_pauses_back(ticket_id: int, kept: Json) -> None:
    """Let a ticket have these pauses again, and no others."""
    _replace(TicketPause, ticket_id, kept["pauses"])


def put_clocks_back(ticket_id: int, kept: Json) -> None:
    """Let a ticket have these clocks again, and no others."""
    _replace(SlaClock, ticket_id, kept["clocks"])


def _replace(kind: type[M], ticket_id: int, rows: Sequence[Mapping[str, Any]]) -> None:
    keys = [str(column.key) for column in inspect(kind).primary_key]
    held = {_values(row, keys): row for row in rows_of(kind, ticket_id)}
    for kept in rows:
        values = {name: _typed(kind, name, value) for name, value in kept.items()}
        row = held.pop(tuple(kept[key] for key in keys), None)
        if row is None:
            add_row(kind(**values), ticket_id)
        else:
            for name, value in values.items():
                setattr(row, name, value)
    for row in held.values():
        delete_row(row, ticket_id)


def _values(row: Model, names: Sequence[str]) -> tuple[Any, ...]:
    return tuple(_plain(getattr(row, name)) for name in names)


def _row(thing: DeclarativeBase) -> Json:
    return {
        column.key: _plain(getattr(thing, column.key)) for column in inspect(type(thing)).columns
    }


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    return value.value if isinstance(value, StrEnum) else value


def _typed(kind: type[Model], name: str, value: Any) -> Any:
    """A value from JSON as the column holds it."""
    column = inspect(kind).columns[name].type
    if value is None:
        return None
    if isinstance(column, UTCDateTime | DateTime):
        return datetime.fromisoformat(value)
    if isinstance(column, Enum) and column.enum_class is not None:
        return column.enum_class(value)
    return value
