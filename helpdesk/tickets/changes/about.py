"""Changes of what a ticket is about: its type, and what is filled in."""

from dataclasses import dataclass
from typing import ClassVar

from sqlalchemy import select

from helpdesk.core.db import session
from helpdesk.core.errors import Conflict, Invalid
from helpdesk.core.fields import normal
from helpdesk.core.text import clean
from helpdesk.tickets.changes.kinds import Change, Doing, number_from
from helpdesk.tickets.changes.names import Names
from helpdesk.tickets.filling import fill_in, set_type
from helpdesk.tickets.filters.fields import closest
from helpdesk.tickets.models import Ticket
from helpdesk.tickets.types import (
    MOST_FIELDS,
    TicketField,
    TicketType,
    field_names,
    values_of,
)

LONGEST = 20_000
"""Characters of all lines together."""
_SHOWN = 40
"""Characters of a value in the words of a change."""


@dataclass(frozen=True)
class SetType(Change):
    do: ClassVar[str] = "type"
    label: ClassVar[str] = "Type"
    type_id: int | None

    @classmethod
    def read(cls, to: object) -> "SetType":
        return cls(None if to is None or to == "none" else number_from(to, "type"))

    @property
    def to(self) -> int | None:
        return self.type_id

    def check(self, names: Names, *, by_person: bool) -> None:
        if self.type_id is not None and self.type_id not in names.types:
            raise Invalid("There is no such type (any more).")

    def words(self, names: Names) -> str:
        if self.type_id is None:
            return "take its type away"
        return f"set the type {names.type(self.type_id)}"

    def state(self, ticket: Ticket) -> object:
        return ticket.type_id

    def would_change(self, ticket: Ticket, doing: Doing) -> bool:
        kind = self._kind()
        return ticket.type_id != (kind.id if kind else None)

    def apply(self, ticket: Ticket, doing: Doing) -> None:
        set_type(ticket, self._kind(), by=doing.by)

    def _kind(self) -> TicketType | None:
        kind = session.get(TicketType, self.type_id) if self.type_id is not None else None
        if self.type_id is not None and (kind is None or kind.retired_at is not None):
            raise Invalid("The type is not used any more.")
        return kind


@dataclass(frozen=True)
class FillIn(Change):
    """Fields of the ticket's type; where the type is set as well, of that one."""

    do: ClassVar[str] = "fields"
    label: ClassVar[str] = "Fill in"
    lines: tuple[tuple[str, str], ...]
    """Names of fields, as filters have them, each with its value; "" empties one."""

    @classmethod
    def read(cls, to: object) -> "FillIn":
        if not isinstance(to, str):
            raise Invalid("Fields are lines such as “order_number: 4711”.")
        if len(to) > LONGEST:
            raise Invalid(f"The lines have {len(to):,} characters; {LONGEST:,} are possible.")
        pairs = tuple(_pair(line) for line in clean(to).splitlines() if line.strip())
        if len({key for key, _ in pairs}) < len(pairs):
            raise Invalid("Name each field once.")
        if not 0 < len(pairs) <= MOST_FIELDS:
            raise Invalid(f"Name 1 to {MOST_FIELDS} fields, a line each.")
        return cls(pairs)

    @property
    def to(self) -> str:
        return "\n".join(f"{key}: {value}".strip() for key, value in self.lines)

    @property
    def goes_together(self) -> bool:
        return False  # it asks what is filled in already

    @property
    def fields(self) -> dict[str, TicketField]:
        """Those in use that it names, by name."""
        named = TicketField.key.in_([key for key, _ in self.lines])
        found = session.scalars(select(TicketField).where(named, TicketField.retired_at.is_(None)))
        return {field.key: field for field in found}

    @property
    def filled(self) -> list[int]:
        """The fields that are not empty afterwards, by number."""
        fields = self.fields
        return [fields[key].id for key, value in self.lines if value and key in fields]

    def check(self, names: Names, *, by_person: bool) -> None:
        fields = self.fields
        for key, value in self.lines:
            if key not in fields:
                known = [one.key for one in field_names() if not one.is_retired]
                like = closest(key, known)
                hint = f" Did you mean “{like}”?" if like else ""
                raise Invalid(f"There is no field “{key[:60]}”.{hint}")
            normal(fields[key], value)

    def words(self, names: Names) -> str:
        labels = {one.key: one.label for one in field_names()}
        return ", ".join(
            f"fill in {labels.get(key, key)} “{value[:_SHOWN]}”"
            if value
            else f"empty {labels.get(key, key)}"
            for key, value in self.lines
        )

    def state(self, ticket: Ticket) -> object:
        held = values_of(ticket.id)
        return {key: held.get(field.id, "") for key, field in self.fields.items()}

    def would_change(self, ticket: Ticket, doing: Doing) -> bool:
        held = values_of(ticket.id)
        return any(
            held.get(field.id, "") != normal(field, value)
            for field, value in self._meant(doing.type_id)
        )

    def apply(self, ticket: Ticket, doing: Doing) -> None:
        meant = self._meant(ticket.type_id)
        texts = {field.id: value for field, value in meant}
        fill_in(ticket, texts, by=doing.by, fields=[field for field, _ in meant])

    def _meant(self, type_id: int | None) -> list[tuple[TicketField, str]]:
        """The fields with their values, on a ticket of this type."""
        fields = self.fields
        for key, _ in self.lines:
            if key not in fields:
                raise Invalid(f"The field “{key}” is not used any more.")
            if fields[key].type_id != type_id:
                name = session.get_one(TicketType, fields[key].type_id).name
                raise Conflict(f"“{fields[key].label}” is filled in on tickets of the type {name}.")
        return [(fields[key], value) for key, value in self.lines]


def _pair(line: str) -> tuple[str, str]:
    key, colon, value = line.partition(":")
    if not colon:
        raise Invalid(f"“{line.strip()[:60]}”: write a field, a colon and what to fill in.")
    return key.strip().lower().removeprefix("field."), value.strip()
