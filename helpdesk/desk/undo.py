"""Replies that their writer can still take back, offered on every page of the desk.

The browser in which a reply was sent remembers it in its session for those few seconds, so no page
asks the database. Whether it is really theirs, and no worker has it, is asked when they take it
back.
"""

from collections.abc import Iterator
from datetime import UTC, datetime

from flask import session as cookie
from flask import url_for

from helpdesk.tickets.models import Message
from helpdesk.tickets.sending import window
from helpdesk.ui import Undoable

KEY = "sent"
MOST = 5
"""Replies that somebody sends within the few seconds of one."""


def offer(message: Message) -> None:
    """Let its writer take this reply back."""
    until = message.created_at + window()
    sent = [message.ticket_id, message.id, until.timestamp()]
    others = [each for each in cookie.get(KEY, ()) if each[1] != message.id]
    cookie[KEY] = [*others, sent][-MOST:]


def forget(message_id: int) -> None:
    """It was taken back, or cannot be any more."""
    if KEY in cookie:
        cookie[KEY] = [each for each in cookie[KEY] if each[1] != message_id]


def undoable(at: datetime) -> list[Undoable]:
    """The replies that can still be taken back, the last one at the end."""
    return list(_undoable(at))


def _undoable(at: datetime) -> Iterator[Undoable]:
    for ticket_id, message_id, until in cookie.get(KEY, ()):
        left = until - at.timestamp()
        if left > 0:
            url = url_for("desk.take_back", number=ticket_id, message_id=message_id)
            what = f"Your reply on #{ticket_id}"
            yield Undoable(what, url, datetime.fromtimestamp(until, UTC), round(left))
