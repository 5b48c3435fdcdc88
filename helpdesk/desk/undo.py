"""Replies that their writer can still take back, as the page of their ticket offers it."""

from datetime import datetime, timedelta
from typing import NamedTuple

from helpdesk.core.settings import settings
from helpdesk.desk.thread import DELIVERY, Said, Thread

OFFERED = timedelta(hours=1)
"""A mail that waits for longer, because there is no server to talk to, is left alone here."""


class Undoable(NamedTuple):
    """A reply, and until when it waits at least."""

    message_id: int
    until: datetime
    seconds: int
    """That are left, 0 where it may go any moment."""


def undoable(thread: Thread, name: str, at: datetime) -> list[Undoable]:
    """Replies by somebody called `name` that have not gone yet. Whether they are really theirs, and
    no worker has them, is asked when they are taken back."""
    wait = timedelta(seconds=settings().undo_send_seconds)
    found = []
    for item in thread.items[-10:]:
        if not isinstance(item, Said) or item.kind != "agent" or item.who != name:
            continue
        until = item.at + wait
        waits = item.delivery == DELIVERY["queued"] and at < item.at + OFFERED
        if waits or (item.delivery is None and at < until):
            left = max((until - at).total_seconds(), 0)
            found.append(Undoable(item.id, until, round(left)))
    return found
