"""What was arranged: hours, promises, shifts, and how teams give out their tickets. Events."""

from dataclasses import dataclass
from typing import ClassVar

from helpdesk.core.journal import Event


class HoursEvent(Event):
    subject: ClassVar[tuple[str, str]] = ("business hours", "hours_id")


@dataclass(frozen=True)
class HoursKept(HoursEvent):
    hours_id: int
    name: str
    is_new: bool


@dataclass(frozen=True)
class HoursRemoved(HoursEvent):
    hours_id: int
    name: str


class SlaPolicyEvent(Event):
    subject: ClassVar[tuple[str, str]] = ("SLA policy", "policy_id")


@dataclass(frozen=True)
class SlaPolicyKept(SlaPolicyEvent):
    """It was made or changed."""

    policy_id: int
    name: str
    is_new: bool


@dataclass(frozen=True)
class SlaPolicyRemoved(SlaPolicyEvent):
    policy_id: int
    name: str


class AgentEvent(Event):
    subject: ClassVar[tuple[str, str]] = ("account", "account_id")


@dataclass(frozen=True)
class AvailabilityChanged(AgentEvent):
    """They are given tickets from now on, or not."""

    account_id: int
    available: bool


@dataclass(frozen=True)
class DutyChanged(AgentEvent):
    account_id: int
    capacity: int | None
    hours_id: int | None


@dataclass(frozen=True)
class DistributionChanged(Event):
    """A team gives out its tickets in another way."""

    subject: ClassVar[tuple[str, str]] = ("team", "team_id")
    team_id: int
    before: str
    after: str
