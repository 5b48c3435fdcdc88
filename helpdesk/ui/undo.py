"""What can still be taken back; ``components/undo.html`` draws it at the foot of every page."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple


class Undoable(NamedTuple):
    """One line: what goes out, where it is taken back, and until when, which is in so many
    seconds."""

    what: str
    url: str
    until: datetime
    seconds: int
