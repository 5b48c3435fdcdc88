"""Taking up macros on a ticket: choosing one, looking what it would do, doing it."""

from flask import Response, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from helpdesk.accounts.sessions import me, staff_only
from helpdesk.core.errors import HelpdeskError, Invalid, NotFound
from helpdesk.core.text import one_line
from helpdesk.desk import drafting
from helpdesk.desk.forms import ComposerForm
from helpdesk.desk.macros import actions
from helpdesk.desk.macros.models import Macro
from helpdesk.desk.macros.queries import fitting, macro_for, macros_of
from helpdesk.desk.macros.taking import Taken, take
from helpdesk.desk.views.blueprint import bp
from helpdesk.tickets.changes import Refused
from helpdesk.tickets.models import Ticket
from helpdesk.tickets.queries import ticket_for
from helpdesk.ui import show


@bp.get("/desk/tickets/<int:number>/macros")
@staff_only
def macro_choice(number: int) -> Response:
    ticket = ticket_for(me(), number)
    text = one_line(request.args.get("q", ""))[:200]
    return show(
        "desk/macro_choice.html",
        "desk/_macro_choice.html",
        ticket=ticket,
        text=text,
        macros=fitting(macros_of(me()), text),
    )


@bp.post("/desk/tickets/<int:number>/macros")
@staff_only
def keep_and_choose(number: int) -> AnyResponse:
    """Without script: what was written stays as a draft while one looks for a macro."""
    ticket, form = ticket_for(me(), number), ComposerForm()
    drafting.save_draft(
        ticket,
        form.body.data or "",
        is_note=form.is_note,
        revision=form.draft.data or 0,
        by=me(),
        anyway=True,
    )
    return redirect(url_for("desk.macro_choice", number=number), 303)


@bp.get("/desk/tickets/<int:number>/macros/<int:macro_id>")
@staff_only
def take_macro(number: int, macro_id: int) -> AnyResponse:
    """What the composer shows of it; whoever comes here without script is shown the ticket."""
    taken = take(macro_for(me(), macro_id), number, by=me())
    if request.headers.get("HX-Request") != "true":
        return redirect(url_for("desk.ticket", number=number, macro=macro_id, _anchor="write"), 303)
    return show("desk/_taken_up.html", taken=taken, number=number)


def taken_up(number: int) -> Taken | None:
    """The macro that the address of a ticket names; one that is gone is passed over."""
    named = request.args.get("macro", "")
    if not (named.isascii() and named.isdigit() and len(named) < 19):
        return None
    try:
        return take(macro_for(me(), int(named)), number, by=me())
    except NotFound:
        return None


def macro_in(form: ComposerForm) -> Macro | None:
    """The macro that is to be done with what the form says, as its sender saw it.

    Raises Invalid when it is gone, Conflict when it says something else by now.
    """
    if not form.macro.data:
        return None
    try:
        macro = macro_for(me(), form.macro.data)
    except NotFound as gone:
        raise Invalid("The macro is gone. Choose another one, or send without it.") from gone
    actions.require_version(macro, form.macro_version.data or 0)
    return macro


def use(macro: Macro, ticket: Ticket) -> None:
    """Do what the macro does besides writing. Raises Invalid, so that what was written is shown
    again, with what could not be done."""
    try:
        actions.use(macro, ticket, by=me())
    except Refused as refused:
        raise Invalid(refused.message) from refused


def still_taken(number: int, form: ComposerForm) -> Taken | None:
    """The macro of a refused form, to be shown again with what it would do now."""
    try:
        return take(macro_for(me(), form.macro.data or 0), number, by=me())
    except HelpdeskError:
        return None
