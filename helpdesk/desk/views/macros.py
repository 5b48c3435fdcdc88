"""Macros and canned replies: made, changed, shared, deleted."""

from flask import Response, flash, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from helpdesk.accounts.sessions import me, staff_only
from helpdesk.core.errors import Forbidden, HelpdeskError, Invalid
from helpdesk.desk import queries
from helpdesk.desk.macros import actions
from helpdesk.desk.macros.actions import Wish
from helpdesk.desk.macros.models import Macro
from helpdesk.desk.macros.queries import fitting, macro_for, macros_of
from helpdesk.desk.views.blueprint import bp
from helpdesk.desk.views.changing import change_fields, variable_words
from helpdesk.tickets import changes
from helpdesk.tickets.changes.reading import FIELD
from helpdesk.ui import show


@bp.get("/desk/macros")
@staff_only
def macros() -> Response:
    text = request.args.get("q", "")[:200]
    found = fitting(macros_of(me()), text)
    return show(
        "desk/macros.html",
        text=text,
        sections=[
            ("Macros", [one for one in found if not one.is_canned]),
            ("Canned replies", [one for one in found if one.is_canned]),
        ],
        described=changes.described,
        current_user=me(),
    )


@bp.get("/desk/macros/new")
@staff_only
def new_macro() -> Response:
    return _form(Wish(""), canned="canned" in request.args)


@bp.post("/desk/macros")
@staff_only
def save_macro() -> AnyResponse:
    wish = _wish()
    try:
        macro = actions.save_macro(wish, by=me())
    except (Invalid, Forbidden) as error:
        return _form(wish, error=error, canned="canned" in request.form)
    flash(f"{macro.name} is saved.")
    return redirect(url_for("desk.macros"), 303)


@bp.get("/desk/macros/<int:macro_id>")
@staff_only
def edit_macro(macro_id: int) -> Response:
    macro = macro_for(me(), macro_id)
    kept = {FIELD + do: to for do, to in changes.in_form(macro.todo).items()}
    wish = Wish(macro.name, macro.shortcut or "", kept, macro.teams, macro.for_everybody)
    return _form(wish, macro, canned=macro.is_canned)


@bp.post("/desk/macros/<int:macro_id>")
@staff_only
def change_macro(macro_id: int) -> AnyResponse:
    macro = macro_for(me(), macro_id)
    wish = _wish(macro)
    try:
        actions.change_macro(macro, wish, by=me())
    except (Invalid, Forbidden) as error:
        return _form(wish, macro, error, canned="canned" in request.form)
    flash(f"{macro.name} is saved.")
    return redirect(url_for("desk.macros"), 303)


@bp.post("/desk/macros/<int:macro_id>/deletion")
@staff_only
def delete_macro(macro_id: int) -> AnyResponse:
    macro = macro_for(me(), macro_id)
    actions.delete_macro(macro, by=me())
    flash(f"{macro.name} is deleted; what it did stays done.")
    return redirect(url_for("desk.macros"), 303)


def _wish(macro: Macro | None = None) -> Wish:
    """What the form says. Teams that somebody cannot choose stay as they are."""
    form = request.form
    ticked = set(form.getlist("team"))
    can_choose = queries.teams_to_share_with(me())
    kept = [team for team in macro.teams if team not in can_choose] if macro else []
    return Wish(
        name=form.get("name", ""),
        shortcut=form.get("shortcut", ""),
        changes={name: value for name, value in form.items() if name.startswith(FIELD)},
        teams=[team for team in can_choose if str(team.id) in ticked] + kept,
        for_everybody="everybody" in form,
    )


def _form(
    wish: Wish,
    macro: Macro | None = None,
    error: HelpdeskError | None = None,
    *,
    canned: bool = False,
) -> Response:
    return show(
        "desk/macro_form.html",
        status=error.status if error else 200,
        wish=wish,
        macro=macro,
        error=error,
        canned=canned,
        fields=change_fields(wish.changes, error),
        may_change=macro is None or macro.may_be_changed_by(me()),
        teams=queries.teams_to_share_with(me()),
        with_everybody=me().is_manager or wish.for_everybody,
        longest=actions.LONGEST_NAME,
        variables=variable_words(),
    )
