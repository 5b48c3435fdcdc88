"""The type of a ticket, and what is filled in on it."""

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from helpdesk.accounts.sessions import me, staff_only
from helpdesk.core.db import abandon
from helpdesk.core.errors import Conflict, Invalid
from helpdesk.desk.views.blueprint import bp
from helpdesk.tickets import filling
from helpdesk.tickets.queries import ticket_for
from helpdesk.tickets.types import filled_on, type_by_id, types
from helpdesk.ui import show


@bp.get("/desk/tickets/<int:number>/fields")
@staff_only
def fields(number: int) -> Response:
    return _page(number)


@bp.post("/desk/tickets/<int:number>/type")
@staff_only
def set_type(number: int) -> Response:
    ticket = ticket_for(me(), number, to_change=True)
    wanted = request.form.get("type", "")
    is_number = wanted.isascii() and wanted.isdigit() and len(wanted) < 18
    filling.set_type(
        ticket, type_by_id(int(wanted) if is_number else 0) if wanted else None, by=me()
    )
    return redirect(url_for("desk.fields", number=number), 303)


@bp.post("/desk/tickets/<int:number>/fields")
@staff_only
def fill_in(number: int) -> Response:
    ticket = ticket_for(me(), number, to_change=True)
    texts = {
        int(name[6:]): text[:2000]
        for name, text in request.form.items()
        if name.startswith("field-")
        and name[6:].isascii()
        and name[6:].isdigit()
        and len(name) < 24
    }
    try:
        filling.fill_in(ticket, texts, by=me())
    except (Conflict, Invalid) as refusal:
        abandon()
        return _page(number, refusal.message, refusal.status)
    flash("Saved.")
    return redirect(url_for("desk.ticket", number=number), 303)


def _page(number: int, refusal: str = "", status: int = 200) -> Response:
    ticket = ticket_for(me(), number)
    return show(
        "desk/fields.html",
        status=status,
        ticket=ticket,
        types=types(),
        filled=filled_on(ticket),
        form=request.form,
        refusal=refusal,
    )
