"""What happens to health and flags."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from helpdesk.core.journal import Event


class ChurnEvent(Event):
    subject: ClassVar[tuple[str, str]] = ("customer", "customer_id")


@dataclass(frozen=True)
class HealthChanged(ChurnEvent):
    """By ten points or more, or across a threshold of the flag."""

    customer_id: int
    before: int | None
    after: int
    keys: list[str]
    """The rules that hold now."""


@dataclass(frozen=True)
class ChurnFlagRaised(ChurnEvent):
    customer_id: int
    flag_id: int
    risk: int
    keys: list[str]
    reason: str


@dataclass(frozen=True)
class ChurnFlagCleared(ChurnEvent):
    customer_id: int
    flag_id: int
    risk: int
    reason: str


@dataclass(frozen=True)
class ChurnFlagMoved(ChurnEvent):
    """A person acknowledged it, works on it, or closed it with an outcome."""

    customer_id: int
    flag_id: int
    before: str
    after: str


@dataclass(frozen=True)
class ChurnFlagPlanned(ChurnEvent):
    """Somebody else looks after it from now on, or until another day."""

    customer_id: int
    flag_id: int
    owner_before: int | None
    owner_after: int | None
    due_at: datetime | None


@dataclass(frozen=True)
class PlaybookBegun(ChurnEvent):
    customer_id: int
    flag_id: int
    run_id: int
    name: str
    by_rule: bool


@dataclass(frozen=True)
class PlaybookWithheld(ChurnEvent):
    """Lot left this customer alone, so that one can tell whether playbooks help."""

    customer_id: int
    flag_id: int
    name: str


@dataclass(frozen=True)
class PlaybookStepDone(ChurnEvent):
    customer_id: int
    flag_id: int
    task_id: int
    title: str


class PlaybookEvent(Event):
    subject: ClassVar[tuple[str, str]] = ("playbook", "playbook_id")


@dataclass(frozen=True)
class PlaybookWritten(PlaybookEvent):
    """It can be begun from now on; by itself where a reason is named."""

    playbook_id: int
    name: str
    rule_key: str


@dataclass(frozen=True)
class PlaybookRetired(PlaybookEvent):
    """It begins no more."""

    playbook_id: int
    name: str


@dataclass(frozen=True)
class WeightsAdopted(Event):
    """Other points count from now on."""

    subject: ClassVar[tuple[str, str]] = ("risk_weights", "weights_id")
    weights_id: int
    before_id: int | None
    basis: str
