"""Whether a phrase is negated by the words before it."""

from collections.abc import Sequence

from helpdesk.sentiment.lexicon import Found
from helpdesk.sentiment.words import Word

_JOINS = frozenset(("or", "nor", "and"))


def is_negated(words: Sequence[Word], found: Sequence[Found], at: int) -> bool:
    """Whether an odd number of negations before found[at] reaches it.

    A negation reaches a few words within its clause, and not past another phrase that has a
    tone ("not happy with this awful service"), unless the two are joined ("not quick or good").
    """
    negations = 0
    here = found[at]
    edge = here.first
    for before in reversed(found[:at]):
        if before.effect.is_tone:
            if not _joined(words, before.after, edge):
                break
            edge = before.first
        elif before.effect.kind == "contrast" or _pauses(words, before, here):
            break
        elif before.effect.kind == "not":
            negations += here.first - before.after < before.effect.weight
    return negations % 2 == 1


def _joined(words: Sequence[Word], after: int, edge: int) -> bool:
    return any(word.text in _JOINS for word in words[after:edge])


def _pauses(words: Sequence[Word], before: Found, here: Found) -> bool:
    return words[before.after - 1].clause != words[here.first].clause
