"""The change of what a ticket is about."""

from dataclasses import dataclass
from typing import ClassVar

from helpdesk.core.db import session
from helpdesk.core.errors import Invalid
from helpdesk.tickets.changes.kinds import Change, Doing, number_from
from helpdesk.tickets.changes.names import Names
from helpdesk.tickets.filling import set_type
from helpdesk.tickets.models import Ticket
from helpdesk.tickets.types import TicketType


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
