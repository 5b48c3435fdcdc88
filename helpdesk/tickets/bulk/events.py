"""What happens with bulk edits."""

from dataclasses import dataclass
from typing import ClassVar

from helpdesk.core.journal import Event
from helpdesk.tickets.events import TicketEvent


class BulkEvent(Event):
    subject: ClassVar[tuple[str, str]] = ("bulk edit", "bulk_id")


@dataclass(frozen=True)
class BulkEditStarted(BulkEvent):
    bulk_id: int
    tickets: int
    does: list[str]


@dataclass(frozen=True)
class BulkEditFinished(BulkEvent):
    bulk_id: int
    changed: int
    unchanged: int
    refused: int


@dataclass(frozen=True)
class BulkUndoStarted(BulkEvent):
    bulk_id: int


@dataclass(frozen=True)
class BulkUndoFinished(BulkEvent):
    bulk_id: int
    undone: int
    left: int


@dataclass(frozen=True)
class BulkEdited(TicketEvent):
    """A bulk edit changed the ticket; each change has an entry of its own besides."""

    ticket_id: int
    bulk_id: int
    did: list[str]
    """What had an effect, in words."""


@dataclass(frozen=True)
class BulkEditTakenBack(TicketEvent):
    """What a bulk edit changed on the ticket is as before."""

    ticket_id: int
    bulk_id: int
    restored: list[str]
    left: list[str]
    """What stays because somebody changed it since."""
