"""Commands that work on what they are given and need no installation around them."""

from collections.abc import Sequence
from itertools import pairwise

ALONE = frozenset({("churn", "fit"), ("churn", "score"), ("sentiment", "score")})


def stands_alone(arguments: Sequence[str]) -> bool:
    """Tell whether a command line asks for such a command."""
    return any(pair in ALONE for pair in pairwise(arguments))
