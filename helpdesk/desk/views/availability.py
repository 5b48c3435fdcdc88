"""The own switch: whether one is given tickets just now."""

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from helpdesk.accounts.sessions import me, staff_only
from helpdesk.core.clock import now
from helpdesk.desk.views.blueprint import bp
from helpdesk.tickets import assignment, shifts
from helpdesk.ui import show


@bp.get("/desk/availability")
@staff_only
def availability() -> Response:
    duty = assignment.duties_of([me().id]).get(me().id)
    return show(
        "desk/availability.html",
        duty=duty,
        on_shift=duty is None or duty.on_shift(now()),
        load=assignment.loads_of([me().id]).get(me().id, 0),
    )


@bp.post("/desk/availability")
@staff_only
def switch() -> Response:
    available = request.form.get("available") == "yes"
    shifts.set_available(me(), available, by=me())
    flash("You are given tickets again." if available else "You are given no tickets for now.")
    return redirect(url_for("desk.availability"), 303)
