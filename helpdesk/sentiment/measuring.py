"""How well an analyser reads labelled texts. Plain counting, without a library of statistics."""

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence

LABELS = ("negative", "neutral", "positive")


def auc(higher: Sequence[float], lower: Sequence[float]) -> float:
    """The chance that one of `higher` lies above one of `lower`, ties counting half.

    The area under the ROC curve (Hanley and McNeil 1982). Raises ValueError if either is empty.
    """
    if not higher or not lower:
        raise ValueError("the area needs texts of both kinds")
    ordered = sorted(lower)
    below = sum(bisect_left(ordered, each) + bisect_right(ordered, each) for each in higher)
    return below / 2 / len(higher) / len(lower)


def sign_accuracy(positive: Sequence[float], negative: Sequence[float]) -> float:
    """The share of polarities on the right side of zero; exactly zero is right for neither."""
    right = sum(each > 0 for each in positive) + sum(each < 0 for each in negative)
    return right / (len(positive) + len(negative))


def confusion(pairs: Iterable[tuple[str, str]]) -> Counter[tuple[str, str]]:
    """How often each (true label, given label) occurs."""
    return Counter(pairs)


def f1(table: Counter[tuple[str, str]], label: str) -> float:
    """2TP / (2TP + FP + FN) of one label; 0 where it occurs on neither side."""
    hits = table[label, label]
    true = sum(n for (is_, _), n in table.items() if is_ == label)
    said = sum(n for (_, says), n in table.items() if says == label)
    return 2 * hits / (true + said) if true + said else 0.0


def macro_f1(table: Counter[tuple[str, str]]) -> float:
    """The mean of the F1 of negative, neutral and positive."""
    return sum(f1(table, label) for label in LABELS) / len(LABELS)
