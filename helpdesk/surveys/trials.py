"""Reading an experiment. Pure rules.

The number at which it ends is stated before it begins, and nothing but the numbers of those asked
is shown before: whoever looks at a difference every day and stops at a lucky one finds differences
that are not there.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from helpdesk.surveys.changes import Change, csat_change, two_sided
from helpdesk.surveys.scoring import Csat, Interval, csat, response_rate

LEAST_EVEN = 0.001
"""A split less likely than this by chance is not the split that was meant."""


@dataclass(frozen=True)
class ArmCount:
    """What came of one way to ask."""

    name: str
    asked: int
    answered: int
    satisfied: int

    @property
    def rate(self) -> Interval | None:
        """The range of the response rate, fractions."""
        found = response_rate(self.asked, self.answered)
        return found.interval if found else None

    @property
    def satisfaction(self) -> Csat | None:
        """Satisfaction among the answers."""
        return csat({5: self.satisfied, 1: self.answered - self.satisfied})


@dataclass(frozen=True)
class Reading:
    """The second way against the first, where there is anything to compare."""

    arms: tuple[ArmCount, ArmCount]
    is_over: bool
    rate: Change | None
    """The difference of the response rates, in points."""
    satisfaction: Change | None
    evenness: float
    """How likely so uneven a split is by chance; below LEAST_EVEN nothing can be concluded."""


def read(arms: Sequence[ArmCount], stop_after: int) -> Reading:
    """What the first two ways say, by the rule: over once each was asked `stop_after` times."""
    first, second = arms[0], arms[1]
    is_over = all(arm.asked >= stop_after for arm in arms)
    evenness = split_evenness(first.asked, second.asked)
    if not is_over or evenness < LEAST_EVEN:
        return Reading((first, second), is_over, None, None, evenness)
    rates = [csat({5: arm.answered, 1: arm.asked - arm.answered}) for arm in (first, second)]
    scores = [first.satisfaction, second.satisfaction]
    return Reading((first, second), True, _change(rates), _change(scores), evenness)


def _change(pair: Sequence[Csat | None]) -> Change | None:
    before, after = pair
    return csat_change(before, after) if before and after else None


def split_evenness(one: int, other: int) -> float:
    """The probability of a split at least as uneven, were each drawn with the same chance (normal
    approximation of the binomial)."""
    total = one + other
    return two_sided((one - other) / math.sqrt(total)) if total else 1.0
