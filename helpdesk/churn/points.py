"""Risk points: why a customer may leave, one reason at a time.

Health is 100 - risk; risk is the sum of the points, kept within 0 and 100. Points come in
families with a cap each, so that one bad incident, which shows in a low rating, a reopening
and an escalation at once, is not counted again and again. What is not known adds nothing
and is named. The starting points are a judgement until outcomes can teach better ones.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from helpdesk.churn.facts import Facts
from helpdesk.churn.rules import CAPS, DEFAULT, RULES, Rule, Weights

BASIS = "Rule-based, not yet validated"


@dataclass(frozen=True)
class Point:
    """One reason. `counted` is what is left of `value` under the family's cap."""

    family: str
    key: str
    value: int
    counted: int
    reason: str
    ticket_ids: tuple[int, ...] = ()

    @property
    def is_capped(self) -> bool:
        return self.counted != self.value


@dataclass(frozen=True)
class Coverage:
    """Which families have data, and in words what is missing."""

    known: tuple[str, ...]
    missing: tuple[str, ...]
    words: tuple[str, ...]

    @property
    def share(self) -> float:
        return len(self.known) / len(CAPS)


@dataclass(frozen=True)
class Assessment:
    """Risk with its reasons, heaviest first; `total` is the sum before 0 and 100 limit it."""

    risk: int
    total: int
    points: tuple[Point, ...]
    coverage: Coverage
    clears: tuple[str, ...]

    @property
    def health(self) -> int:
        return 100 - self.risk

    def by_family(self) -> Mapping[str, int]:
        """What each family adds, after its cap."""
        return {
            family: sum(point.counted for point in self.points if point.family == family)
            for family in CAPS
        }


def assess(facts: Facts, weights: Weights = DEFAULT) -> Assessment:
    """The points that hold for these facts, capped by family, and what they come to.

    A rule whose points are set to 0 is kept as such, so that one can see whom it would concern.
    Negative points (praise) lower the sum of their family before the cap is applied. Under a
    cap the heaviest points count whole and the lightest are cut, so the points as counted
    always add up to `total`.
    """
    points = _capped(_points(facts, weights), weights)
    total = sum(point.counted for point in points)
    return Assessment(
        risk=_clip(total),
        total=total,
        points=points,
        coverage=_coverage(facts),
        clears=_clears(points, weights),
    )


def flag_state(risk: float, flagged: bool, raise_at: float = 50, clear_below: float = 40) -> bool:
    """Whether the churn flag stands now: raised at one risk, cleared below a lower one.

    Between the two it stays as it was, so that a customer near the line does not flap.
    Raises ValueError when the flag would clear above where it is raised.
    """
    if clear_below > raise_at:
        raise ValueError(f"clearing below {clear_below} is above raising at {raise_at}")
    return risk >= (clear_below if flagged else raise_at)


def _points(facts: Facts, weights: Weights) -> list[Point]:
    words = {name: getattr(facts, name) for name in (*vars(facts), "usual", "praise")}
    found = []
    for rule in RULES:
        measure = _measure(facts, rule)
        if measure is None or not rule.when(measure):
            continue
        value, reason = weights.of(rule), _typeset(rule.reason.format(**words))
        tickets = _tickets(facts, rule)
        found.append(Point(rule.family, rule.key, value, value, reason, tickets))
    return found


def _typeset(text: str) -> str:
    """Figures below nothing carry a minus; the hyphens of words stay."""
    return re.sub(r"(?<!\w)-(?=\d)", "\N{MINUS SIGN}", text)


def holding(facts: Facts) -> dict[str, bool | None]:
    """Whether each rule holds, by key; None where its measure is not known."""
    found: dict[str, bool | None] = {}
    for rule in RULES:
        measure = _measure(facts, rule)
        found[rule.key] = None if measure is None else bool(rule.when(measure))
    return found


def risk_of(holds: Mapping[str, bool | None], weights: Weights) -> int:
    """The risk of somebody for whom these rules hold."""
    return _risk({key for key, held in holds.items() if held}, weights)


def risk_of_points(points: Sequence[Mapping[str, object]], weights: Weights) -> int:
    """The risk that points, as a snapshot keeps them, come to under other weights."""
    return _risk({str(point["key"]) for point in points}, weights)


def _risk(keys: set[str], weights: Weights) -> int:
    total = 0
    for family in CAPS:
        own = sum(weights.of(rule) for rule in RULES if rule.key in keys and rule.family == family)
        total += min(own, weights.cap(family))
    return _clip(total)


def _measure(facts: Facts, rule: Rule) -> float | None:
    measure: float | None = getattr(facts, rule.measure)
    return measure


def _tickets(facts: Facts, rule: Rule) -> tuple[int, ...]:
    sources = rule.reads or (rule.measure,)
    return tuple(dict.fromkeys(t for name in sources for t in facts.evidence.get(name, ())))


def _capped(points: Sequence[Point], weights: Weights) -> tuple[Point, ...]:
    kept: list[Point] = []
    for family in CAPS:
        own = [point for point in points if point.family == family]
        excess = max(0, sum(point.value for point in own) - weights.cap(family))
        for point in sorted(own, key=lambda point: point.value):
            cut = min(excess, max(0, point.value))
            excess -= cut
            kept.append(replace(point, counted=point.value - cut))
    return tuple(sorted(kept, key=lambda point: (-point.counted, -point.value)))


def _coverage(facts: Facts) -> Coverage:
    known = {rule.family for rule in RULES if _measure(facts, rule) is not None}
    words = [rule.missing for rule in RULES if rule.missing and _measure(facts, rule) is None]
    return Coverage(
        known=tuple(family for family in CAPS if family in known),
        missing=tuple(family for family in CAPS if family not in known),
        words=tuple(words),
    )


def _clears(points: Sequence[Point], weights: Weights) -> tuple[str, ...]:
    risk = _clip(sum(point.counted for point in points))
    sentences = {rule.key: rule.clears for rule in RULES}
    told = []
    for point in points:
        if point.value > 0:
            others = _capped([other for other in points if other is not point], weights)
            after = _clip(sum(other.counted for other in others))
            effect = f"risk falls to {after}" if after < risk else "only together with others"
            told.append(f"{sentences[point.key]}: {effect}")
    return tuple(told)


def _clip(total: int) -> int:
    return max(0, min(100, total))
