"""Weights learnt from outcomes, in the place of judgement: a scorecard over the rules.

Each rule is a column that says yes, no or not known; what a "yes" is worth beside a "no" becomes
the rule's points, 20 to double the odds. The regression knows which rules come together, so caps
are opened where they would cut what it found.
"""

from __future__ import annotations

from collections.abc import Sequence

from helpdesk.churn.backtest.cases import Case
from helpdesk.churn.rules import CAPS, RULES, Weights
from helpdesk.churn.scorecard.card import Scorecard
from helpdesk.churn.scorecard.training import Columns, platt, train

ENOUGH = 30
"""Leavers at the earlier cuts below which nothing is learnt."""
LEAST_POINTS, MOST_POINTS = -40, 60


def learn(cases: Sequence[Case]) -> Weights | None:
    """The weights that these cases teach; None where too few of them left."""
    left = [case.left for case in cases]
    if min(sum(left), len(left) - sum(left)) < ENOUGH:
        return None
    values = {rule.key: [_word(case.holds.get(rule.key)) for case in cases] for rule in RULES}
    card = train(Columns(values, frozenset(), left), with_pairs=False)
    points = {rule.key: _points(card, rule.key) for rule in RULES}
    return Weights(points, _caps(points))


def _word(held: bool | None) -> str | None:
    return None if held is None else "yes" if held else "no"


def _points(card: Scorecard, key: str) -> int:
    bins = card.bins[key]
    part = next((part for part in card.parts if part.columns == (key,)), None)
    yes, no = bins.index("yes"), bins.index("no")  # a rare one stands among the others
    if part is None or yes == no:
        return 0
    worth = part.points.get((yes,), 0) - part.points.get((no,), 0)
    return max(LEAST_POINTS, min(MOST_POINTS, worth))


def _caps(points: dict[str, int]) -> dict[str, int]:
    return {
        family: min(
            100,
            max(cap, sum(max(0, points[rule.key]) for rule in RULES if rule.family == family)),
        )
        for family, cap in CAPS.items()
    }


def chances_of(
    risks: Sequence[float], earlier: Sequence[float], left: Sequence[bool]
) -> list[float] | None:
    """The chances that belong to risks, by Platt's calibration on earlier cuts; None where these
    have too few leavers or stayers."""
    from helpdesk.churn.scorecard.logistic import chances

    if min(sum(left), len(left) - sum(left)) < ENOUGH // 3:
        return None
    slope, shift = platt([risk / 100 for risk in earlier], left)
    return chances([slope * risk / 100 + shift for risk in risks])
