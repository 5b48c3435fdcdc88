"""Which words before a phrase negate it."""

from collections.abc import Sequence

from helpdesk.sentiment.lexicon import Found
from helpdesk.sentiment.words import Word

# A phrase that says "no" itself ("no answer") is not turned by another "not" far before it.
_NEGATIVE_STARTS = frozenset(("not", "no", "never", "nobody", "nothing", "without", "unable"))
_FARTHEST = 8
# "They won't even give us water on the tarmac" is no praise: blame is turned only from nearby.
_NEAR = 4
_JOINS = frozenset(("or", "nor", "and"))
# "No odor and easy to use" says that it is easy; "not quick and easy" does not.
_BEFORE_NOUNS = frozenset(("no", "zero", "without", "lack", "free"))
# "Did not have any of the problems that others had": these words belong to what is negated.
_BELONGING = frozenset(("any", "anything", "ever"))
_FARTHER = 3


def negation_of(words: Sequence[Word], found: Sequence[Found], at: int) -> Found | None:
    """The negation before found[at] that reaches it, unless it is a double one ("not without").

    A negation reaches a few words within its clause, and not past another phrase that has a
    tone ("not happy with this awful service"), unless the two are joined ("not quick or good").
    """
    here = found[at]
    if words[here.first].text in _NEGATIVE_STARTS:
        return None
    edge = here.first
    for number in range(at - 1, max(-1, at - 1 - _FARTHEST), -1):
        before = found[number]
        if before.effect.stops_negation:
            if not _joined(words, before.after, edge):
                break
            edge = before.first
        elif before.effect.kind == "contrast" or _pauses(words, before, here):
            break
        elif before.effect.kind == "not":
            reaches = here.first - before.after < _reach(words, before, here)
            return before if reaches and not _is_double(found, number) else None
    return None


def _reach(words: Sequence[Word], negation: Found, here: Found) -> float:
    between = {word.text for word in words[negation.after : here.first]}
    if "and" in between and words[negation.first].text in _BEFORE_NOUNS:
        return 0
    if between & _BELONGING:
        return negation.effect.weight + _FARTHER
    reach = negation.effect.weight
    return reach if here.effect.weight > 0 else min(reach, _NEAR)


def _joined(words: Sequence[Word], after: int, edge: int) -> bool:
    return any(word.text in _JOINS for word in words[after:edge])


def _is_double(found: Sequence[Found], number: int) -> bool:
    """Whether a negation directly follows another one."""
    before = found[number - 1] if number else None
    return (
        before is not None and before.effect.kind == "not" and (before.after == found[number].first)
    )


def _pauses(words: Sequence[Word], before: Found, here: Found) -> bool:
    return words[before.after - 1].clause != words[here.first].clause
