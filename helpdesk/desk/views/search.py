"""Search, and the palette that asks the same while one types."""

from flask import Response, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from helpdesk.accounts.sessions import me, staff_only
from helpdesk.core.paging import Page
from helpdesk.core.text import one_line
from helpdesk.desk import drawings
from helpdesk.desk.filters import better
from helpdesk.desk.marking import marked
from helpdesk.desk.palette import offered
from helpdesk.desk.queue import Line, page_of_matching
from helpdesk.desk.search import RANKED, Found, best, customers_like, newest, ticket_exists
from helpdesk.desk.views.blueprint import bp
from helpdesk.tickets.filters import FIELDS, Filter, FilterError, parse
from helpdesk.tickets.filters.conditions import number_in
from helpdesk.tickets.indexing import waiting_to_be_read
from helpdesk.ui import show

NOTHING: Page[Line] = Page([], None, None)


@bp.get("/desk/search")
@staff_only
def search() -> AnyResponse:
    text = request.args.get("q", "").strip()
    number = number_in(text)
    if number is not None and ticket_exists(me(), number):
        return redirect(url_for("desk.ticket", number=number), 303)
    try:
        wanted = parse(text)
        found = _found(wanted)
    except FilterError as error:
        return _page(text, error=error, status=422)
    return _page(text, wanted, found, number=number)


def _found(wanted: Filter) -> Found:
    cursor = request.args.get("at")
    if not wanted:
        return Found(NOTHING, None, None)
    if not wanted.said:
        return Found(page_of_matching(wanted.where(me()), me(), cursor), None, None)
    if request.args.get("sort") == "newest":
        return newest(wanted, me(), cursor)
    return best(wanted, me(), cursor)


def _page(
    text: str,
    wanted: Filter | None = None,
    found: Found | None = None,
    error: FilterError | None = None,
    status: int = 200,
    number: int | None = None,
) -> Response:
    page = found.page if found else NOTHING
    shown = marked(page.items, found.query) if found and found.query else page.items
    words = " ".join(one.text for one in wanted.said) if wanted else ""
    return show(
        "desk/search.html",
        status=status,
        wanted=text,
        number=number,
        said=bool(words),
        by_age=request.args.get("sort") == "newest",
        error=error,
        **_better(text, error),
        fields=FIELDS,
        page=page,
        ranked=RANKED,
        total=found.total if found else None,
        lines=drawings.lines(shown, keep=not words),
        customers=customers_like(words) if words and "at" not in request.args else (),
        unread=waiting_to_be_read() if wanted and len(page.items) < 5 else False,
        older_url=page.older and _address(text, page.older),
        newer_url=page.newer and _address(text, page.newer),
    )


def _better(text: str, error: FilterError | None) -> dict[str, str]:
    """The text with what was probably meant, where that is known."""
    meant = better(text, error) if error else ""
    return {"better": meant, "better_url": url_for("desk.search", q=meant)} if meant else {}


def _address(text: str, cursor: str) -> str:
    return url_for("desk.search", q=text, at=cursor, sort=request.args.get("sort"))


@bp.get("/desk/palette")
@staff_only
def palette() -> AnyResponse:
    """What fits what somebody types; whoever comes here without script is shown the search."""
    text = one_line(request.args.get("q", ""))
    if request.headers.get("HX-Request") != "true":
        return redirect(url_for("desk.search", q=text or None), 303)
    error = None
    try:
        groups = offered(me(), text, number_in(request.args.get("ticket", "")))
    except FilterError as wrong:
        error, groups = wrong, []
    return show(
        "desk/_palette.html",
        status=error.status if error else 200,
        groups=groups,
        text=text,
        error=error,
        all_url=url_for("desk.search", q=text),
    )
