"""What is written in made-up mass data: the demo's sentences, each scored once beforehand."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from json import JSONEncoder
from random import Random

from helpdesk import sentiment
from helpdesk.cli.seed import words
from helpdesk.cli.seed.bulk_loading import Row
from helpdesk.core.text import one_line

encode = JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
MONTHS = ("January", "March", "June", "September", "November")
GREETING = "Hello,"


@dataclass(frozen=True, slots=True)
class Text:
    """A text with its tone, as columns hold it."""

    body: str
    snippet: str
    polarity: float | None
    label: str
    signals: list[str]
    tone: Row
    """polarity, label, why, coverage, phrases, signals, analyzer."""


NO_TONE: Row = (None,) * 7


@dataclass(frozen=True)
class Matter:
    """What one topic is written with."""

    tags: Sequence[str]
    subjects: Sequence[str]
    calm: Sequence[Text]
    upset: Sequence[Text]
    answers: Sequence[Text]


@dataclass(frozen=True)
class Texts:
    """Everything there is to write."""

    matters: Sequence[Matter]
    thanks: Sequence[Text]
    still: Sequence[Text]
    angry: Sequence[Text]
    notes: Sequence[Text]
    comments: Mapping[int, Sequence[Text]]
    silence: Text


def write_texts(random: Random) -> Texts:
    """Fill in every sentence a few times and score it; takes about a second."""
    return Texts(
        [_matter(topic, random) for topic in words.TOPICS],
        _letters(words.THANKS, random),
        _letters(words.STILL, random),
        _letters(words.ANGRY, random),
        [_text(note) for note in words.NOTES],
        {score: [_text(line) for line in lines] for score, lines in words.COMMENTS.items()},
        _text(""),
    )


def _matter(topic: words.Topic, random: Random) -> Matter:
    return Matter(
        topic.tags,
        [_filled(subject, random) for subject, _ in product(topic.subjects, range(12))],
        _letters(topic.calm, random),
        _letters(topic.upset, random),
        _letters(topic.answers, random, words.CLOSINGS),
    )


def _letters(
    patterns: Iterable[str], random: Random, closings: Sequence[str] = ("",) * 3
) -> list[Text]:
    return [
        _text("\n\n".join(filter(None, (GREETING, _filled(pattern, random), closing))))
        for pattern, closing in product(patterns, closings)
    ]


def _filled(pattern: str, random: Random) -> str:
    filling = {
        "month": random.choice(MONTHS),
        "amount": f"{random.randint(20, 900)}.00",
        "number": str(random.randint(10, 999)),
        "year": str(random.choice((2025, 2026))),
        "name": random.choice(("Acorn", "Harbor", "Larch")),
    }
    for name, value in filling.items():
        pattern = pattern.replace("{" + name + "}", value)
    return pattern


def _text(body: str) -> Text:
    score = sentiment.score(body)
    scored = score.label != "not_scored"
    signals = sorted(sentiment.signals(body))
    polarity = score.polarity if scored else None
    tone: Row = (
        polarity,
        score.label,
        score.why or None,
        score.coverage,
        encode([list(phrase) for phrase in score.phrases]),
        encode(signals),
        score.analyzer,
    )
    return Text(body, one_line(body[:400], 140), polarity, score.label, signals, tone)
