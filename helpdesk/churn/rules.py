"""The table of risk points: families with their caps, rules with their points.

A judgement to start from, kept as data so that an administrator, and later the outcomes,
can change the numbers without touching a rule.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

CAPS: Mapping[str, int] = {
    "feedback": 30,
    "tickets": 30,
    "sentiment": 20,
    "activity": 15,
    "relationship": 30,
}
"""The families, and the most that each can add."""


@dataclass(frozen=True)
class Rule:
    """When `measure` of the facts is such that `when` holds, `points` are added.

    `reason` is filled in from the facts. `clears` says what would take the points away.
    `missing` says in words that the measure is not known; left empty where another rule
    says it already.
    """

    key: str
    family: str
    points: int
    measure: str
    when: Callable[[float], bool]
    reason: str
    clears: str = ""
    missing: str = ""
    reads: tuple[str, ...] = ()
    """Fields of the facts whose evidence counts, where the measure is made of several."""


RULES: tuple[Rule, ...] = (
    Rule(
        "low_rating",
        "feedback",
        20,
        measure="last_csat",
        when=lambda score: score <= 2,
        reason="The last rating was {last_csat} of 5",
        clears="A rating of 4 or 5 on the next solved ticket",
        missing="no rating",
    ),
    Rule(
        "middling_rating",
        "feedback",
        8,
        measure="last_csat",
        when=lambda score: score == 3,
        reason="The last rating was {last_csat} of 5",
        clears="A rating of 4 or 5 on the next solved ticket",
    ),
    Rule(
        "detractor",
        "feedback",
        15,
        measure="last_nps",
        when=lambda score: score <= 6,
        reason="Would not recommend us: {last_nps} of 10",
        clears="An answer of 7 or more to the next NPS question",
        missing="no NPS answer",
    ),
    Rule(
        "nps_drop",
        "feedback",
        10,
        measure="nps_drop",
        when=lambda drop: drop >= 3,
        reason="The NPS answer fell from {nps_before} to {last_nps}",
        clears="An NPS answer that holds or rises",
        reads=("last_nps",),
    ),
    Rule(
        "praise",
        "feedback",
        -10,
        measure="is_praising",
        when=bool,
        reason="Praised us: {praise}",
        reads=("last_csat", "last_nps"),
    ),
    Rule(
        "contacts",
        "tickets",
        15,
        measure="is_crowded",
        when=bool,
        reason="{contacts_30d} contacts in 30 days{usual}",
        clears="30 days with the usual number of contacts",
        missing="no count of contacts",
        reads=("contacts_30d",),
    ),
    Rule(
        "reopenings",
        "tickets",
        10,
        measure="reopened_90d",
        when=lambda times: times >= 2,
        reason="Reopened {reopened_90d} times in 90 days",
        clears="Solutions that hold: at most one reopening in 90 days",
        missing="no count of reopenings",
    ),
    Rule(
        "late",
        "tickets",
        10,
        measure="sla_missed",
        when=bool,
        reason="An answer or a solution came later than promised",
        clears="90 days without a missed target",
        missing="no response targets",
    ),
    Rule(
        "escalation",
        "tickets",
        15,
        measure="escalations_90d",
        when=lambda times: times >= 1,
        reason="Escalated or complained in the last 90 days",
        clears="90 days without an escalation or a complaint",
        missing="no record of escalations",
    ),
    Rule(
        "low_tone",
        "sentiment",
        10,
        measure="tone",
        when=lambda tone: tone < -0.3,
        reason="Messages sound unhappy: {sentiment:.2f} over {sentiment_n} messages",
        clears="Friendlier messages: a mean above −0.30",
        missing="too few scored messages",
        reads=("sentiment",),
    ),
    Rule(
        "falling_tone",
        "sentiment",
        5,
        measure="tone_change",
        when=lambda change: change <= -0.2,
        reason="The tone of messages is falling: {sentiment_change:.2f} in 30 days",
        clears="30 days in which the tone holds",
        reads=("sentiment", "sentiment_change"),
    ),
    Rule(
        "silence",
        "activity",
        10,
        measure="silence",
        when=lambda gaps: gaps > 3,
        reason="Silent for {silent_days:.0f} days, usually {usual_gap_days:.0f}",
        clears="A sign of life: a message, an answer, an order",
        missing="no usual rhythm",
        reads=("silent_days",),
    ),
    Rule(
        "cancellation",
        "relationship",
        25,
        measure="cancellations_90d",
        when=lambda times: times >= 1,
        reason="Spoke of cancelling or of a competitor",
        clears="90 days without such words",
        missing="messages not read for cancellations",
    ),
    Rule(
        "renewal",
        "relationship",
        10,
        measure="is_renewal_in_doubt",
        when=bool,
        reason="Renews in {days_to_renewal} days with {open_problems} open",
        clears="Solve what is open before the renewal",
        missing="no renewal date",
        reads=("open_problems",),
    ),
    Rule(
        "new_customer",
        "relationship",
        5,
        measure="tenure_days",
        when=lambda days: days < 90,
        reason="A new customer, {tenure_days} days",
        clears="90 days as a customer",
        missing="no starting date",
    ),
)


@dataclass(frozen=True)
class Weights:
    """Points by rule key and caps by family that differ from the table."""

    points: Mapping[str, int] = field(default_factory=dict)
    caps: Mapping[str, int] = field(default_factory=dict)

    def of(self, rule: Rule) -> int:
        """The points of a rule."""
        return self.points.get(rule.key, rule.points)

    def cap(self, family: str) -> int:
        """The most that a family adds."""
        return self.caps.get(family, CAPS[family])


DEFAULT = Weights()
