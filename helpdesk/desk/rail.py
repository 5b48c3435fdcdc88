"""The rail at the left: where one can go, and how much waits there."""

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property, lru_cache
from typing import Any

from flask import current_app, request, url_for
from sqlalchemy import Select, func, literal, select

from helpdesk.accounts.models import Account, Role
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
        bell = _link("Notifications", "notifications.told", "g n", self.unread)
        yield RailSection("My work", [*(_view(view, self) for view in IN_RAIL), bell])
        yield RailSection("Views", list(_saved(self.saved)))
        yield RailSection("Know", list(_know(self.account, self.counts["flagged"])))


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


def _saved(views: Sequence[Counted]) -> Iterator[RailItem]:
    here = (request.view_args or {}).get("view") if request.endpoint == "desk.queue" else None
    for view in views:
        yield RailItem(view.name, _queue_url(str(view.id)), view.held, here == str(view.id))
    yield _link("All views", "desk.saved_views", "g v")


def _view(view: View, rail: Rail) -> RailItem:
    here = request.endpoint == "desk.queue" and (request.view_args or {}).get("view") == view.name
    return RailItem(view.label, _queue_url(view.name), rail.count(view.name), here, key=view.key)


def _know(account: Account, flagged: int) -> Iterator[RailItem]:
    yield _link("Customers", "desk.customers", "g c")
    yield from _others(("May leave", "churn.flags", "g l"), count=in_words(flagged), tone="bad")
    yield from _others(("Reports", "reports.overview", "g p"))
    yield from _others(("Follow-ups", "surveys.follow_up_list", "g f"))
    if account.is_manager:
        yield _link("Rules", "desk.rules", "g e")
        yield from _others(("Who was asked", "surveys.invitations", "g y"))
        yield from _others(("Mail log", "intake.log", "g i"))
    yield _link("Macros", "desk.macros", "g k")
    yield _link("Bulk edits", "desk.bulk_edits", "g b")
    yield _link("My availability", "desk.availability", "g d")
    if settings().demo:
        yield from _others(("Mail sent", "mail.outbox", "g o"))
    if account.is_admin:
        yield from _others(("Administration", "admin.people", "g x"))


def _others(
    place: tuple[str, str, str], count: int | str | None = None, tone: str = ""
) -> Iterator[RailItem]:
    label, endpoint, key = place
    if endpoint in current_app.view_functions:
        yield _link(label, endpoint, key, count, tone)


def _link(
    label: str, endpoint: str, key: str, count: int | str | None = None, tone: str = ""
) -> RailItem:
    part, url = endpoint.partition(".")[0], url_for(endpoint)
    if part in ("surveys", "intake"):  # which have two places
        here = request.path == url or request.path.startswith(f"{url}/")
    elif part == "admin":
        here = request.path.startswith("/admin/")
    else:
        here = request.endpoint == endpoint or (part != "desk" and request.blueprint == part)
    return RailItem(label, url, count, here, tone, key)


# Addresses never change while the application runs, and every rail has these.
@lru_cache
def _queue_url(view: str) -> str:
    return url_for("desk.queue", view=view)
