"""What happens to macros, and to tickets by them."""

from dataclasses import dataclass
from typing import ClassVar

from helpdesk.core.journal import Event
from helpdesk.tickets.events import TicketEvent


class MacroEvent(Event):
    subject: ClassVar[tuple[str, str]] = ("macro", "macro_id")


@dataclass(frozen=True)
class MacroSaved(MacroEvent):
    macro_id: int
    name: str
    does: list[str]
    """Of its changes; what it writes stands in its row."""
    team_ids: list[int]
    for_everybody: bool


@dataclass(frozen=True)
class MacroDeleted(MacroEvent):
    macro_id: int
    name: str


@dataclass(frozen=True)
class MacroUsed(TicketEvent):
    """Somebody did what a macro says; each change has an entry of its own besides."""

    ticket_id: int
    macro_id: int
    name: str
    did: list[str]
    """What had an effect, in words."""
