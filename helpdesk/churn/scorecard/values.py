"""What stands in the cells of a table: numbers as people write them, days, words, and nothing."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from helpdesk.churn.scorecard.vocabulary import UNKNOWN


def is_unknown(text: str) -> bool:
    """Whether a value says that nothing is known."""
    return text.strip().casefold() in UNKNOWN


def typed(texts: Sequence[str]) -> tuple[list[float | str | None], bool]:
    """The values as numbers where nearly all are (days as their count since the year 1), else as
    words; None for what is not known, such as a word among numbers."""
    known = [text for text in texts if not is_unknown(text)]
    for reading in (number_in, _day):
        if known and _are_nearly_all([reading(text) for text in known], known):
            return [None if is_unknown(text) else reading(text) for text in texts], True
    return [None if is_unknown(text) else text.strip() for text in texts], False


def _are_nearly_all(read_as: Sequence[float | None], texts: Sequence[str]) -> bool:
    """Whether these are numbers; a few words that come again and again say that none is known."""
    words = [text for text, value in zip(texts, read_as, strict=True) if value is None]
    if len(words) <= 0.02 * len(texts):
        return True
    many = len({value for value in read_as if value is not None}) > 20
    return many and len(words) <= 0.2 * len(texts) and len(set(words)) <= 3


_PLAIN_NUMBER = re.compile(r"[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?", re.IGNORECASE)


def number_in(text: str) -> float | None:
    """The number in a text such as 1234.5, 1,234.50, 12,5, 45 % or $ 9; None where it is none."""
    plain = re.sub(r"[\s$€£%'\u00a0]", "", text)
    if re.fullmatch(r"[-+]?\d{1,3}(,\d{3})+(\.\d+)?", plain):
        plain = plain.replace(",", "")
    elif re.fullmatch(r"[-+]?\d{1,3}(\.\d{3})+,\d+|[-+]?\d+,\d+", plain):
        plain = plain.replace(".", "").replace(",", ".")
    if not _PLAIN_NUMBER.fullmatch(plain):
        return None
    value = float(plain)
    return value if abs(value) < 1e300 else None


def _day(text: str) -> float | None:
    try:
        return float(date.fromisoformat(text.strip()[:10]).toordinal())
    except ValueError:
        return None


def measure_in(text: str) -> float | None:
    """A number, or a day as its count since the year 1; None for anything else."""
    found = number_in(text)
    return found if found is not None else _day(text)
