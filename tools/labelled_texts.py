"""Labelled texts for the sentiment analyser, as the folders of the public data sets hold them.

Each set keeps its own format; what comes out is the same: a text, how likely a reader calls it
positive (0 to 1, 0.5 neutral), and how much it counts in training.
"""

import csv
import html
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from math import exp
from pathlib import Path

_LINE = re.compile(r"<(?:Pros|Cons)>(.*)</(?:Pros|Cons)>")
_STRENGTH = re.compile(r"\[([+-])([1-3])\]")
_ASKS = re.compile(
    r"(?:how|what|where|which|who|when|can|could|do|does|is|are|may)\b", re.IGNORECASE
)
# Intents of which a statement tells that something went wrong.
_WENT_WRONG = re.compile(
    r"declined|failed|not_|wrong|charged|stolen|swallowed|pending|reverted|compromised|blocked|extra"
)


@dataclass(frozen=True, slots=True)
class Labelled:
    """A text with its label: 0 negative, 0.5 neutral, 1 positive."""

    text: str
    positive: float
    counts: float


def pros_cons(folder: Path) -> Iterator[Labelled]:
    """Phrases from reviews, under "pros" or under "cons" (Ganapathibhotla and Liu 2008)."""
    for name, label in (("IntegratedPros.txt", 1.0), ("IntegratedCons.txt", 0.0)):
        lines = (folder / name).read_text(encoding="latin-1").splitlines()
        texts = {html.unescape(found[1]).strip() for found in map(_LINE.search, lines) if found}
        yield from (Labelled(text, label, 0.4) for text in sorted(texts) if text)


def product_reviews_2(folder: Path) -> Iterator[Labelled]:
    """Sentences of reviews with the strength of each opinion in them (Hu and Liu 2004)."""
    for file in sorted(folder.glob("*.txt")):
        if file.name != "README.txt":
            for line in file.read_text(encoding="latin-1").splitlines():
                marks, found, text = line.partition("##")
                if found and text.strip():
                    yield _review_sentence(marks, text.strip())


def _review_sentence(marks: str, text: str) -> Labelled:
    strengths = [int(sign + number) for sign, number in _STRENGTH.findall(marks)]
    if not strengths or sum(strengths) == 0:
        return Labelled(text, 0.5, 0.1)
    return Labelled(text, 0.95 if sum(strengths) > 0 else 0.05, 1.0)


def vader_tweets(folder: Path) -> Iterator[Labelled]:
    """Short public messages with the mean of ten ratings, -4 to 4 (Hutto and Gilbert 2014)."""
    for line in (folder / "tweets_GroundTruth.txt").read_text(encoding="utf-8").splitlines():
        _, rating, text = line.split("\t", 2)
        yield Labelled(html.unescape(text), 1 / (1 + exp(-1.2 * float(rating))), 0.75)


def banking77(folder: Path) -> Iterator[Labelled]:
    """Questions to a bank by intent (Casanueva et al. 2020): neutral, or something went wrong."""
    for name in ("train.csv", "test.csv"):
        with (folder / name).open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                yield _bank_question(row["text"].strip(), row["category"])


def _bank_question(text: str, intent: str) -> Labelled:
    if _WENT_WRONG.search(intent) and not _ASKS.match(text):
        return Labelled(text, 0.25, 0.15)
    return Labelled(text, 0.5, 0.2)


SETS: dict[str, Callable[[Path], Iterator[Labelled]]] = {
    reader.__name__: reader for reader in (pros_cons, product_reviews_2, vader_tweets, banking77)
}


def opinion_lexicon(folder: Path) -> dict[str, float]:
    """Words that praise (1) or blame (-1) in reviews (Hu and Liu 2004)."""
    points: dict[str, float] = {}
    for name, point in (("positive-words.txt", 1.0), ("negative-words.txt", -1.0)):
        for line in (folder / name).read_text(encoding="latin-1").splitlines():
            word = line.strip().lower()
            if word.isalpha():
                points[word] = 0.0 if word in points else point
    return points
