"""The lines of the queue as they are drawn."""

from collections.abc import Iterable

from markupsafe import Markup

from helpdesk.desk.queue import TONES, Line
from helpdesk.ui import Drawing
from helpdesk.ui.times import age

_LINE = Drawing(
    "desk/_line.html",
    "number", "subject", "snippet", "priority", "active", "waits", "tone", "score", "customer",
    "flagged", "assignee", "tags", "urgency", "paused",
    keep=8192,
)  # fmt: skip


def drawn(lines: Iterable[Line]) -> Markup:
    """All lines of a page in one piece; those that changed since they were last seen are drawn."""
    return Markup("").join([_drawn(line) for line in lines])


def _drawn(line: Line) -> Markup:
    # The columns are those of `queue.SHOWN`; asking for each by name takes longer.
    number, subject, snippet, priority, active_at, waiting_since, feeling, *rest = line.ticket[:11]
    score, customer, flagged_at, assignee = rest
    return _LINE(
        number, subject, snippet, priority, age(active_at), age(waiting_since),
        TONES.get(feeling), score, customer, flagged_at is not None, assignee, line.tags,
        line.urgency, line.paused,
    )  # fmt: skip
