"""What happens to health and flags."""

from dataclasses import dataclass
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
