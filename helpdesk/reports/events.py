"""What happens to reports."""

from dataclasses import dataclass
from typing import ClassVar

from helpdesk.core.journal import Event


class OccasionEvent(Event):
    subject: ClassVar[tuple[str, str]] = ("occasion", "occasion_id")


@dataclass(frozen=True)
class OccasionNoted(OccasionEvent):
    occasion_id: int
    day: str
    sort: str
    text: str


@dataclass(frozen=True)
class OccasionDropped(OccasionEvent):
    occasion_id: int
    day: str
    sort: str
    text: str


class SubscriptionEvent(Event):
    subject: ClassVar[tuple[str, str]] = ("report subscription", "subscription_id")


@dataclass(frozen=True)
class ReportSubscribed(SubscriptionEvent):
    subscription_id: int
    account_id: int
    page: str
    rhythm: str


@dataclass(frozen=True)
class ReportUnsubscribed(SubscriptionEvent):
    subscription_id: int
    account_id: int
    page: str


@dataclass(frozen=True)
class ReportMailed(SubscriptionEvent):
    subscription_id: int
    account_id: int
    email_id: int


@dataclass(frozen=True)
class ReportMailStopped(SubscriptionEvent):
    """It can no longer be sent, for this reason."""

    subscription_id: int
    account_id: int
    reason: str
