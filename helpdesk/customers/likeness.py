"""How alike two names of people are, whatever their accents, order and initials."""

from collections.abc import Sequence
from functools import lru_cache
from itertools import permutations

from helpdesk.core.words import words_in

NEAR = 0.85
"""From here on two names may well be one person's."""
_INITIAL = 0.9
"""What an initial that fits is worth beside a whole name."""
_MOST = 4
"""Parts of a name that are looked at."""
_TITLES = frozenset(
    {"mr", "mrs", "ms", "miss", "dr", "prof", "sir", "herr", "frau", "mme", "mlle", "ing", "dipl"}
)
_PARTICLES = frozenset(
    {"van", "von", "der", "den", "de", "da", "di", "du", "la", "le", "el", "al", "bin", "ibn", "zu"}
)
# Letters that no decomposition takes apart, and how people write them where they lack the key.
_WRITTEN = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i"}
)
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe"})


def alike(one: str, other: str) -> float:
    """0 to 1: each part of the shorter name finds its like in the longer one, in any order; an
    initial fits what it begins. Names that share initials alone, and a single word beside a whole
    name, are not alike."""
    return max(_alike(first, second) for first in readings(one) for second in readings(other))


@lru_cache(maxsize=4096)
def readings(name: str) -> tuple[tuple[str, ...], ...]:
    """The parts of a name in the ways in which it may be written without its accents."""
    swapped = " ".join(reversed(name.split(",", 1))) if name.count(",") == 1 else name
    lower = swapped.lower()
    ways = (lower.translate(_WRITTEN), lower.translate(_UMLAUTS).translate(_WRITTEN))
    return tuple(dict.fromkeys(_parts(way) for way in ways))


def _parts(text: str) -> tuple[str, ...]:
    words = [word for word in words_in(text.replace("'", "").replace("’", "")) if word]
    some = [word for word in words if word not in _TITLES and word not in _PARTICLES]
    return tuple((some or words)[:_MOST])


def _alike(one: Sequence[str], other: Sequence[str]) -> float:
    short, long = sorted((one, other), key=len)
    if not short:
        return 0.0
    if len(short) == 1:
        return closeness(short[0], long[0]) if len(long) == 1 and len(short[0]) > 2 else 0.0
    best = max(_paired(short, order) for order in permutations(long, len(short)))
    left_out = len(long) - len(short)
    return best - 0.05 * left_out


def _paired(short: Sequence[str], long: Sequence[str]) -> float:
    fits = [closeness(a, b) for a, b in zip(short, long, strict=True)]
    whole = any(len(a) > 1 and len(b) > 1 for a, b in zip(short, long, strict=True))
    return 0.0 if not whole or min(fits) < 0.6 else sum(fits) / len(fits)


def closeness(one: str, other: str) -> float:
    """0 to 1 for two words: how few slips of the pen lie between them; an initial fits a word."""
    if one == other:
        return 1.0
    if 1 in (len(one), len(other)):
        return _INITIAL if one[:1] == other[:1] else 0.0
    slips = distance(one, other)
    allowed = 0 if min(len(one), len(other)) < 4 else 1 if min(len(one), len(other)) < 8 else 2
    return 1 - slips / max(len(one), len(other)) if slips <= allowed else 0.0


def distance(one: str, other: str) -> int:
    """Letters to add, drop, change or swap with their neighbour: optimal string alignment
    (Damerau 1964, restricted as in Boytsov 2011, section 2.1)."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        further = [i]
        for j, b in enumerate(other, 1):
            cost = min(row[j] + 1, further[j - 1] + 1, row[j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                cost = min(cost, before[j - 2] + 1)
            further.append(cost)
        before, row = row, further
    return row[-1]
