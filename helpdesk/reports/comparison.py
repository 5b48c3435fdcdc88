"""A figure beside the one of the period before: by how much it moved, and whether that is real."""

from __future__ import annotations

import math
from collections.abc import Sequence

from helpdesk.reports.counting import quantile
from helpdesk.reports.paper import Sentence, Words, sentence
from helpdesk.surveys.changes import csat_change, nps_change
from helpdesk.surveys.scoring import Csat, Interval, Nps, Z
from helpdesk.ui.times import duration
from helpdesk.ui.words import number

UP, DOWN = "▲", "▼"
UNKNOWN = "nothing to compare with"


def csat_move(before: Csat | None, after: Csat | None) -> Sentence:
    """``▼ 9 points, real``."""
    if before is None or after is None:
        return sentence(UNKNOWN)
    change = csat_change(before, after)
    return _moved(change.difference, _points(change.difference), change.verdict == "real", 1)


def nps_move(before: Nps | None, after: Nps | None) -> Sentence:
    """``▲ 3 points, within chance``."""
    if before is None or after is None:
        return sentence(UNKNOWN)
    change = nps_change(before, after)
    return _moved(change.difference, _points(change.difference), change.verdict == "real", 1)


def time_move(before: Sequence[int], after: Sequence[int], share: float = 0.5) -> Sentence:
    """``▼ 14 min, real`` for medians; a change of times is good when they get shorter."""
    earlier, later = quantile(before, share), quantile(after, share)
    if earlier is None or later is None:
        return sentence(UNKNOWN)
    return _moved(later - earlier, duration(later - earlier), medians_differ(before, after), -1)


def count_move(before: int, after: int, days: tuple[int, int], good: int = 0) -> Sentence:
    """``▲ 12, within chance``: counts of periods of so many days. `good` is 1 where more is
    better, −1 where less is."""
    gap = after - before
    return _moved(gap, number(abs(gap)), counts_differ(before, after, days), good)


def counts_differ(before: int, after: int, days: tuple[int, int]) -> bool:
    """Whether two counts differ by more than chance, given how many days each had.

    Source: J. Przyborowski and H. Wilenski (1940), Homogeneity of results in testing samples from
    Poisson series, Biometrika 31, 313-323: given their sum, the later count is binomial.
    """
    both, part = before + after, days[1] / (days[0] + days[1])
    if not both or part in (0.0, 1.0):
        return False
    return abs(after - both * part) / math.sqrt(both * part * (1 - part)) > Z


def median_range(ordered: Sequence[float]) -> Interval | None:
    """95 % range of the median of what these sorted values are a sample of; None below six.

    Source: M. J. Campbell and M. J. Gardner (1988), Calculating confidence intervals for some
    non-parametric analyses, BMJ 296, 1454-1456: the values at ranks n/2 ± z·√n/2.
    """
    n = len(ordered)
    if n < 6:
        return None
    reach = Z * math.sqrt(n) / 2
    low, high = round(n / 2 - reach), round(1 + n / 2 + reach)
    return Interval(ordered[max(low, 1) - 1], ordered[min(high, n) - 1])


def medians_differ(before: Sequence[float], after: Sequence[float]) -> bool:
    """Whether the ranges of two medians lie apart."""
    one, two = median_range(before), median_range(after)
    return one is not None and two is not None and not one.overlaps(two)


def times_range(ordered: Sequence[float]) -> str:
    """``1 h 20 to 2 h 05``; nothing where there are too few."""
    found = median_range(ordered)
    return f"{duration(found.low)} to {duration(found.high)}" if found else ""


def _points(difference: float) -> str:
    size = abs(difference)
    digits = 0 if size >= 1 else 1
    return f"{number(size, digits)} {'point' if number(size, digits) == '1' else 'points'}"


def _moved(gap: float, size: str, real: bool, good: int) -> Sentence:
    """`good` is 1 where up is better, −1 where down is, 0 where neither is."""
    if not gap or size.startswith("0.0") or size in ("0 min", "0"):
        return sentence("no change")
    arrow = UP if gap > 0 else DOWN
    tone = ("good" if (gap > 0) == (good > 0) else "bad") if real and good else ""
    return sentence(Words(f"{arrow} {size}, {'real' if real else 'within chance'}", tone=tone))
