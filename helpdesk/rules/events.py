"""What happens to rules, and what they do."""

from dataclasses import dataclass
from typing import ClassVar

from helpdesk.core.journal import Event
from helpdesk.tickets.events import TicketEvent


class RuleEvent(Event):
    subject: ClassVar[tuple[str, str]] = ("rule", "rule_id")


@dataclass(frozen=True)
class RuleSaved(RuleEvent):
    """It says something else from now on, or is new."""

    rule_id: int
    name: str
    version: int


@dataclass(frozen=True)
class RuleSwitched(RuleEvent):
    rule_id: int
    name: str
    before: str
    after: str


@dataclass(frozen=True)
class RuleMoved(RuleEvent):
    """It is asked earlier or later."""

    rule_id: int
    name: str
    before: int
    after: int


@dataclass(frozen=True)
class RuleParked(RuleEvent):
    """It failed again and again, and waits for a person."""

    rule_id: int
    name: str
    error: str


@dataclass(frozen=True)
class RuleApplied(TicketEvent):
    """A rule changed a ticket; what it changed has entries of its own that follow from this."""

    ticket_id: int
    rule_id: int
    version_id: int
    name: str
    because: str
