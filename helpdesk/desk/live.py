"""What an open page asks for every few seconds: whether anything changed.

The answer carries a tag over everything that it would show, so that the usual answer is "not
modified", without a body. See docs/decisions.md for why pages ask, and what that costs.
"""

import hashlib
from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any, NamedTuple

from flask import Response, jsonify, request, url_for
from flask import session as cookie
from sqlalchemy import Select, bindparam, select

from helpdesk.accounts.models import Account
from helpdesk.core.clock import now
from helpdesk.core.db import ask
from helpdesk.core.errors import NotFound
from helpdesk.core.ids import is_id
from helpdesk.core.unchanged import while_unchanged
from helpdesk.desk.filters import is_added_to
from helpdesk.desk.prepared import prepared
from helpdesk.desk.rail import Rail
from helpdesk.mail.models import OutboundEmail
from helpdesk.notifications.queries import unread_about
from helpdesk.tickets.models import Message, Ticket
from helpdesk.tickets.queries import visible_to

LASTS = timedelta(seconds=20)
"""How long an answer may be given again while nobody writes to the database."""
BESIDE = ("/merge", "/split", "/why", "/macros")
"""How the addresses of pages about a ticket end that do not show it."""


class Pulse(NamedTuple):
    """What changes with every change of an open ticket."""

    version: int
    last_message: int
    delivery: str
    """State of the mail that carries the last message."""
    label: str
    """Tone of the last message."""


class Seen(NamedTuple):
    """How a ticket stands for whoever looks at it."""

    pulse: Pulse
    has_unread: bool
    """They were told something about it that they have not read."""


_LAST = (
    select(Message.id)
    .where(Message.ticket_id == Ticket.id)
    .order_by(Message.id.desc())
    .limit(1)
    .correlate(Ticket)
    .scalar_subquery()
)


def seen_by(viewer: Account, number: int) -> Seen:
    """How the ticket stands. Raises NotFound when `viewer` may not see it."""
    asked = {"number": number}
    row = ask(_pulse(viewer), asked).first() if is_id(number) else None
    if row is None:
        raise NotFound("There is no such ticket, or it is not yours to see any more.")
    pulse = Pulse(row.version, row.last or 0, row.state or "", row.sentiment_label or "")
    return Seen(pulse, row.has_unread)


@prepared
def _pulse(viewer: Account) -> Select[*tuple[Any, ...]]:
    return (
        select(
            Ticket.version,
            Message.id.label("last"),
            OutboundEmail.state,
            Message.sentiment_label,
            unread_about(viewer, Ticket.id).label("has_unread"),
        )
        .outerjoin(Message, Message.id == _LAST)
        .outerjoin(OutboundEmail, OutboundEmail.id == Message.outbound_id)
        .where(Ticket.id == bindparam("number"), visible_to(viewer))
    )


def counts_of(rail: Rail) -> dict[str, str]:
    """Address of each entry of the rail that has a count → the count, as the rail shows it."""
    return {
        item.url: str(item.count)
        for section in rail
        for item in section.items
        if item.count is not None
    }


def tag_over(*values: object) -> str:
    """A tag that is equal where all values are; the same in every process."""
    return hashlib.blake2s(repr(values).encode(), digest_size=12).hexdigest()


def is_known(tag: str) -> bool:
    """Whether whoever asks has seen what this tag stands for."""
    return request.if_none_match.contains(tag)


def unchanged(tag: str) -> Response:
    """Nothing new."""
    return _tagged(Response(status=304), tag)


def changed(tag: str, **news: object) -> Response:
    """What is new, as JSON."""
    return _tagged(jsonify(news), tag)


class Answer:
    """What somebody was answered at an address, for as long as nobody writes to the database."""

    tag = ""


def _answer(_who: str, _address: str, _slot: int) -> Answer:
    return Answer()


_answers = while_unchanged(_answer, most=8192)


def last_answer() -> Answer:
    """The answer to whoever asks, by their session alone: whether that is still good stands in the
    database, too. Ages and due times move by themselves, so it is worked out anew in a while."""
    slot = int(now().timestamp() // LASTS.total_seconds())
    return _answers(cookie.get("_user_id", ""), request.full_path, slot)


def _tagged(response: Response, tag: str) -> Response:
    response.set_etag(tag)
    return response


def address() -> str:
    """Where the page that is being drawn asks what is new."""
    given: Mapping[str, Any] = request.view_args or {}
    if "number" in given and _shows_ticket(request.path):
        return url_for("desk.live_ticket", number=given["number"])
    if request.endpoint == "desk.queue" and not is_added_to(request.args):
        narrowed = _args(("q", "sort", "at"))
        return url_for("desk.live_queue", view=given["view"], **narrowed)
    return url_for("desk.live")


def _shows_ticket(path: str) -> bool:
    """The ticket itself, or a form of it that came back; what is beside it has a top of its own."""
    return path.startswith("/desk/tickets/") and not path.endswith(BESIDE)


def _args(names: Iterable[str]) -> dict[str, Any]:
    return {name: request.args[name] for name in names if request.args.get(name)}
