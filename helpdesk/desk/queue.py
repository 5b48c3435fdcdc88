"""The queue: its views, its filters, and its lines."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, select

from helpdesk.accounts.models import Account
from helpdesk.core.clock import now
from helpdesk.core.db import ask
from helpdesk.core.paging import AnyRow, Listing, Page, rows_listing
from helpdesk.customers.models import Customer
from helpdesk.desk.filters import Filters
from helpdesk.desk.prepared import prepared
from helpdesk.desk.promises import due_tone
from helpdesk.tickets.models import Status, Ticket
from helpdesk.tickets.queries import TAG_NAMES, split_tags, visible_to

Conditions = Callable[[Account], list[ColumnElement[bool]]]
LINES = 25


@dataclass(frozen=True)
class View:
    """One list of the queue; `of` gives its conditions for a viewer, `empty` says what belongs
    there."""

    name: str
    label: str
    key: str
    of: Conditions
    empty: tuple[str, str]


VIEWS = {
    view.name: view
    for view in (
        View(
            "mine",
            "Mine",
            "g m",
            lambda me: [Ticket.is_open.is_(True), Ticket.assignee_id == me.id],
            ("Nothing waits for you", "Tickets that are assigned to you stand here."),
        ),
        View(
            "unassigned",
            "Unassigned",
            "g u",
            lambda _me: [Ticket.is_open.is_(True), Ticket.assignee_id.is_(None)],
            ("Every ticket has somebody", "New requests stand here until an agent takes them."),
        ),
        View(
            "open",
            "All open",
            "g a",
            lambda _me: [Ticket.is_open.is_(True)],
            ("Nothing is open", "Everything that is neither resolved nor closed stands here."),
        ),
        View(
            "waiting",
            "Waiting",
            "g w",
            lambda _me: [Ticket.status == Status.PENDING],
            ("Nobody owes us an answer", "Tickets that wait for the customer stand here."),
        ),
        View(
            "resolved",
            "Resolved",
            "g r",
            lambda _me: [Ticket.status == Status.RESOLVED],
            (
                "Nothing was resolved lately",
                "Resolved tickets stand here for some days, then they close.",
            ),
        ),
    )
}

TONES = {"negative": ("bad", "unhappy"), "neutral": ("", "neutral"), "positive": ("good", "happy")}
"""Sentiment label → colour and word; what was not scored shows nothing."""


class Line(NamedTuple):
    """A ticket as the queue shows it."""

    ticket: Sequence[Any]
    tags: tuple[str, ...]
    urgency: str
    """Colour of the time that is left or, where nothing is promised, of the waiting time: "",
    "warn" or "bad"."""
    paused: str
    """In place of these times: that the promise pauses, or why nobody waits."""


LATE, TOO_LATE = timedelta(days=1), timedelta(days=3)
PAUSED = {
    Status.PENDING: "with customer",
    Status.ON_HOLD: "on hold",
    Status.RESOLVED: "resolved",
    Status.CLOSED: "closed",
}

SHOWN = (
    Ticket.id,
    Ticket.subject,
    Ticket.snippet,
    Ticket.priority,
    Ticket.active_at,
    Ticket.waiting_since,
    Ticket.sentiment_label,
    Ticket.last_score,
    Customer.name.label("customer"),
    Customer.flagged_at,
    Account.name.label("assignee"),
    Ticket.due_at,
    Ticket.due_for,
)
"""What a line draws of its ticket, in the order in which `lines` takes it."""
_LINES = (
    select(*SHOWN, Ticket.status, TAG_NAMES.label("tags"))
    .join(Customer, Customer.id == Ticket.customer_id)
    .outerjoin(Account, Account.id == Ticket.assignee_id)
)


def page_of(view: View, viewer: Account, filters: Filters, cursor: str | None) -> Page[Line]:
    """One page of a view, latest activity first. Raises Invalid for a damaged cursor."""
    if wanted := filters.conditions(viewer):
        return page_of_matching([*view.of(viewer), *wanted], viewer, cursor)
    return _page(_LISTINGS[view.name](viewer), cursor)


def page_of_matching(
    conditions: Sequence[ColumnElement[bool]], viewer: Account, cursor: str | None
) -> Page[Line]:
    """One page of whatever matches, latest activity first. Raises Invalid for a damaged cursor."""
    return _page(_listing(viewer, conditions), cursor)


def lines_of(numbers: Sequence[int], viewer: Account) -> list[Line]:
    """Lines of these tickets in this order, as far as `viewer` may see them."""
    if not numbers:
        return []
    rows = ask(_LINES.where(Ticket.id.in_(numbers), visible_to(viewer)))
    at, by_number = now(), {row.id: row for row in rows}
    return [_drawn(by_number[number], at) for number in numbers if number in by_number]


def _drawn(row: AnyRow, at: datetime) -> Line:
    return _line(row, tuple(split_tags(row.tags)), at)


def _listing(viewer: Account, conditions: Sequence[ColumnElement[bool]]) -> Listing[AnyRow]:
    statement = _LINES.where(visible_to(viewer), *conditions)
    return rows_listing(statement, (Ticket.active_at, Ticket.id), LINES)


def _listing_of(view: View) -> Callable[[Account], Listing[AnyRow]]:
    return prepared(lambda viewer: _listing(viewer, view.of(viewer)))


_LISTINGS = {view.name: _listing_of(view) for view in VIEWS.values()}


def _page(listing: Listing[AnyRow], cursor: str | None) -> Page[Line]:
    page = listing.page(cursor)
    at = now()
    lines = [_drawn(row, at) for row in page.items]
    return Page(lines, page.older, page.newer)


def _line(row: AnyRow, tags: tuple[str, ...], at: datetime) -> Line:
    if row.due_for is not None:
        return Line(row, tags, due_tone(row.due_at, at), "" if row.due_at else "paused")
    if row.waiting_since is None:
        return Line(row, tags, "", PAUSED.get(row.status, ""))
    return Line(row, tags, urgency(at - row.waiting_since), "")


def urgency(waited: timedelta) -> str:
    """The colour of a waiting time where nothing is promised."""
    if waited < LATE:
        return ""
    return "warn" if waited < TOO_LATE else "bad"
