"""The list of customers who may leave, and what is done about each."""

from flask import Blueprint, flash, redirect, request, url_for
from werkzeug.wrappers import Response

from helpdesk.accounts.sessions import me, staff_only
from helpdesk.churn import actions, queries
from helpdesk.churn.forms import OutcomeForm
from helpdesk.churn.models import OPEN, ChurnFlag, FlagState
from helpdesk.churn.points import BASIS
from helpdesk.core.paging import keyset
from helpdesk.core.settings import settings
from helpdesk.tickets.queries import visible_among
from helpdesk.ui import show

bp = Blueprint("churn", __name__, template_folder="templates")

LISTS = {
    "open": OPEN,
    "saved": (FlagState.SAVED,),
    "lost": (FlagState.LOST,),
    "false_alarm": (FlagState.FALSE_ALARM,),
    "cleared": (FlagState.CLEARED,),
}


@bp.get("/desk/flags")
@staff_only
def flags() -> Response:
    """Customers who may leave, newest flag first; and those of earlier."""
    chosen = request.args.get("list", "open")
    page = keyset(
        queries.flags(LISTS.get(chosen, OPEN)),
        (ChurnFlag.raised_at, ChurnFlag.id),
        request.args.get("page"),
    )
    return show(
        "churn/flags.html", page=page, chosen=chosen, lists=LISTS, basis=BASIS, config=settings()
    )


@bp.get("/desk/flags/<int:flag_id>")
@staff_only
def flag(flag_id: int) -> Response:
    """One flag with its reasons, then and now."""
    return _flag_page(queries.flag_by_id(flag_id), OutcomeForm())


def _flag_page(shown: ChurnFlag, form: OutcomeForm, status: int = 200) -> Response:
    health = queries.health_of(shown.customer_id)
    points = [*shown.points, *(health.points if health else ())]
    numbers = {number for point in points for number in point["ticket_ids"]}
    return show(
        "churn/flag.html",
        status=status,
        flag=shown,
        form=form,
        health=health,
        seen=visible_among(me(), numbers),
        others=[each for each in queries.flags_of(shown.customer_id) if each.id != shown.id],
        basis=BASIS,
    )


@bp.post("/desk/flags/<int:flag_id>/acknowledgement")
@staff_only
def acknowledge(flag_id: int) -> Response:
    """Look after it."""
    actions.acknowledge(queries.flag_by_id(flag_id, to_change=True), by=me())
    flash("You look after this customer now.")
    return redirect(url_for("churn.flag", flag_id=flag_id), 303)


@bp.post("/desk/flags/<int:flag_id>/work")
@staff_only
def work(flag_id: int) -> Response:
    """Begin to do something about it."""
    actions.work(queries.flag_by_id(flag_id, to_change=True), by=me())
    return redirect(url_for("churn.flag", flag_id=flag_id), 303)


@bp.post("/desk/flags/<int:flag_id>/outcome")
@staff_only
def close(flag_id: int) -> Response:
    """Say what became of it."""
    shown = queries.flag_by_id(flag_id, to_change=True)
    form = OutcomeForm()
    if not form.validate_on_submit():
        return _flag_page(shown, form, 422)
    actions.close(shown, FlagState(form.outcome.data), form.note.data or "", by=me())
    flash("Noted.")
    return redirect(url_for("churn.flags"), 303)
