"""A cheap language check: English, another language, or too little to say."""

from collections.abc import Sequence
from functools import cache

from helpdesk.sentiment.lexicon import FOLDER
from helpdesk.sentiment.words import Sentence

TOO_SHORT = "too short"
OTHER_LANGUAGE = "another language"
NO_KNOWN_WORDS = "no known words"
NO_OWN_WORDS = "no words of the customer's own"
_LEAST_COVERAGE = 0.2


@cache
def stop_words() -> dict[str, frozenset[str]]:
    """The commonest words of each language by its code; "en" also has everyday support words."""
    lines = (FOLDER / "languages.txt").read_text(encoding="utf-8").splitlines()
    pairs = [line.split(": ", 1) for line in lines if ": " in line and not line.startswith("#")]
    languages: dict[str, frozenset[str]] = {}
    for code, words in pairs:
        languages[code] = languages.get(code, frozenset()) | frozenset(words.split())
    return languages


def coverage(words: Sequence[str], known: frozenset[str] | set[str]) -> float:
    """The share of the words, 0 to 1, that are common English or in a lexicon."""
    english = stop_words()["en"]
    return sum(word in english or word in known for word in words) / max(1, len(words))


def why_not_english(sentences: Sequence[Sentence], known: frozenset[str] | set[str]) -> str:
    """The reason not to score these words, or "" where they can be scored."""
    words = [word.text for sentence in sentences for word in sentence.words]
    if not any(word in known or len(word) > 1 for word in words):
        return TOO_SHORT
    if _is_other_language(words):
        return OTHER_LANGUAGE
    if len(words) == 1 and words[0] not in known:
        return TOO_SHORT
    return NO_KNOWN_WORDS if coverage(words, known) < _LEAST_COVERAGE else ""


def _is_other_language(words: Sequence[str]) -> bool:
    """Mostly not in Latin letters, or more of another language's common words than of English."""
    foreign_letters = sum(word[0].isalpha() and word[0] > "ʯ" for word in words)
    if foreign_letters * 2 > len(words):
        return True
    languages = stop_words()
    english = sum(word in languages["en"] for word in words)
    others = [code for code in languages if code != "en"]
    most = max(sum(word in languages[code] for word in words) for code in others)
    return most > english
