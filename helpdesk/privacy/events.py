"""What happens to what is kept about people."""

from dataclasses import dataclass
from typing import ClassVar

from helpdesk.core.journal import Event


class PrivacyEvent(Event):
    subject: ClassVar[tuple[str, str]] = ("customer", "customer_id")


@dataclass(frozen=True)
class DataHandedOut(PrivacyEvent):
    """Somebody took an export of what is kept about this customer."""

    customer_id: int
    tickets: int
    by_themselves: bool


@dataclass(frozen=True)
class HoldPlaced(PrivacyEvent):
    customer_id: int
    hold_id: int


@dataclass(frozen=True)
class HoldLifted(PrivacyEvent):
    customer_id: int
    hold_id: int


@dataclass(frozen=True)
class ErasureAsked(PrivacyEvent):
    customer_id: int
    erasure_id: int


@dataclass(frozen=True)
class ErasureRefused(PrivacyEvent):
    customer_id: int
    erasure_id: int


@dataclass(frozen=True)
class ErasureConfirmed(PrivacyEvent):
    customer_id: int
    erasure_id: int


@dataclass(frozen=True)
class CustomerErased(PrivacyEvent):
    """The words are gone; `counts` says how many of what."""

    customer_id: int
    erasure_id: int
    counts: dict[str, int]


@dataclass(frozen=True)
class RetentionRuleSet(Event):
    subject: ClassVar[tuple[str, str]] = ("account", "account_id")
    account_id: int
    kind: str
    days: int
    active: bool
