"""Who works here, in which role, and whether they may sign in."""

from flask import Response, flash, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from helpdesk.accounts.models import STAFF, Role
from helpdesk.accounts.sessions import admins_only, me
from helpdesk.admin import actions, queries
from helpdesk.admin.views.blueprint import bp, places
from helpdesk.core.errors import Invalid
from helpdesk.ui import show


@bp.get("/people")
@admins_only
def people() -> Response:
    return show(
        "admin/people.html",
        places=places("admin.people"),
        people=queries.staff(),
        roles=[role for role in Role if role in STAFF],
        viewer=me(),
    )


@bp.post("/people/<int:account_id>/role")
@admins_only
def give_role(account_id: int) -> AnyResponse:
    account = queries.colleague(account_id)
    try:
        role = Role(request.form.get("role", ""))
    except ValueError as error:
        raise Invalid("Choose agent, manager or administrator.") from error
    actions.give_role(account, role, by=me())
    flash(f"{account.name} is {_ROLE[account.role]} now and signs in anew.")
    return redirect(url_for("admin.people"), 303)


_ROLE = {Role.AGENT: "an agent", Role.MANAGER: "a manager", Role.ADMIN: "an administrator"}


@bp.post("/people/<int:account_id>/suspension")
@admins_only
def disable(account_id: int) -> AnyResponse:
    account = queries.colleague(account_id)
    actions.disable(account, by=me())
    waiting = queries.open_tickets_of(account)
    tickets = "1 open ticket is" if waiting == 1 else f"{waiting} open tickets are"
    rest = f" {tickets} still assigned to them." if waiting else ""
    flash(f"{account.name} can no longer sign in.{rest}", "warn" if waiting else "good")
    return redirect(url_for("admin.people"), 303)


@bp.post("/people/<int:account_id>/restoration")
@admins_only
def enable(account_id: int) -> AnyResponse:
    account = queries.colleague(account_id)
    actions.enable(account, by=me())
    flash(f"{account.name} can sign in again.")
    return redirect(url_for("admin.people"), 303)
