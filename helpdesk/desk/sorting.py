"""What lists of tickets can be sorted by. What has no value comes last, either way round."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Integer, case, cast, func, literal

from helpdesk.accounts.models import Account, Team
from helpdesk.core.db import UTCDateTime
from helpdesk.core.errors import Invalid
from helpdesk.core.paging import Order
from helpdesk.customers.models import Customer, Organization
from helpdesk.tickets.models import Priority, Status, Ticket

BY_ACTIVITY = "-updated"
_NEVER, _LONG_AGO = datetime(9999, 12, 1, tzinfo=UTC), datetime(1, 2, 1, tzinfo=UTC)
Key = Callable[[bool], ColumnElement[Any]]


@dataclass(frozen=True)
class Sort:
    """One thing to sort by. `key` gives it for descending order or not; `up` and `down` say the
    two orders in words, the natural one of them first in the list of choices."""

    key: Key
    kind: type
    up: str
    down: str


def _moment(column: Any) -> Key:
    def key(descending: bool) -> ColumnElement[Any]:
        last = literal(_LONG_AGO if descending else _NEVER, UTCDateTime())
        return func.coalesce(column, last)

    return key


def _number(column: Any) -> Key:
    return lambda descending: func.coalesce(column, -1000 if descending else 1000)


def _named(column: Any) -> Key:
    """Names without regard to case; nobody's name comes last."""

    def key(descending: bool) -> ColumnElement[Any]:
        some, none = ("1", "0") if descending else ("0", "1")
        name = literal(some).concat(func.lower(column))
        return func.coalesce(name, none)

    return key


def _ranked(column: Any, values: list[Any]) -> Key:
    return lambda _descending: case(
        *((column == value, place) for place, value in enumerate(values)), else_=len(values)
    )


def _plain(column: Any) -> Key:
    return lambda _descending: column


_NAMES = {
    "customer": Customer.name,
    "organization": Organization.name,
    "assignee": Account.name,
    "team": Team.name,
    "subject": Ticket.subject,
}
_TONE = _number(cast(func.round(Ticket.sentiment * 100), Integer))
SORTS = {
    "updated": Sort(_plain(Ticket.active_at), datetime, "Oldest activity", "Latest activity"),
    "created": Sort(_plain(Ticket.created_at), datetime, "Oldest", "Newest"),
    "waiting": Sort(_moment(Ticket.waiting_since), datetime, "Longest waiting", "Shortest waiting"),
    "due": Sort(_moment(Ticket.due_at), datetime, "Due soonest", "Due latest"),
    "priority": Sort(_ranked(Ticket.priority, list(Priority)), int, "Lowest priority", "Urgent"),
    "status": Sort(_ranked(Ticket.status, list(Status)), int, "New", "Closed"),
    "sentiment": Sort(_TONE, int, "Unhappiest", "Happiest"),
    "score": Sort(_number(Ticket.last_score), int, "Worst rating", "Best rating"),
    "resolved": Sort(_moment(Ticket.resolved_at), datetime, "Resolved earliest", "Resolved latest"),
    "number": Sort(_plain(Ticket.id), int, "Lowest number", "Highest number"),
    **{
        name: Sort(_named(column), str, f"{name.capitalize()} A–Z:", f"{name.capitalize()} Z–A:")
        for name, column in _NAMES.items()
    },
}


def order(name: str) -> Order:
    """The order with that name, "-" before it for descending. Raises Invalid for an unknown one."""
    descending, plain = name.startswith("-"), name.removeprefix("-")
    sort = SORTS.get(plain)
    if sort is None:
        raise Invalid(f"Tickets cannot be sorted by “{plain[:40]}”.")
    return Order(sort.key(descending), Ticket.id.expression, sort.kind, descending)


def words(name: str) -> str:
    """An order in words."""
    sort = SORTS[name.removeprefix("-")]
    chosen = sort.down if name.startswith("-") else sort.up
    return chosen.removesuffix(":") if chosen.endswith(":") else f"{chosen} first"


CHOICES = [(name, words(name)) for plain in SORTS for name in (f"-{plain}", plain)]
"""Every order with its words."""
