"""The entries of the rail at the left of the desk; ``layouts/desk.html`` draws them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RailItem:
    """One link. ``count`` may be a string such as ``"999+"``; ``tone`` is ``""`` or ``"bad"``.

    ``key`` is the shortcut that goes there, for example ``"g m"``.
    """

    label: str
    url: str
    count: int | str | None = None
    current: bool = False
    tone: str = ""
    key: str = ""


@dataclass(frozen=True, slots=True)
class RailSection:
    """Some links under one small heading; an empty heading shows none."""

    label: str
    items: Sequence[RailItem]
