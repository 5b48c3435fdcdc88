"""Splitting a ticket in two, and undoing it."""

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from helpdesk.accounts.sessions import me, staff_only
from helpdesk.core.db import abandon
from helpdesk.core.errors import Conflict, Invalid
from helpdesk.desk.views.blueprint import bp
from helpdesk.tickets.queries import conversation, ticket_for
from helpdesk.tickets.splitting import MOST, split, splitting_of, undo_split
from helpdesk.ui import show


@bp.get("/desk/tickets/<int:number>/split")
@staff_only
def splitting(number: int) -> Response:
    return _page(number)


@bp.post("/desk/tickets/<int:number>/split")
@staff_only
def split_ticket(number: int) -> Response:
    ticket = ticket_for(me(), number)
    try:
        grown = split(ticket, _chosen(), subject=request.form.get("subject", ""), by=me())
    except (Conflict, Invalid) as refusal:
        abandon()
        return _page(number, refusal.message, refusal.status)
    flash(f"This began with messages of #{number}. Its clock runs since the first of them came.")
    return redirect(url_for("desk.ticket", number=grown.id), 303)


@bp.post("/desk/tickets/<int:number>/split/reversal")
@staff_only
def unsplit(number: int) -> Response:
    source = undo_split(ticket_for(me(), number), by=me())
    ticket_for(me(), source.id)  # or nothing of it is kept
    flash(f"What #{number} began with is here again.")
    return redirect(url_for("desk.ticket", number=source.id), 303)


def _chosen() -> set[int]:
    texts = request.values.getlist("message")[: MOST + 1]
    return {int(text) for text in texts if text.isascii() and text.isdigit() and len(text) < 18}


def _page(number: int, refusal: str = "", status: int = 200) -> Response:
    ticket = ticket_for(me(), number)
    return show(
        "desk/splitting.html",
        status=status,
        ticket=ticket,
        messages=conversation(ticket, with_notes=True)[-MOST:],
        chosen=_chosen(),
        subject=request.form.get("subject", ticket.subject),
        began=splitting_of(ticket),
        refusal=refusal,
    )
