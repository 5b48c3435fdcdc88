#!/usr/bin/env python3
"""Learn the weights of words and of pairs of words from labelled texts.

    tools/train_sentiment.py DATA_FOLDER [--without SET]

Writes helpdesk/sentiment/phrases/learned.txt, the same bytes from the same data, in a minute.
With --without one set is left out, nothing is written, and the rest is measured on it.
"""

import argparse
import random
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import exp, sqrt
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from labelled_texts import SETS, Labelled, opinion_lexicon

from helpdesk.sentiment.analyzer import SupportAnalyzer
from helpdesk.sentiment.general import textblob_words, vader_words
from helpdesk.sentiment.learned import FILE, HEADINGS, UNIT, Learned, read, written
from helpdesk.sentiment.lexicon import LEARNING, Lexicon, tone_lexicon
from helpdesk.sentiment.measuring import auc, sign_accuracy
from helpdesk.sentiment.own_words import own_words, without_quotations
from helpdesk.sentiment.tone import Reading, readings
from helpdesk.sentiment.words import Sentence, is_number, sentences

SCALES = {"textblob": 1.0, "vader": 0.5, "opinion": 0.9}
"""What a point of each lexicon counts. Fitted on one set they served the others badly (reviews
give VADER's slang no weight), so they are fixed, chosen by leaving one set out at a time."""
PULL = {"words": 3.0, "plain": 8.0, "pairs": 8.0, "negated": 5.0, "set": 0.0}
"""How strongly a weight is pulled to zero: the inverse variance of a Gaussian prior. "plain" are
words that no lexicon calls good or bad: what reviews say beside them is mostly about products."""
SPARSE = {"words": 0.15, "pairs": 0.25, "negated": 0.25, "set": 0.0}
"""And how strongly whatever its size: the rate of a Laplace prior."""
LEAST = {"words": 0.04, "negated": 0.1, "pairs": 0.08}
"""Weights nearer to zero are not written."""
LEAST_COUNT = 4
ROUNDS = 6
STEP = 0.15
BARELY = 1e-6
FUNCTION_WORDS = frozenset(
    """
    a an the and or of to in on at by for with from as is are was were be been am it its
    this that these those i you he she we they me my your his her our their him us them
    do does did have has had will would can could should may might shall must if so than
    then there here what which who whom whose when where how about into over after
    before up out off also just s t
    """.split()  # noqa: SIM905 - words read better as words
)
Feature = tuple[str, str]
"""Heading and name; under "set" stands the name of a data set, whose own bias is not kept."""


@dataclass(slots=True)
class Example:
    """What is known of a text: the fixed part of its tone, and what weights would add."""

    fixed: float
    features: list[tuple[int, float]]
    positive: float
    counts: float


class Reader:
    """Reads texts as the analyser does, noting which weights would have a say and how much."""

    def __init__(self, texts: Iterable[str], points: Mapping[str, Mapping[str, float]]):
        self.number: dict[Feature, int] = {}
        words, pairs = _vocabulary(texts)
        general = dict.fromkeys(words, BARELY)
        for name, table in points.items():
            for word, point in table.items():
                general[word] = general.get(word, 0.0) + SCALES[name] * point
        nested: dict[str, dict[str, float]] = defaultdict(dict)
        for first, second in pairs:
            nested[first][second] = BARELY
        self._lexicon: Lexicon = tone_lexicon(general, Learned(pairs=nested))

    def example(self, labelled: Labelled, source: str) -> Example:
        fixed = 0.0
        values: dict[int, float] = defaultdict(float)
        values[self._id("set", source)] = 1.0
        for reading in readings(_read(labelled.text), self._lexicon):
            fixed += reading.total
            for heading, name, value in _parts(reading):
                values[self._id(heading, name)] += value
        return Example(fixed, sorted(values.items()), labelled.positive, labelled.counts)

    def _id(self, heading: str, name: str) -> int:
        return self.number.setdefault((heading, name), len(self.number))


def _parts(reading: Reading) -> Iterator[tuple[str, str, float]]:
    for tone in reading.tones:
        found = tone.found
        name = "_".join(word.text for word in reading.sentence.words[found.first : found.after])
        if found.effect.kind == "pair":
            yield "pairs", name, tone.factor
        elif found.after - found.first == 1 and found.effect.kind in LEARNING:
            yield "words", name, tone.factor
            if tone.is_negated:
                yield "negated", name, abs(tone.factor)


def _read(text: str) -> list[Sentence]:
    return sentences(without_quotations(own_words(text)))


def _vocabulary(texts: Iterable[str]) -> tuple[list[str], list[tuple[str, str]]]:
    """Words and neighbouring words that are frequent enough to learn something of them."""
    words: Counter[str] = Counter()
    pairs: Counter[tuple[str, str]] = Counter()
    for text in texts:
        for sentence in _read(text):
            words.update({word.text for word in sentence.words})
            neighbours = pairwise(sentence.words)
            pairs.update({(a.text, b.text) for a, b in neighbours if a.clause == b.clause})
    return (
        sorted(word for word, n in words.items() if n >= LEAST_COUNT and _tells(word)),
        sorted(pair for pair, n in pairs.items() if n >= LEAST_COUNT and _pair_tells(pair)),
    )


