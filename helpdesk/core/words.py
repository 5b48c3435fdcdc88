"""What a text is made of for those who look something up in it.

Both databases are told and asked these words, so that they find the same.
"""

import re
import unicodedata
from functools import lru_cache

LONGEST_WORD = 40
"""In characters; the rest of a longer one is not looked at."""
# Scripts that are written without spaces: each sign is a word, and words side by side a phrase.
_SIGN = "\u2e80-\u2fdf\u3005\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_WORD = re.compile(rf"[{_SIGN}]|[^\W_{_SIGN}]+")
_MARK = re.compile(
    "[\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u0610-\u061a\u064b-\u065f\u0670\u3099]"
)


def fold(text: str) -> str:
    """Text in which large and small letters, with and without accents, are the same."""
    if text.isascii():
        return text.lower()
    bare = _MARK.sub("", unicodedata.normalize("NFKD", text))
    return unicodedata.normalize("NFC", bare).casefold()


def words_in(text: str) -> list[str]:
    """The words of a text, folded, in order."""
    return [word[:LONGEST_WORD] for word in _WORD.findall(fold(text))]


@lru_cache(maxsize=1024)
def _places(text: str) -> tuple[tuple[int, int, tuple[str, ...]], ...]:
    return tuple(
        (found.start(), found.end(), tuple(words_in(found.group())))
        for found in _WORD.finditer(text)
    )


def marked_places(text: str, wanted: frozenset[str], start: str = "") -> list[tuple[int, int]]:
    """Where in `text` a wanted word stands, or one that begins with `start`, as (from, to)."""
    return [
        (begin, end)
        for begin, end, words in _places(text)
        if any(word in wanted or (start and word.startswith(start)) for word in words)
    ]
