"""What lists of tickets hold: lines, or a table of chosen columns."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, func, literal, select

from helpdesk.accounts.models import Account, Team
from helpdesk.core.clock import now
from helpdesk.core.db import ask
from helpdesk.core.paging import CAP, AnyRow, Listing, Page, rows_listing, sorted_rows
from helpdesk.customers.models import Customer, Organization
from helpdesk.desk.columns import chosen_of, label_of
from helpdesk.desk.lists import IN_RAIL, View
from helpdesk.desk.prepared import prepared
from helpdesk.desk.promises import due_tone
from helpdesk.desk.sorting import BY_ACTIVITY, order
from helpdesk.tickets.filters import Filter
from helpdesk.tickets.models import Status, Ticket
from helpdesk.tickets.queries import TAG_NAMES, split_tags, visible_to
from helpdesk.tickets.types import TicketType, filled_in

LINES = 25

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


_TABLE = (
    select(
        Ticket.id,
        Ticket.subject,
        Ticket.status,
        Ticket.priority,
        Ticket.channel,
        Ticket.active_at,
        Ticket.created_at,
        Ticket.resolved_at,
        Ticket.waiting_since,
        Ticket.due_at,
        Ticket.sentiment_label,
        Ticket.last_score,
        Customer.name.label("customer"),
        Customer.flagged_at,
        Organization.name.label("organization"),
        Account.name.label("assignee"),
        Team.name.label("team"),
        TicketType.name.label("type"),
        TAG_NAMES.label("tags"),
    )
    .join(Customer, Customer.id == Ticket.customer_id)
    .outerjoin(Account, Account.id == Ticket.assignee_id)
    .outerjoin(Organization, Organization.id == Ticket.organization_id)
    .outerjoin(Team, Team.id == Ticket.team_id)
    .outerjoin(TicketType, TicketType.id == Ticket.type_id)
)
_SORTED_LINES = _LINES.outerjoin(Organization, Organization.id == Ticket.organization_id).outerjoin(
    Team, Team.id == Ticket.team_id
)


def page_of(
    view: View, viewer: Account, narrowed: Filter, sort: str, cursor: str | None
) -> Page[Line]:
    """One page of a view, narrowed and sorted. Raises FilterError, and Invalid for a damaged cursor
    or an unknown order."""
    if sort != BY_ACTIVITY:
        statement = _SORTED_LINES.where(*_conditions(view, viewer, narrowed))
        return _lines(sorted_rows(statement, order(sort), cursor, LINES))
    if narrowed or view.name not in _LISTINGS:
        both = view.filter.narrowed(narrowed)
        return page_of_matching(both.conditions(viewer), viewer, cursor)
    return _lines(_LISTINGS[view.name](viewer).page(cursor))


def table_of(
    view: View, viewer: Account, narrowed: Filter, sort: str, cursor: str | None
) -> Page[AnyRow]:
    """The same as rows with everything that a column may show."""
    fields = [column.field_id for column in chosen_of(view.columns) if column.field_id]
    statement = _TABLE.add_columns(*(filled_in(each).label(label_of(each)) for each in fields))
    statement = statement.where(*_conditions(view, viewer, narrowed))
    return sorted_rows(statement, order(sort), cursor, LINES)


def _conditions(view: View, viewer: Account, narrowed: Filter) -> list[ColumnElement[bool]]:
    return view.filter.narrowed(narrowed).where(viewer)


def number_of(view: View, viewer: Account, narrowed: Filter) -> int | str:
    """How much a narrowed view holds, "999+" where nobody counted further."""
    some = select(literal(1)).select_from(Ticket).where(*_conditions(view, viewer, narrowed))
    count = ask(select(func.count()).select_from(some.limit(CAP).subquery())).scalar_one()
    return in_words(count)


def in_words(count: int) -> int | str:
    """A number that was counted to `CAP` at most, as pages show it."""
    return count if count < CAP else f"{CAP - 1}+"


def page_of_matching(
    conditions: Sequence[ColumnElement[bool]], viewer: Account, cursor: str | None
) -> Page[Line]:
    """One page of whatever matches, latest activity first. Raises Invalid for a damaged cursor."""
    return _lines(_listing(viewer, conditions).page(cursor))


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
    return prepared(lambda viewer: _listing(viewer, view.filter.conditions(viewer)))


_LISTINGS = {view.name: _listing_of(view) for view in IN_RAIL}


def _lines(page: Page[AnyRow]) -> Page[Line]:
    at = now()
    return Page([_drawn(row, at) for row in page.items], page.older, page.newer)


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
