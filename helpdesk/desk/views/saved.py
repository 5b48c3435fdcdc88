"""Saved views: made, changed, shared, put in order, deleted."""

from flask import Response, flash, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from helpdesk.accounts.sessions import me, staff_only
from helpdesk.core.errors import Forbidden, HelpdeskError, Invalid
from helpdesk.desk import actions, queries
from helpdesk.desk.columns import offered
from helpdesk.desk.models import SavedView
from helpdesk.desk.sorting import BY_ACTIVITY, CHOICES
from helpdesk.desk.views.blueprint import bp
from helpdesk.tickets.filters import FIELDS, LONGEST
from helpdesk.ui import show


@bp.get("/desk/views")
@staff_only
def saved_views() -> Response:
    return show(
        "desk/views.html",
        own=queries.own_views(me()),
        shared=queries.shared_views(me()),
        most=actions.MOST_VIEWS,
    )


@bp.get("/desk/views/new")
@staff_only
def new_view() -> Response:
    text, sort = request.args.get("q", "")[:LONGEST], request.args.get("sort") or BY_ACTIVITY
    return _form(actions.Wish("", text, sort))


@bp.post("/desk/views")
@staff_only
def save_view() -> AnyResponse:
    wish = _wish()
    try:
        view = actions.save_view(wish, by=me())
    except (Invalid, Forbidden) as error:
        return _form(wish, error=error)
    flash(f"The view {view.name} is saved.")
    return redirect(url_for("desk.queue", view=view.id), 303)


@bp.get("/desk/views/<int:view_id>")
@staff_only
def edit_view(view_id: int) -> Response:
    view = queries.view_for(me(), view_id)
    wish = actions.Wish(
        view.name, view.text, view.sort, view.columns, view.teams, view.for_everybody
    )
    return _form(wish, view)


@bp.post("/desk/views/<int:view_id>")
@staff_only
def change_view(view_id: int) -> AnyResponse:
    view = queries.view_for(me(), view_id)
    wish = _wish(view)
    try:
        actions.change_view(view, wish, by=me())
    except (Invalid, Forbidden) as error:
        return _form(wish, view, error)
    flash(f"The view {view.name} is saved.")
    return redirect(url_for("desk.queue", view=view.id), 303)


@bp.post("/desk/views/<int:view_id>/deletion")
@staff_only
def delete_view(view_id: int) -> AnyResponse:
    view = queries.view_for(me(), view_id)
    actions.delete_view(view, by=me())
    flash(f"The view {view.name} is deleted; its tickets stay where they are.")
    return redirect(url_for("desk.saved_views"), 303)


@bp.post("/desk/views/<int:view_id>/place")
@staff_only
def move_view(view_id: int) -> AnyResponse:
    actions.move_view(queries.view_for(me(), view_id), up="up" in request.form, by=me())
    return redirect(url_for("desk.saved_views"), 303)


def _wish(view: SavedView | None = None) -> actions.Wish:
    """What the form says. Teams that somebody cannot choose stay as they are."""
    form = request.form
    ticked = set(form.getlist("team"))
    can_choose = queries.teams_to_share_with(me())
    kept = [team for team in view.teams if team not in can_choose] if view else []
    return actions.Wish(
        name=form.get("name", ""),
        text=form.get("text", ""),
        sort=form.get("sort", "") or BY_ACTIVITY,
        columns=form.getlist("column")[:200],
        teams=[team for team in can_choose if str(team.id) in ticked] + kept,
        for_everybody="everybody" in form,
    )


def _form(
    wish: actions.Wish, view: SavedView | None = None, error: HelpdeskError | None = None
) -> Response:
    return show(
        "desk/view_form.html",
        status=error.status if error else 200,
        wish=wish,
        view=view,
        error=error,
        may_change=view is None or view.may_be_changed_by(me()),
        teams=queries.teams_to_share_with(me()),
        with_everybody=me().is_manager or wish.for_everybody,
        columns=offered(wish.columns),
        sorts=CHOICES,
        fields=FIELDS,
        longest=actions.LONGEST_NAME,
        longest_text=LONGEST,
    )
