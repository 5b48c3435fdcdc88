"""What moved a health from one day to the next: by how much each reason came, grew or went."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from helpdesk.accounts.models import Account
from helpdesk.tickets.queries import visible_among

Stored = Mapping[str, Any]
"""A reason as a snapshot keeps it."""


class Move(NamedTuple):
    """Points of health that a reason took or gave back, and the tickets behind it."""

    by: int
    reason: str
    ticket_ids: tuple[int, ...]
    is_over: bool
    """Whether the reason no longer holds."""


def moves_between(before: Iterable[Stored], after: Iterable[Stored]) -> list[Move]:
    """What differs, the heaviest first."""
    old, new = ({point["key"]: point for point in points} for points in (before, after))
    found = []
    for key, point in (old | new).items():
        counted = [points[key]["counted"] if key in points else 0 for points in (old, new)]
        if counted[0] != counted[1]:
            tickets = tuple(point.get("ticket_ids") or ())
            move = Move(counted[0] - counted[1], point["reason"], tickets, key not in new)
            found.append(move)
    return sorted(found, key=lambda move: (-abs(move.by), move.reason))


def as_seen_by(viewer: Account, moves: Sequence[Sequence[Move]]) -> list[tuple[Move, ...]]:
    """The same with those tickets alone that the reader may see."""
    seen = visible_among(viewer, {n for some in moves for move in some for n in move.ticket_ids})
    return [
        tuple(
            move._replace(ticket_ids=tuple(n for n in move.ticket_ids if n in seen))
            for move in some
        )
        for some in moves
    ]
