"""What a text says about leaving, and about wanting somebody higher up."""

from helpdesk.sentiment.lexicon import signal_lexicon
from helpdesk.sentiment.negation import negation_of
from helpdesk.sentiment.own_words import own_words, without_quotations
from helpdesk.sentiment.words import Sentence, sentences

LONGEST_TEXT = 20_480
"""Characters of a text that are read; the rest is left out."""

_SIGNALS = frozenset(("cancellation", "escalation"))


def signals(text: str) -> frozenset[str]:
    """The signals in the customer's own words: "cancellation", "escalation", both or none.

    "Please close our account" is a cancellation, "cancel the meeting" and "I do not want to
    cancel our contract" are not. Fast, and without TextBlob: may be called anywhere.
    """
    own = without_quotations(own_words(text[:LONGEST_TEXT]))
    return frozenset(kind for sentence in sentences(own) for kind in _signals(sentence))


def _signals(sentence: Sentence) -> set[str]:
    found = signal_lexicon().find(sentence.words)
    return {
        phrase.effect.kind
        for at, phrase in enumerate(found)
        if phrase.effect.kind in _SIGNALS and not negation_of(sentence.words, found, at)
    }
