"""Merging a ticket with another one, and undoing it."""

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from helpdesk.accounts.sessions import me, staff_only
from helpdesk.core.db import abandon
from helpdesk.core.errors import Conflict, Invalid, NotFound
from helpdesk.desk.candidates import others_of
from helpdesk.desk.views.blueprint import bp
from helpdesk.tickets.filters.conditions import number_in
from helpdesk.tickets.merging import concerns_about, merge
from helpdesk.tickets.models import Ticket
from helpdesk.tickets.queries import ticket_for
from helpdesk.tickets.survivors import survivor_of
from helpdesk.tickets.unmerging import undo_merge
from helpdesk.ui import show


@bp.get("/desk/tickets/<int:number>/merge")
@staff_only
def merging(number: int) -> Response:
    return _page(number, request.args.get("into", ""))


@bp.post("/desk/tickets/<int:number>/merge")
@staff_only
def merge_ticket(number: int) -> Response:
    wanted = request.form.get("into", "")
    try:
        into = merge(
            ticket_for(me(), number),
            _other(wanted),
            by=me(),
            seen=(_whole("seen"), _whole("seen_into")),
            confirmed="confirmed" in request.form,
            keep_copies="keep_copies" in request.form,
        ).into_id
    except (Conflict, Invalid) as refusal:
        abandon()
        return _page(number, wanted, refusal.message, refusal.status)
    flash(f"#{number} goes on here. Its number leads here; opening it lets you undo the merge.")
    return redirect(url_for("desk.ticket", number=into), 303)


@bp.post("/desk/tickets/<int:number>/merge/reversal")
@staff_only
def unmerge(number: int) -> Response:
    ticket = ticket_for(me(), number)
    if ticket.merged_into_id is not None:
        ticket_for(me(), ticket.merged_into_id)
    into = undo_merge(ticket, by=me())
    flash(
        f"#{number} stands for itself again, as before. What was answered on #{into.id} is there."
    )
    return redirect(url_for("desk.ticket", number=number), 303)


def _other(text: str) -> Ticket:
    """The ticket that somebody typed the number of, or in which that goes on."""
    number = number_in(text)
    if number is None:
        raise Invalid("Write the number of the other ticket.")
    try:
        ticket = ticket_for(me(), number)
        return ticket_for(me(), survivor_of(ticket).id)
    except NotFound as error:
        raise Invalid(error.message) from error


def _page(number: int, wanted: str, refusal: str = "", status: int = 200) -> Response:
    ticket, into = ticket_for(me(), number), None
    if wanted.strip():
        try:
            into = _other(wanted[:30])
        except Invalid as wrong:
            refusal, status = refusal or wrong.message, wrong.status if status == 200 else status
    if into is not None and into.id == ticket.id:
        into, refusal, status = None, "A ticket cannot be merged into itself.", 422
    return show(
        "desk/merging.html",
        status=status,
        ticket=ticket,
        into=into,
        wanted=wanted[:30],
        refusal=refusal,
        concerns=concerns_about(ticket, into) if into else (),
        others=others_of(me(), ticket),
    )


def _whole(name: str) -> int:
    text = request.form.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 18 else 0
