"""The lowest point of a function without derivatives.

Source: J. Nelder and R. Mead (1965), A simplex method for function minimization, The Computer
Journal 7.
"""

from collections.abc import Callable, Sequence

Point = list[float]
REFLECT, EXPAND, CONTRACT, SHRINK = 1.0, 2.0, 0.5, 0.5


def minimise(
    function: Callable[[Point], float],
    start: Sequence[float],
    *,
    step: float = 0.5,
    tolerance: float = 1e-9,
    most: int = 2000,
) -> tuple[Point, float]:
    """Where the function is lowest near `start`, and its value there."""
    corners = [list(start)]
    for axis in range(len(start)):
        corner = list(start)
        corner[axis] += step
        corners.append(corner)
    ranked = sorted(((function(corner), corner) for corner in corners), key=lambda pair: pair[0])
    for _ in range(most):
        if abs(ranked[-1][0] - ranked[0][0]) <= tolerance * (1 + abs(ranked[0][0])):
            break
        ranked = _next(function, ranked)
    return ranked[0][1], ranked[0][0]


def _next(
    function: Callable[[Point], float], ranked: list[tuple[float, Point]]
) -> list[tuple[float, Point]]:
    """One move: the worst corner is reflected, expanded or drawn in, or all shrink to the best."""
    *better, (worst, corner) = ranked
    middle = [sum(axis) / len(better) for axis in zip(*(c for _, c in better), strict=True)]

    def towards(share: float) -> tuple[float, Point]:
        point = [m + share * (m - c) for m, c in zip(middle, corner, strict=True)]
        return function(point), point

    found = towards(REFLECT)
    if found[0] < better[0][0]:
        further = towards(EXPAND)
        found = further if further[0] < found[0] else found
    elif found[0] >= better[-1][0]:
        nearer = towards(CONTRACT if found[0] < worst else -CONTRACT)
        if nearer[0] >= min(found[0], worst):
            return _shrunk(function, ranked)
        found = nearer
    return sorted([*better, found], key=lambda pair: pair[0])


def _shrunk(
    function: Callable[[Point], float], ranked: list[tuple[float, Point]]
) -> list[tuple[float, Point]]:
    best = ranked[0]
    moved = [
        [b + SHRINK * (c - b) for b, c in zip(best[1], corner, strict=True)]
        for _, corner in ranked[1:]
    ]
    return sorted([best, *((function(p), p) for p in moved)], key=lambda pair: pair[0])
