"""What a score is, and how the expressions of a text become one."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import sqrt
from typing import Literal

Label = Literal["negative", "neutral", "positive", "not_scored"]

NEUTRAL_BAND = 0.2
"""Polarities nearer to zero than this are neutral."""

_SOFTNESS = 9.0
_MOST_PHRASES = 12


@dataclass(frozen=True, slots=True, order=True)
class Expression:
    """A phrase at text[start:end] with its signed weight, about -5 to 5.

    faint: whether it is too little to be shown beside others.
    """

    start: int
    end: int
    weight: float
    faint: bool = False


@dataclass(frozen=True, slots=True)
class Score:
    """The tone of a text.

    polarity: -1 (negative) to 1 (positive); 0 where it is not scored.
    coverage: the share of its words that the analyser knows, 0 to 1.
    why: the reason where the label is "not_scored", else "".
    phrases: (exact piece of the text, its signed share of the polarity), largest first. The
        shares add up to the polarity, up to rounding, where there are no more than twelve.
    analyzer: the version that gave this score; another version may give another score.
    """

    polarity: float
    label: Label
    coverage: float
    why: str
    phrases: tuple[tuple[str, float], ...]
    analyzer: str


def not_scored(why: str, coverage: float, analyzer: str) -> Score:
    """A score that says why there is none, which differs from neutral."""
    return Score(0.0, "not_scored", round(coverage, 3), why, (), analyzer)


def gathered(expressions: Sequence[Expression]) -> list[Expression]:
    """Expressions in the order of the text, each faint one counted with the nearest strong one.

    So a reader sees the few phrases that matter and their shares still add up. Without any
    strong one all stay, those that overlap as one.
    """
    strong = sorted(each for each in expressions if not each.faint)
    if not strong:
        return _joined(sorted(expressions))
    kept = _joined(strong)
    weights = [each.weight for each in kept]
    for each in expressions:
        if each.faint:
            weights[_nearest(kept, each)] += each.weight
    return [replace(each, weight=weight) for each, weight in zip(kept, weights, strict=True)]


def _joined(ordered: Sequence[Expression]) -> list[Expression]:
    joined: list[Expression] = []
    for each in ordered:
        before = joined[-1] if joined else None
        if before and each.start < before.end:
            weight = before.weight + each.weight
            joined[-1] = Expression(before.start, max(before.end, each.end), weight)
        else:
            joined.append(each)
    return joined


def _nearest(ordered: Sequence[Expression], faint: Expression) -> int:
    """The place of the expression that begins nearest to a faint one."""
    after = bisect_left(ordered, faint.start, key=lambda each: each.start)
    near = [place for place in (after - 1, after) if 0 <= place < len(ordered)]
    return min(near, key=lambda place: abs(ordered[place].start - faint.start))


def combine(text: str, expressions: Sequence[Expression], coverage: float, analyzer: str) -> Score:
    """The score of a text from its expressions.

    The weights w are summed and pressed into -1…1 by S / sqrt(S² + 9), so that a fourth
    complaint adds less than the first. Each phrase's share is w / sqrt(S² + 9).
    """
    total = sum(expression.weight for expression in expressions)
    scale = 1 / sqrt(total * total + _SOFTNESS)
    polarity = round(total * scale, 4)
    shares = [
        (text[expression.start : expression.end], round(expression.weight * scale, 4))
        for expression in expressions
    ]
    largest = sorted(shares, key=lambda share: -abs(share[1]))[:_MOST_PHRASES]
    return Score(polarity, label_of(polarity), round(coverage, 3), "", tuple(largest), analyzer)


def label_of(polarity: float) -> Label:
    """The label of a polarity from -1 to 1."""
    if abs(polarity) < NEUTRAL_BAND:
        return "neutral"
    return "positive" if polarity > 0 else "negative"
