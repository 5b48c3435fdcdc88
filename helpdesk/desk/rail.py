"""The rail at the left: where one can go, and how much waits there."""

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property, lru_cache
from typing import Any, NamedTuple

from flask import current_app, request, url_for
from sqlalchemy import Select, func, literal, select

from helpdesk.accounts.models import MANAGERS, Account, Role
from helpdesk.core.db import ask
from helpdesk.core.paging import CAP
from helpdesk.core.settings import settings
from helpdesk.core.unchanged import while_unchanged
from helpdesk.customers.models import Customer
from helpdesk.desk.counting import Counted, saved_counts
from helpdesk.desk.lists import IN_RAIL, View
from helpdesk.desk.prepared import prepared
from helpdesk.desk.queries import Known, packed_views, unpacked_views
from helpdesk.desk.queue import in_words
from helpdesk.notifications.queries import CAP as UNREAD_CAP
from helpdesk.notifications.queries import unread_count
from helpdesk.tickets.models import Ticket
from helpdesk.tickets.queries import visible_to
from helpdesk.ui import RailItem, RailSection


class Rail:
    """The sections of the rail, counted only when a page draws them."""

    def __init__(self, account: Account) -> None:
        self.account = account

    @cached_property
    def counts(self) -> Mapping[str, int]:
        """How much every view holds, and how many customers may leave ("flagged")."""
        return self._counted[0]

    @cached_property
    def _counted(self) -> tuple[Mapping[str, int], tuple[Known, ...]]:
        return _counts(self.account.id, self.account.role)

    @cached_property
    def saved(self) -> Sequence[Counted]:
        """The saved views of the account."""
        return saved_counts(self.account, self._counted[1])

    def count(self, view: str) -> int | str:
        """How much a view holds, as a page shows it: "999+" where nobody counted further."""
        return in_words(self.counts[view])

    @property
    def unread(self) -> str:
        """How much they were told and have not read."""
        count = self.counts["unread"]
        return str(count) if count < UNREAD_CAP else f"{UNREAD_CAP - 1}+"

    def __iter__(self) -> Iterator[RailSection]:
        held = (*(self.count(view.name) for view in IN_RAIL), self.unread)
        flagged = in_words(self.counts["flagged"])
        demo = settings().demo
        return iter(_sections(_here(), self.account.role, demo, held, tuple(self.saved), flagged))


class Here(NamedTuple):
    """Where whoever looks at a rail is, as far as the rail shows it."""

    endpoint: str
    path: str
    view: str | None

    @property
    def part(self) -> str:
        """The part of the program that the page belongs to."""
        return self.endpoint.partition(".")[0]


def _here() -> Here:
    asked = request
    endpoint = asked.endpoint or ""
    # Pages of the desk are known by their endpoints; all tickets have the same rail.
    path = "" if endpoint.startswith("desk.") else asked.path
    view = (asked.view_args or {}).get("view") if endpoint == "desk.queue" else None
    return Here(endpoint, path, view)


@lru_cache(512)
def _sections(
    here: Here,
    role: Role,
    demo: bool,
    held: tuple[int | str, ...],
    saved: tuple[Counted, ...],
    flagged: int | str,
) -> tuple[RailSection, ...]:
    """The rail is the same on every page of a place for as long as the counts are; `held` are those
    of the views, and how much is unread."""
    *counts, unread = held
    views = [_view(here, view, count) for view, count in zip(IN_RAIL, counts, strict=True)]
    bell = _link(here, "Notifications", "notifications.told", "g n", unread)
    return (
        RailSection("My work", (*views, bell)),
        RailSection("Views", tuple(_saved(here, saved))),
        RailSection("Know", tuple(_know(here, role, demo, flagged))),
    )


@while_unchanged
def _counts(account_id: int, role: Role) -> tuple[Mapping[str, int], tuple[Known, ...]]:
    found = dict(ask(counted(Account(id=account_id, role=role))).one()._mapping)
    return found, tuple(unpacked_views(found.pop("views")))


@prepared
def counted(viewer: Account) -> Select[*tuple[Any, ...]]:
    """One row with the count of every view and of customers who may leave, none counted further
    than CAP, and the saved views."""
    sums = [
        _capped(
            select(literal(1))
            .select_from(Ticket)
            .where(visible_to(viewer), *view.filter.conditions(viewer))
        )
        .scalar_subquery()
        .label(view.name)
        for view in IN_RAIL
    ]
    flagged = select(literal(1)).select_from(Customer).where(Customer.flagged_at.is_not(None))
    return select(
        *sums,
        _capped(flagged).scalar_subquery().label("flagged"),
        unread_count(viewer).scalar_subquery().label("unread"),
        packed_views(viewer.id).label("views"),
    )


def _capped(statement: Select[int]) -> Select[int]:
    return select(func.count()).select_from(statement.limit(CAP).subquery())


def _saved(here: Here, views: Sequence[Counted]) -> Iterator[RailItem]:
    for view in views:
        yield RailItem(view.name, _queue_url(str(view.id)), view.held, here.view == str(view.id))
    yield _link(here, "All views", "desk.saved_views", "g v")


def _view(here: Here, view: View, count: int | str) -> RailItem:
    return RailItem(view.label, _queue_url(view.name), count, here.view == view.name, key=view.key)


def _know(here: Here, role: Role, demo: bool, flagged: int | str) -> Iterator[RailItem]:
    yield _link(here, "Customers", "desk.customers", "g c")
    yield from _others(here, "May leave", "churn.flags", "g l", count=flagged, tone="bad")
    yield from _others(here, "Reports", "reports.overview", "g p")
    yield from _others(here, "Follow-ups", "surveys.follow_up_list", "g f")
    if role in MANAGERS:
        yield _link(here, "Rules", "desk.rules", "g e")
        yield from _others(here, "Who was asked", "surveys.invitations", "g y")
        yield from _others(here, "Mail log", "intake.log", "g i")
    yield _link(here, "Macros", "desk.macros", "g k")
    yield _link(here, "Bulk edits", "desk.bulk_edits", "g b")
    yield _link(here, "My availability", "desk.availability", "g d")
    if demo:
        yield from _others(here, "Mail sent", "mail.outbox", "g o")
    if role is Role.ADMIN:
        yield from _others(here, "Administration", "admin.people", "g x")


def _others(
    here: Here, label: str, endpoint: str, key: str, count: int | str | None = None, tone: str = ""
) -> Iterator[RailItem]:
    if endpoint in current_app.view_functions:
        yield _link(here, label, endpoint, key, count, tone)


def _link(
    here: Here, label: str, endpoint: str, key: str, count: int | str | None = None, tone: str = ""
) -> RailItem:
    part, url = endpoint.partition(".")[0], url_for(endpoint)
    if part in ("surveys", "intake"):  # which have two places
        current = here.path == url or here.path.startswith(f"{url}/")
    elif part == "admin":
        current = here.path.startswith("/admin/")
    else:
        current = here.endpoint == endpoint or (part != "desk" and here.part == part)
    return RailItem(label, url, count, current, tone, key)


# Addresses never change while the application runs, and every rail has these.
@lru_cache
def _queue_url(view: str) -> str:
    return url_for("desk.queue", view=view)
