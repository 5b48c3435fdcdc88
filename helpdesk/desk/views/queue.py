"""The queue, and what can be done to several of its tickets at once."""

from collections.abc import Sequence
from typing import Any, cast

from flask import Response, flash, redirect, request, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response as AnyResponse

from helpdesk.accounts.sessions import me, staff_only
from helpdesk.core.db import session
from helpdesk.core.errors import Invalid
from helpdesk.core.paging import AnyRow, Page
from helpdesk.core.settings import settings
from helpdesk.desk import drawings
from helpdesk.desk.columns import chosen_of
from helpdesk.desk.filters import (
    address,
    better,
    chips,
    given_sort,
    is_added_to,
    read,
    written,
)
from helpdesk.desk.lists import View, is_understood, view_named
from helpdesk.desk.people import people
from helpdesk.desk.queue import LINES, Line, number_of, page_of, table_of
from helpdesk.desk.sorting import CHOICES
from helpdesk.desk.views.blueprint import bp
from helpdesk.tickets import actions
from helpdesk.tickets.filters import Filter, FilterError
from helpdesk.tickets.models import Ticket
from helpdesk.tickets.queries import ticket_for
from helpdesk.ui import show


@bp.get("/desk")
@staff_only
def home() -> AnyResponse:
    return redirect(url_for("desk.queue", view="mine"), 303)


@bp.get("/desk/queue/<view>")
@staff_only
def queue(view: str) -> AnyResponse:
    chosen = view_named(view, me())
    if chosen.id and (gone := is_understood(chosen, me())):
        return _wrong(chosen, chosen.text, gone)
    try:
        narrowed = read(request.args)
        if is_added_to(request.args):
            sort = given_sort(request.args, chosen.sort)
            return redirect(address(view, narrowed, sort), 303)
        return _list(chosen, narrowed)
    except FilterError as error:
        text = written(request.args)
        return _wrong(chosen, text, error, **_mending(chosen, text, error))


def _list(view: View, narrowed: Filter) -> Response:
    return show("desk/queue.html", piece="desk/_lines.html", **contents_of(view, narrowed))


def contents_of(
    view: View,
    narrowed: Filter,
    *,
    page: Page[Line] | Page[AnyRow] | None = None,
    drawn: bool = True,
) -> dict[str, Any]:
    """What the list of a view shows at this address; `page` is known where it was asked for
    already. Not `drawn`, it is the page and the total alone."""
    sort = request.args.get("sort") or view.sort
    if page is None:
        page = _page_of(view, narrowed, sort)
    total = number_of(view, me(), narrowed) if narrowed or not view.key else None
    if not drawn:
        return {"page": page, "total": total}
    given = given_sort(request.args, view.sort)
    return {
        "page": page,
        "lines": None if view.columns else drawings.lines(cast(Sequence[Line], page.items)),
        "chips": chips(view.name, view.filter, narrowed, given),
        "total": total,
        "older_url": page.older and address(view.name, narrowed, given, page.older),
        "newer_url": page.newer and address(view.name, narrowed, given, page.newer),
        "whole": str(view.filter.narrowed(narrowed)),
        "columns": chosen_of(view.columns),
        "heads": _heads(view, narrowed, sort),
        "portal_url": None if page.items else _first_steps(),
        **_frame(view, sort, str(narrowed)),
    }


def _first_steps() -> str | None:
    """The address of the portal, for administrators as long as nobody ever wrote."""
    if not me().is_admin or session.scalar(select(Ticket.id).limit(1)) is not None:
        return None
    return settings().public_url


def _page_of(view: View, narrowed: Filter, sort: str) -> Page[Line] | Page[AnyRow]:
    cursor = request.args.get("at")
    list_of = table_of if view.columns else page_of
    return list_of(view, me(), narrowed, sort, cursor)


def _heads(view: View, narrowed: Filter, sort: str) -> dict[str, str]:
    """What the headings of a table lead to: the order they stand for, and pressed again its
    opposite."""
    return {
        column.label: address(view.name, narrowed, _turned(column.sort, sort))
        for column in chosen_of(view.columns)
        if column.sort
    }


def _turned(order: str, current: str) -> str:
    if order != current:
        return order
    return order.removeprefix("-") if order.startswith("-") else f"-{order}"


def _wrong(view: View, text: str, error: FilterError, **mending: str) -> Response:
    """The list without a line, and what is wrong with its filter. What is narrowed from here begins
    anew: nothing can be added to what is not understood."""
    return show(
        "desk/queue.html",
        piece="desk/_lines.html",
        status=422,
        page=Page([], None, None),
        lines="",
        error=error,
        text=text,
        chips=[],
        whole=text,
        **mending,
        **_frame(view, view.sort, ""),
    )


def _mending(view: View, text: str, error: FilterError) -> dict[str, str]:
    """A field with the text that is wrong, and the list with what was probably meant."""
    sort = given_sort(request.args, view.sort)
    mending = {"mend_url": url_for("desk.queue", view=view.name), "mend_sort": sort}
    if meant := better(text, error):
        mending["better"] = meant
        mending["better_url"] = url_for("desk.queue", view=view.name, q=meant, sort=sort or None)
    return mending


def _frame(view: View, sort: str, narrowed: str) -> dict[str, Any]:
    return {
        "view": view,
        "sort": sort,
        "sorts": CHOICES,
        "narrowed": narrowed,
        "filter_form": lambda: drawings.filter_form(
            people(), request.args.get("sort", ""), narrowed
        ),  # drawn where it is shown: what refreshes the list does without
    }


@bp.post("/desk/assignments")
@staff_only
def assign_chosen() -> AnyResponse:
    tickets = _chosen()
    for ticket in tickets:
        actions.assign(ticket, me(), by=me())
    flash(f"{_count(tickets)} assigned to you.")
    return _back()


@bp.post("/desk/resolutions")
@staff_only
def resolve_chosen() -> AnyResponse:
    tickets = _chosen()
    for ticket in tickets:
        actions.resolve(ticket, by=me())
    flash(f"{_count(tickets)} resolved.")
    return _back()


def _chosen() -> list[Ticket]:
    numbers = {
        n for n in request.form.getlist("ticket") if n.isascii() and n.isdigit() and len(n) < 19
    }
    if not numbers or len(numbers) > LINES:
        raise Invalid(f"Select 1 to {LINES} tickets first.")
    in_order = sorted(int(number) for number in numbers)
    return [ticket_for(me(), number, to_change=True) for number in in_order]


def _count(tickets: list[Ticket]) -> str:
    return f"#{tickets[0].id} is" if len(tickets) == 1 else f"{len(tickets)} tickets are"


def _back() -> AnyResponse:
    """To the list one came from; only to a list of ours."""
    wanted = request.form.get("back", "")
    ours = wanted.startswith(("/desk/queue/", "/desk/search")) and "\\" not in wanted
    ours = ours and wanted.isprintable()
    return redirect(wanted if ours else url_for("desk.home"), 303)
