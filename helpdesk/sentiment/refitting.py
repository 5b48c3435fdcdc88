"""Learning on the spot: a layer from local labels, taken only if it reads unseen ones better.

The labels come as (text, label) pairs. Three tenths of them, chosen by a hash of the text so that
the choice is the same each time, are held out and never fitted on.
"""

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from math import exp, sqrt

from helpdesk.sentiment.analyzer import SupportAnalyzer
from helpdesk.sentiment.layer import PLAIN, Layer
from helpdesk.sentiment.measuring import LABELS, auc, confusion, macro_f1
from helpdesk.sentiment.scoring import NEUTRAL_BAND

LEAST_LABELS = 60
LEAST_OF_EACH = 10
_HELD_OUT = 0.3
_LEAST_SEEN = 4
_PULL = 6.0
_ROUNDS = 30
_STEP = 0.1
_CHANCE = 1.645
_LOSS_OF_AREA = 0.005
_EDGES = tuple(step / 20 for step in range(1, 11))
_TARGET = {"negative": 0.0, "neutral": 0.5, "positive": 1.0}

Pair = tuple[str, str]
"""A text and its label: negative, neutral or positive."""


@dataclass(frozen=True)
class Quality:
    """How texts with known labels are read; the areas are None where a label is missing.

    table: (true, given) → how often; not_scored is a given label too.
    """

    n: int
    table: Counter[tuple[str, str]]
    macro_f1: float
    positive_negative: float | None
    negative_rest: float | None


@dataclass(frozen=True)
class Refit:
    """A proposed layer and how it and the one before read the texts held out."""

    layer: Layer
    fitted: int
    before: Quality
    after: Quality
    mended: int
    broken: int
    """Texts held out that only the new layer reads right, and only the old one."""

    @property
    def is_better(self) -> bool:
        """More right labels than chance would give, and opposites told apart no worse.

        By McNemar's test (1947): of the texts that only one of the two reads right, so many
        more are the new one's as fall out by chance once in twenty times.
        """
        surplus = self.mended - self.broken
        if surplus <= _CHANCE * sqrt(self.mended + self.broken):
            return False
        if self.after.macro_f1 <= self.before.macro_f1:
            return False
        old, new = self.before.negative_rest, self.after.negative_rest
        return old is None or new is None or new >= old - _LOSS_OF_AREA


class TooFewLabels(ValueError):
    """There is too little to learn from, and to test with."""


def quality(analyzer: SupportAnalyzer, pairs: Sequence[Pair]) -> Quality:
    """How the analyser reads these texts. A text that it does not score counts as polarity 0."""
    scores = [(label, analyzer.analyze(text)) for text, label in pairs]
    table = confusion((label, score.label) for label, score in scores)
    by = {name: [s.polarity for label, s in scores if label == name] for name in LABELS}
    rest = by["neutral"] + by["positive"]
    return Quality(
        len(pairs),
        table,
        macro_f1(table),
        auc(by["positive"], by["negative"]) if by["positive"] and by["negative"] else None,
        auc(rest, by["negative"]) if rest and by["negative"] else None,
    )


def refit(pairs: Sequence[Pair], before: Layer) -> Refit:
    """A layer fitted on seven tenths of the pairs, and both layers read on the rest.

    Raises TooFewLabels below 60 pairs, or 10 of any label.
    """
    pairs = list(dict.fromkeys(pairs))
    counts = Counter(label for _, label in pairs)
    if len(pairs) < LEAST_LABELS or min(counts[label] for label in LABELS) < LEAST_OF_EACH:
        found = ", ".join(f"{counts[label]} {label}" for label in LABELS)
        raise TooFewLabels(
            f"It takes {LEAST_LABELS} labelled texts and {LEAST_OF_EACH} of each label; "
            f"there are {found}."
        )
    held = [pair for pair in pairs if _is_held_out(pair[0])]
    seen = [pair for pair in pairs if not _is_held_out(pair[0])]
    words = _words(seen)
    layer = _with_edges(seen, words)
    old, new = SupportAnalyzer(layer=before), SupportAnalyzer(layer=layer)
    was = [old.analyze(text).label == label for text, label in held]
    is_ = [new.analyze(text).label == label for text, label in held]
    mended = sum(b and not a for a, b in zip(was, is_, strict=True))
    broken = sum(a and not b for a, b in zip(was, is_, strict=True))
    return Refit(layer, len(seen), quality(old, held), quality(new, held), mended, broken)


def _is_held_out(text: str) -> bool:
    first = int.from_bytes(hashlib.sha256(text.encode("utf-8", "replace")).digest()[:4])
    return first / 2**32 < _HELD_OUT


def _words(pairs: Sequence[Pair]) -> dict[str, float]:
    """Logistic regression of the labels on single words, on top of what the analyser says.

    A Gaussian prior keeps a word near zero until several texts speak for it.
    """
    analyzer = SupportAnalyzer(layer=PLAIN)
    read = [
        (_total(analyzer, text), _distinct(analyzer, text), _TARGET[label]) for text, label in pairs
    ]
    seen = Counter(word for _, words, _ in read for word in words)
    weights = dict.fromkeys((word for word, n in seen.items() if n >= _LEAST_SEEN), 0.0)
    slopes = dict.fromkeys(weights, 1e-3)
    for _ in range(_ROUNDS):
        for total, words, target in read:
            known = [word for word in words if word in weights]
            z = max(-30.0, min(30.0, total + sum(weights[word] for word in known)))
            error = 1 / (1 + exp(-z)) - target
            for word in known:
                slope = error + _PULL / seen[word] * weights[word]
                slopes[word] += slope * slope
                weights[word] -= _STEP / sqrt(slopes[word]) * slope
    return {word: round(w, 2) for word, w in sorted(weights.items()) if abs(w) >= 0.1}


def _total(analyzer: SupportAnalyzer, text: str) -> float:
    """The sum of weights behind a polarity, from -9 to 9."""
    polarity = max(-0.95, min(0.95, analyzer.analyze(text).polarity))
    return 3 * polarity / sqrt(1 - polarity * polarity)


def _distinct(analyzer: SupportAnalyzer, text: str) -> list[str]:
    read = {word.text for sentence in analyzer.read(text) for word in sentence.words}
    return sorted(word for word in read if len(word) > 2 and word.isalpha())


def _with_edges(pairs: Sequence[Pair], words: dict[str, float]) -> Layer:
    """The layer whose neutral band gives the most right labels; in doubt the usual band."""
    analyzer = SupportAnalyzer(layer=Layer(words=words))
    read = [(analyzer.analyze(text).polarity, label) for text, label in pairs]

    def worth(edges: tuple[float, float]) -> tuple[float, float]:
        layer = Layer(-edges[0], edges[1])
        table = confusion((label, layer.label_of(polarity)) for polarity, label in read)
        far = abs(edges[0] - NEUTRAL_BAND) + abs(edges[1] - NEUTRAL_BAND)
        return round(macro_f1(table), 3), -far

    low, high = max(product(_EDGES, _EDGES), key=worth)
    return Layer(-low, high, words)
