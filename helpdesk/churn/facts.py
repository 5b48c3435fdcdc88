"""What is known about a customer at one moment, as the risk points read it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

FEEDBACK_DAYS = 365
"""Older answers are not handed in: they say nothing about leaving now."""

MANY_CONTACTS = 4
"""In 30 days; or more than twice the usual number, from two contacts on."""

ENOUGH_MESSAGES = 3
"""Scored messages before the tone of a customer is worth a word."""

RENEWAL_DAYS = 60


@dataclass(frozen=True)
class Facts:
    """One customer at one point in time; `None` always means not known, never zero.

    Only what was recorded before that time may go in. `evidence` names the tickets behind a
    fact, by the field's name: `{"last_csat": (42,)}`.
    """

    last_csat: int | None = None
    """Last answer 1 to 5, of the last `FEEDBACK_DAYS`."""
    last_nps: int | None = None
    """Last answer 0 to 10, of the last `FEEDBACK_DAYS`."""
    nps_before: int | None = None
    """The answer before that one."""

    contacts_30d: int | None = None
    """Tickets filed and messages sent on older tickets in the last 30 days."""
    usual_contacts_30d: float | None = None
    """Mean of the same over the customer's earlier 30-day spans."""
    reopened_90d: int | None = None
    """Reopenings in the last 90 days."""
    sla_missed: bool | None = None
    """A target was missed in the last 90 days; not known where nothing was promised."""
    escalations_90d: int | None = None
    """Escalations and complaints in the last 90 days."""

    sentiment: float | None = None
    """Exponentially weighted mean of the customer's messages, -1 to 1."""
    sentiment_n: int = 0
    """Scored messages behind it."""
    sentiment_change: float | None = None
    """That mean now less the mean 30 days ago."""

    silent_days: float | None = None
    """Days since the last sign of life: message, answer, order or visit."""
    usual_gap_days: float | None = None
    """Median days between signs of life; unknown with fewer than three gaps."""

    cancellations_90d: int | None = None
    """Messages of the last 90 days that speak of cancelling or of a competitor."""
    days_to_renewal: int | None = None
    """Until the contract ends or renews; negative once that has passed."""
    open_problems: int | None = None
    """Tickets that are neither resolved nor closed."""
    tenure_days: int | None = None
    """Days since the customer came."""

    worth_a_year: float | None = None
    """The contract, else the orders of a year; no reason to leave, but one to be looked after."""

    evidence: Mapping[str, tuple[int, ...]] = field(default_factory=dict)

    @property
    def nps_drop(self) -> int | None:
        """By how much the last two NPS answers fell."""
        if self.last_nps is None or self.nps_before is None:
            return None
        return self.nps_before - self.last_nps

    @property
    def is_praising(self) -> bool | None:
        """The last rating is a 5, or the last NPS answer a promoter's."""
        if self.last_csat is None and self.last_nps is None:
            return None
        return self.last_csat == 5 or (self.last_nps or 0) >= 9

    @property
    def praise(self) -> str:
        """The praise in words."""
        return "5 of 5" if self.last_csat == 5 else f"{self.last_nps} of 10"

    @property
    def is_crowded(self) -> bool | None:
        """Many contacts of late, or many for this customer."""
        if self.contacts_30d is None:
            return None
        if self.contacts_30d >= MANY_CONTACTS:
            return True
        usual = self.usual_contacts_30d or 0
        return usual > 0 and self.contacts_30d >= 2 and self.contacts_30d > 2 * usual

    @property
    def usual(self) -> str:
        """The usual number of contacts in words, where it is known."""
        known = self.usual_contacts_30d
        return "" if known is None else f", usually {known:.1f}"

    @property
    def tone(self) -> float | None:
        """The sentiment, once enough messages are behind it."""
        return self.sentiment if self.sentiment_n >= ENOUGH_MESSAGES else None

    @property
    def tone_change(self) -> float | None:
        """How the sentiment moved, once enough messages are behind it."""
        return self.sentiment_change if self.sentiment_n >= ENOUGH_MESSAGES else None

    @property
    def silence(self) -> float | None:
        """How many usual gaps the present silence has lasted."""
        if self.silent_days is None or not self.usual_gap_days:
            return None
        return self.silent_days / self.usual_gap_days

    @property
    def is_renewal_in_doubt(self) -> bool | None:
        """The contract ends soon while a problem is open."""
        if self.days_to_renewal is None or self.open_problems is None:
            return None
        return 0 <= self.days_to_renewal <= RENEWAL_DAYS and self.open_problems > 0
