"""The analyser for support texts, made as TextBlob wants one.

Importing this module imports TextBlob (about 0.35 s and 48 MB): only the worker does so.
Use it through TextBlob, `Blobber(analyzer=SupportAnalyzer())(text).sentiment`, or directly.
"""

import hashlib
from functools import cache
from importlib.metadata import version

from textblob.base import CONTINUOUS, BaseSentimentAnalyzer

from helpdesk.sentiment.general import general_words
from helpdesk.sentiment.language import NO_OWN_WORDS, TOO_SHORT, coverage, why_not_english
from helpdesk.sentiment.learned import Learned, learned
from helpdesk.sentiment.lexicon import FILES, FOLDER, Lexicon, tone_lexicon
from helpdesk.sentiment.own_words import own_words, without_quotations
from helpdesk.sentiment.scoring import Score, combine, not_scored
from helpdesk.sentiment.signals import LONGEST_TEXT
from helpdesk.sentiment.tone import expressions
from helpdesk.sentiment.words import sentences

_RULES = "1"
"""Raised whenever a rule changes that gives some text another score."""


class SupportAnalyzer(BaseSentimentAnalyzer):
    """Scores what customers write to support: see `analyze`."""

    kind = CONTINUOUS

    def __init__(self, weights: Learned | None = None) -> None:
        """With the weights that ship, or with others, to measure them."""
        super().__init__()
        weights = weights or learned()
        self._lexicon: Lexicon = tone_lexicon(general_words(weights), weights)
        self.version = _version()

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
        tones = expressions(scored, self._lexicon)
        return combine(text, tones, coverage(words, known), self.version)


@cache
def analyzer() -> SupportAnalyzer:
    """The one analyser of this process."""
    return SupportAnalyzer()


def _version() -> str:
    """The rules, the phrases and TextBlob, so that no two analysers share a version."""
    phrases = b"".join((FOLDER / name).read_bytes() for name in (*FILES, "languages.txt"))
    marks = hashlib.sha256(phrases + version("textblob").encode()).hexdigest()[:8]
    return f"support-{_RULES}-{marks}"
