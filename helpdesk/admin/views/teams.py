"""Teams, their members, and which of them keep their tickets to themselves."""

from flask import Response, flash, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from helpdesk.accounts.sessions import admins_only, me
from helpdesk.admin import actions, queries
from helpdesk.admin.views.blueprint import bp, places
from helpdesk.core.errors import Conflict, HelpdeskError, Invalid
from helpdesk.ui import show


@bp.get("/teams")
@admins_only
def teams() -> Response:
    return _page()


@bp.post("/teams")
@admins_only
def make_team() -> AnyResponse:
    name = request.form.get("name", "")
    try:
        team = actions.make_team(name, by=me())
    except (Conflict, Invalid) as error:
        return _page(error, name=name)
    flash(f"The team {team.name} is there. Choose who belongs to it.")
    return redirect(url_for("admin.teams", _anchor=f"team-{team.id}"), 303)


@bp.post("/teams/<int:team_id>")
@admins_only
def change_team(team_id: int) -> AnyResponse:
    team = queries.team_by_id(team_id)
    name = request.form.get("name", "")
    ticked = [n for n in request.form.getlist("member") if n.isascii() and n.isdigit()]
    members = {int(n) for n in ticked if len(n) < 19}
    try:
        actions.change_team(team, name, "restricted" in request.form, members, by=me())
    except (Conflict, Invalid) as error:
        return _page(error, refused=team.id, name=name)
    flash(f"{team.name} is saved.")
    return redirect(url_for("admin.teams"), 303)


def _page(error: HelpdeskError | None = None, refused: int = 0, name: str = "") -> Response:
    """`refused` is the team whose form was not taken, 0 for that of a new team."""
    return show(
        "admin/teams.html",
        status=error.status if error else 200,
        places=places("admin.teams"),
        teams=queries.teams(),
        people=queries.staff(),
        error=error,
        refused=refused,
        name=name,
        longest=actions.LONGEST_NAME,
    )
