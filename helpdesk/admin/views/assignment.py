"""How teams give out their tickets, and what each agent can have."""

from flask import Response, flash, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from helpdesk.accounts.sessions import admins_only, me
from helpdesk.admin import queries
from helpdesk.admin.views.blueprint import bp, places
from helpdesk.core.clock import now
from helpdesk.core.errors import HelpdeskError, Invalid
from helpdesk.tickets import assignment, shifts
from helpdesk.tickets.duty import Method, methods
from helpdesk.ui import show

WORDS = {
    Method.BY_HAND: "by hand",
    Method.ROUND_ROBIN: "in turn",
    Method.LEAST_LOADED: "to whoever has the fewest",
}


@bp.get("/assignment")
@admins_only
def assignment_page() -> Response:
    return _page()


@bp.post("/assignment/teams/<int:team_id>")
@admins_only
def set_method(team_id: int) -> AnyResponse:
    team = queries.team_by_id(team_id)
    try:
        method = Method(request.form.get("method", ""))
    except ValueError as error:
        raise Invalid("Choose by hand, in turn, or to whoever has the fewest.") from error
    shifts.set_method(team, method, by=me())
    flash(f"{team.name} gives out its tickets {WORDS[method]}.")
    return redirect(url_for("admin.assignment_page"), 303)


@bp.post("/assignment/agents/<int:account_id>")
@admins_only
def set_duty(account_id: int) -> AnyResponse:
    agent = queries.colleague(account_id)
    try:
        shifts.set_duty(agent, _number("capacity"), _number("hours"), by=me())
    except Invalid as refusal:
        return _page(refusal, refused=account_id)
    shifts.set_available(agent, "available" in request.form, by=me())
    flash(f"What {agent.name} is given is saved.")
    return redirect(url_for("admin.assignment_page"), 303)


def _number(field: str) -> int | None:
    """The number in a field, None where it is empty. Raises Invalid for anything else."""
    text = request.form.get(field, "").strip()
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise Invalid("A capacity is a whole number; leave it empty for no limit.")
    return int(text)


def _page(error: HelpdeskError | None = None, refused: int = 0) -> Response:
    people = [person for person in queries.staff() if person.disabled_at is None]
    ids = [person.id for person in people]
    duties, at = assignment.duties_of(ids), now()
    return show(
        "admin/assignment.html",
        status=error.status if error else 200,
        places=places("admin.assignment_page"),
        teams=queries.teams(),
        methods=methods(),
        words=WORDS,
        by_hand=Method.BY_HAND,
        people=people,
        duties=duties,
        on_shift={n: n not in duties or duties[n].on_shift(at) for n in ids},
        loads=assignment.loads_of(ids),
        all_hours=queries.all_hours(),
        error=error,
        refused=refused,
    )
