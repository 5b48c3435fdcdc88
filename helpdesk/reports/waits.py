"""How long each of many things took: every single time, so that a median is that of all of them, in
sorted pieces, so that a year need not be sorted again to be looked at."""

from __future__ import annotations

import sys
from array import array
from base64 import b64decode, b64encode
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, repeat
from typing import overload

LONGEST = 2**31 - 1
"""Seconds, 68 years: what four bytes hold. A wait beyond that, either way, counts as that long."""
FEW = 50_000
"""Up to so many times are sorted into one piece when they are looked at; of more, the value at a
rank is looked for in all pieces at once."""


class Waits(Sequence[int]):
    """Whole seconds, in order. Adding up is putting pieces beside one another."""

    __slots__ = ("_length", "_pieces")

    def __init__(self, seconds: Iterable[int] = ()) -> None:
        piece = array("i", sorted(max(-LONGEST, min(LONGEST, each)) for each in seconds))
        self._pieces = [piece] if piece else []
        self._length = len(piece)

    @classmethod
    def joined(cls, parts: Iterable[Waits]) -> Waits:
        """All of them together."""
        found = cls()
        found._pieces = [piece for part in parts for piece in part._pieces]
        found._length = sum(map(len, found._pieces))
        return found

    @classmethod
    def unpacked(cls, text: str) -> Waits:
        """What `packed` gave."""
        piece = array("i")
        piece.frombytes(b64decode(text))
        if sys.byteorder == "big":
            piece.byteswap()
        found = cls()
        found._pieces, found._length = ([piece] if piece else []), len(piece)
        return found

    def packed(self) -> str:
        """As it is kept: four bytes each, the lowest first, in base64. The same times give the same
        text, in whatever pieces they came."""
        piece = array("i", self)
        if sys.byteorder == "big":
            piece.byteswap()
        return b64encode(piece.tobytes()).decode()

    def longer_than(self, seconds: float) -> int:
        """How many took longer."""
        return self._length - self._up_to(seconds)

    def _up_to(self, seconds: float) -> int:
        return sum(map(bisect_right, self._pieces, repeat(seconds)))

    @overload
    def __getitem__(self, place: int) -> int: ...

    @overload
    def __getitem__(self, place: slice) -> Sequence[int]: ...

    def __getitem__(self, place: int | slice) -> int | Sequence[int]:
        if isinstance(place, slice):
            return list(self)[place]
        if len(self._pieces) > 1 and self._length <= FEW:
            self._pieces = [array("i", self)]
        if len(self._pieces) == 1:
            return self._pieces[0][place]
        return self._at(range(self._length)[place])

    def _at(self, rank: int) -> int:
        """The smallest value that more than `rank` times do not exceed."""
        low = min((piece[0] for piece in self._pieces), default=0)
        high = max((piece[-1] for piece in self._pieces), default=0)
        while low < high:
            middle = (low + high) // 2
            if self._up_to(middle) > rank:
                high = middle
            else:
                low = middle + 1
        return low

    def __len__(self) -> int:
        return self._length

    def __iter__(self) -> Iterator[int]:
        if len(self._pieces) == 1:
            return iter(self._pieces[0])
        return iter(sorted(chain.from_iterable(self._pieces)))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and list(self) == list(other)

    __hash__ = None  # type: ignore[assignment]  # equal to a list of the same times
