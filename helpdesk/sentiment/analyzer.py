"""The analyser for support texts, made as TextBlob wants one.

Importing this module imports TextBlob (about 0.35 s and 48 MB): only the worker does so.
Use it through TextBlob, `Blobber(analyzer=SupportAnalyzer())(text).sentiment`, or directly.
"""

import hashlib
from dataclasses import replace
from functools import cache, lru_cache
from importlib.metadata import version

from textblob.base import CONTINUOUS, BaseSentimentAnalyzer

from helpdesk.sentiment.general import general_words
from helpdesk.sentiment.language import NO_OWN_WORDS, TOO_SHORT, coverage, why_not_english
from helpdesk.sentiment.layer import PLAIN, Layer
from helpdesk.sentiment.learned import Learned, learned
from helpdesk.sentiment.lexicon import FILES, FOLDER, Lexicon, tone_lexicon
from helpdesk.sentiment.own_words import own_words, without_quotations
from helpdesk.sentiment.scoring import Score, combine, not_scored
from helpdesk.sentiment.signals import LONGEST_TEXT
from helpdesk.sentiment.tone import expressions
from helpdesk.sentiment.words import Sentence, sentences

_RULES = "5"
"""Raised whenever a rule changes that gives some text another score."""


class SupportAnalyzer(BaseSentimentAnalyzer):
    """Scores what customers write to support: see `analyze`."""

    kind = CONTINUOUS

    def __init__(self, weights: Learned | None = None, layer: Layer = PLAIN) -> None:
        """With the weights that ship, or with others, to measure them; `layer` lies on top."""
        super().__init__()
        self._layer = layer
        self._lexicon = _lexicon() if weights is None else _lexicon_of(weights)
        self.version = f"{_version()}+{layer.mark}" if layer.mark else _version()

    def analyze(self, text: str) -> Score:
        """The score of a text of which the first 20,480 characters are read.

        Deterministic, and raises nothing on any text.
        """
        own = own_words(text[:LONGEST_TEXT])
        if not own.strip():
            return not_scored(NO_OWN_WORDS if text.strip() else TOO_SHORT, 0.0, self.version)
        scored = sentences(without_quotations(own))
        known = self._lexicon.words
        if why := why_not_english(scored or sentences(own), known):
            return not_scored(why, 0.0, self.version)
        words = [word.text for sentence in scored for word in sentence.words]
        tones = expressions(scored, self._lexicon, list(self._layer.expressions(scored)))
        score = combine(text, tones, coverage(words, known), self.version)
        return replace(score, label=self._layer.label_of(score.polarity))

    def read(self, text: str) -> list[Sentence]:
        """The sentences of the writer's own that are scored."""
        return sentences(without_quotations(own_words(text[:LONGEST_TEXT])))


@lru_cache(maxsize=4)
def analyzer(layer: Layer = PLAIN) -> SupportAnalyzer:
    """The analyser of this process with this layer."""
    return SupportAnalyzer(layer=layer)


@cache
def _lexicon() -> Lexicon:
    return _lexicon_of(learned())


def _lexicon_of(weights: Learned) -> Lexicon:
    return tone_lexicon(general_words(weights), weights)


@cache
def _version() -> str:
    """The rules, the phrases and TextBlob, so that no two analysers share a version."""
    files = (*FILES, "languages.txt", "learned.txt")
    phrases = b"".join((FOLDER / name).read_bytes() for name in files)
    packages = f"{version('textblob')} {version('vaderSentiment')}"
    marks = hashlib.sha256(phrases + packages.encode()).hexdigest()[:8]
    return f"support-{_RULES}-{marks}"
