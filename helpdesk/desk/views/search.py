"""Search."""

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from helpdesk.accounts.sessions import me, staff_only
from helpdesk.core.paging import Page
from helpdesk.core.text import clean
from helpdesk.desk import drawings
from helpdesk.desk.queue import Line, page_of_matching
from helpdesk.desk.search import LONGEST, NEWEST, customers_like, matching, number_in, ticket_exists
from helpdesk.desk.views.blueprint import bp
from helpdesk.ui import show


@bp.get("/desk/search")
@staff_only
def search() -> Response:
    wanted = clean(request.args.get("q", ""))[:LONGEST]
    number = number_in(wanted)
    if number is not None and ticket_exists(me(), number):
        return redirect(url_for("desk.ticket", number=number), 303)
    page: Page[Line] = Page([], None, None)
    if wanted:
        page = page_of_matching(matching(wanted), me(), request.args.get("at"))
    return show(
        "desk/search.html",
        wanted=wanted,
        number=number,
        page=page,
        lines=drawings.lines(page.items),
        customers=customers_like(wanted) if wanted else (),
        newest=NEWEST,
        older_url=page.older and url_for("desk.search", q=wanted, at=page.older),
        newer_url=page.newer and url_for("desk.search", q=wanted, at=page.newer),
    )
