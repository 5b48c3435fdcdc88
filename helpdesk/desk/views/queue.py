"""The queue, and what can be done to several of its tickets at once."""

from flask import Response, flash, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from helpdesk.accounts.sessions import me, staff_only
from helpdesk.core.errors import Invalid, NotFound
from helpdesk.desk import drawings
from helpdesk.desk.filters import Filters, address
from helpdesk.desk.people import people
from helpdesk.desk.queue import LINES, VIEWS, page_of
from helpdesk.desk.views.blueprint import bp
from helpdesk.tickets import actions
from helpdesk.tickets.models import Ticket
from helpdesk.tickets.queries import ticket_for
from helpdesk.ui import show


@bp.get("/desk")
@staff_only
def home() -> AnyResponse:
    return redirect(url_for("desk.queue", view="mine"), 303)


@bp.get("/desk/queue/<view>")
@staff_only
def queue(view: str) -> Response:
    chosen = VIEWS.get(view)
    if chosen is None:
        raise NotFound("There is no such view.")
    filters = Filters.from_address(request.args)
    page = page_of(chosen, me(), filters, request.args.get("at"))
    everybody = people()
    parts = filters.parts()
    return show(
        "desk/queue.html",
        piece="desk/_lines.html",
        view=chosen,
        page=page,
        lines=drawings.lines(page.items),
        filters=filters,
        filter_form=drawings.filter_form(filters, everybody),
        chips=[
            (words, address("desk.queue", rest, view=view))
            for words, rest in filters.chips(everybody)
        ],
        older_url=page.older and address("desk.queue", parts, view=view, at=page.older),
        newer_url=page.newer and address("desk.queue", parts, view=view, at=page.newer),
    )


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
