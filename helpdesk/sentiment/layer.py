"""What one company's own labels add: a few words and where neutral begins."""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field

from helpdesk.sentiment.scoring import NEUTRAL_BAND, Expression, Label
from helpdesk.sentiment.words import Sentence

_FAINT = 0.6


@dataclass(frozen=True, slots=True)
class Layer:
    """Fitted on local labels, laid over the analyser.

    low, high: polarities at and beyond which a text is negative or positive.
    words: what a word adds to the sum of the phrases, about -2 to 2.
    """

    low: float = -NEUTRAL_BAND
    high: float = NEUTRAL_BAND
    words: Mapping[str, float] = field(default_factory=dict, hash=False)

    @property
    def mark(self) -> str:
        """Eight letters that differ where the layer differs; "" for the plain analyser."""
        if self == Layer():
            return ""
        text = json.dumps(asdict(self), sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:8]

    def label_of(self, polarity: float) -> Label:
        """The label of a polarity from -1 to 1."""
        if polarity >= self.high:
            return "positive"
        return "negative" if polarity <= self.low else "neutral"

    def expressions(self, sentences: Sequence[Sentence]) -> Iterator[Expression]:
        """What the words of a text add."""
        if not self.words:
            return
        for sentence in sentences:
            for word in sentence.words:
                if weight := self.words.get(word.text):
                    yield Expression(word.start, word.end, weight, abs(weight) < _FAINT)


PLAIN = Layer()
"""The analyser as it ships."""


def stored(layer: Layer) -> dict[str, object]:
    """The layer as JSON can hold it."""
    return asdict(layer)


def restored(values: Mapping[str, object]) -> Layer:
    """The layer that `stored` gave. Raises KeyError or TypeError on anything else."""
    words = values["words"]
    if not isinstance(words, Mapping):
        raise TypeError("a layer keeps its words by name")
    low, high = values["low"], values["high"]
    if not isinstance(low, float | int) or not isinstance(high, float | int):
        raise TypeError("a layer keeps where neutral begins as numbers")
    return Layer(float(low), float(high), {str(word): float(w) for word, w in words.items()})
