"""The general lexicons, joined: TextBlob's, VADER's, and what was learned on top of them.

Importing this module is cheap; calling it loads TextBlob's lexicon.
"""

from importlib.util import find_spec
from pathlib import Path

from helpdesk.sentiment.learned import Learned

_LEAST = 0.01
_LEAST_TEXTBLOB = 0.2


def general_words(learned: Learned) -> dict[str, float]:
    """The weight of each word that some lexicon knows, about -4 to 4."""
    weights = dict(learned.words)
    for name, points in (("textblob", textblob_words()), ("vader", vader_words())):
        scale = learned.lexicons.get(name, 0.0)
        for word, point in points.items():
            weights[word] = weights.get(word, 0.0) + scale * point
    return {word: round(weight, 3) for word, weight in weights.items() if abs(weight) >= _LEAST}


def textblob_words() -> dict[str, float]:
    """TextBlob's own lexicon: adjectives, -1 to 1 as rated on reviews, without the faint ones."""
    from textblob.en import sentiment

    sentiment.load()
    points = {word: senses[None][0] for word, senses in dict.items(sentiment)}
    return {
        word: point
        for word, point in points.items()
        if abs(point) >= _LEAST_TEXTBLOB and word.isalpha()
    }


def vader_words() -> dict[str, float]:
    """VADER's lexicon: words and slang, -4 to 4 as rated by ten people each.

    Read from its package's file, because importing the package would import an HTTP client.
    """
    found = find_spec("vaderSentiment")
    folder = found.submodule_search_locations if found else None
    if not folder:
        raise FileNotFoundError("the package vaderSentiment is not installed")
    lines = (Path(folder[0]) / "vader_lexicon.txt").read_text(encoding="utf-8").splitlines()
    entries = (line.split("\t", 2) for line in lines if line)
    return {word: float(point) for word, point, _ in entries if word.isalpha()}
