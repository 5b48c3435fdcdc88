"""Commands that a broken configuration must not end as it ends the others: some need no
installation around them, and one has somebody waiting who must not give up."""

from collections.abc import Sequence
from itertools import pairwise

ALONE = frozenset({("churn", "fit"), ("churn", "score"), ("sentiment", "score")})


def stands_alone(arguments: Sequence[str]) -> bool:
    """Tell whether a command line asks for such a command."""
    return any(pair in ALONE for pair in pairwise(arguments))


def hands_in_a_mail(arguments: Sequence[str]) -> bool:
    """Tell whether a mail server waits to hear what became of a mail: it tries again later only
    where it is told to."""
    return ("mail", "deliver") in pairwise(arguments)