def _tells(word: str) -> bool:
    return len(word) > 1 and word not in FUNCTION_WORDS and not is_number(word)


def _pair_tells(pair: tuple[str, str]) -> bool:
    return any(map(_tells, pair)) and not any(map(is_number, pair))


def fit(
    examples: Sequence[Example], features: Sequence[Feature], toned: frozenset[str]
) -> list[float]:
    """Weights by logistic regression on soft labels.

    AdaGrad (Duchi et al. 2011); each sight of a feature carries its share of both priors.
    """
    weights, slopes = [0.0] * len(features), [1e-3] * len(features)
    seen = Counter(number for example in examples for number, _ in example.features)
    plain = [heading == "words" and name not in toned for heading, name in features]
    pulls = [PULL["plain" if plain[n] else heading] for n, (heading, _) in enumerate(features)]
    pull = [strength / seen[number] for number, strength in enumerate(pulls)]
    sparse = [SPARSE[heading] / seen[number] for number, (heading, _) in enumerate(features)]
    order = list(range(len(examples)))
    shuffle = random.Random(1)  # noqa: S311 - the same order every time
    for _ in range(ROUNDS):
        shuffle.shuffle(order)
        for place in order:
            example = examples[place]
            total = example.fixed + sum(weights[n] * value for n, value in example.features)
            chance = 1 / (1 + exp(-max(-30.0, min(30.0, total))))
            error = (chance - example.positive) * example.counts
            for n, value in example.features:
                slope = error * value + pull[n] * weights[n]
                slopes[n] += slope * slope
                step = STEP / sqrt(slopes[n])
                weights[n] = _nearer_to_zero(weights[n] - step * slope, step * sparse[n])
    return weights


def _nearer_to_zero(weight: float, by: float) -> float:
    return weight - by if weight > by else weight + by if weight < -by else 0.0


def train(
    data: Mapping[str, Sequence[Labelled]], opinion: Mapping[str, float]
) -> dict[str, dict[str, int]]:
    """The weights in hundredths by heading, the opinion lexicon folded into those of the words."""
    points = {"textblob": textblob_words(), "vader": vader_words(), "opinion": opinion}
    reader = Reader((each.text for texts in data.values() for each in texts), points)
    examples = [reader.example(each, name) for name, texts in data.items() for each in texts]
    features = list(reader.number)
    found: dict[str, dict[str, float]] = {heading: {} for heading in HEADINGS}
    toned = frozenset(word for table in points.values() for word, point in table.items() if point)
    weights = fit(examples, features, toned)
    for (heading, name), weight in zip(features, weights, strict=True):
        if heading in found:
            found[heading][name] = weight
    for word, point in opinion.items():
        found["words"][word] = found["words"].get(word, 0.0) + SCALES["opinion"] * point
    lexicons = {name: round(SCALES[name] * UNIT) for name in ("textblob", "vader")}
    return {"lexicons": lexicons} | {
        heading: {
            name: round(weight * UNIT)
            for name, weight in found[heading].items()
            if abs(weight) >= least and len(name.split()) == 1
        }
        for heading, least in LEAST.items()
    }


def _measure(analyzer: SupportAnalyzer, texts: Sequence[Labelled]) -> dict[str, float]:
    """How well opposite labels are told apart: area under the curve, and share of right signs."""
    clear = [each for each in texts if not 0.3 < each.positive < 0.7]
    given = [(analyzer.analyze(each.text).polarity, each.positive > 0.5) for each in clear]
    positive = [polarity for polarity, label in given if label]
    negative = [polarity for polarity, label in given if not label]
    if not positive or not negative:
        return {
            "neutral": sum(abs(analyzer.analyze(t.text).polarity) < 0.2 for t in texts) / len(texts)
        }
    return {
        "auc": round(auc(positive, negative), 4),
        "sign": round(sign_accuracy(positive, negative), 4),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path, help="the folder with one folder for each data set")
    parser.add_argument("--without", choices=list(SETS), default="")
    given = parser.parse_args()
    data = {name: list(texts(given.data / name)) for name, texts in SETS.items()}
    left_out = data.pop(given.without, None)
    text = written(train(data, opinion_lexicon(given.data / "opinion_lexicon")), TITLE)
    if left_out is None:
        FILE.write_text(text, encoding="utf-8")
        print(f"{FILE}: {FILE.stat().st_size:,} bytes")
    else:
        print(given.without, _measure(SupportAnalyzer(read(text)), left_out))


TITLE = """\
Written by tools/train_sentiment.py; how it is read stands in learned.py, whose texts it was
learned from in docs/sentiment.md."""

if __name__ == "__main__":
    main()
