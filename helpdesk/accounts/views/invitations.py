"""Who works here, and asking somebody to join."""

from flask import Response, flash, redirect, url_for
from werkzeug.wrappers import Response as AnyResponse

from helpdesk.accounts import actions, queries
from helpdesk.accounts.forms import InvitationForm, refuse
from helpdesk.accounts.models import Role
from helpdesk.accounts.sessions import admins_only, me
from helpdesk.accounts.views.blueprint import bp
from helpdesk.core.clock import now
from helpdesk.core.errors import Conflict, Invalid
from helpdesk.ui import show


@bp.get("/staff")
@admins_only
def staff() -> Response:
    return _page(InvitationForm())


@bp.post("/staff/invitations")
@admins_only
def invite() -> AnyResponse:
    form = InvitationForm()
    if not form.validate():
        return _page(form, 422)
    try:
        actions.invite(form.email.data, Role(form.role.data), by=me())
    except (Conflict, Invalid) as error:
        refuse(form.email, error.message)
        return _page(form, error.status)
    flash(f"An invitation is on its way to {form.email.data}. It is good for seven days.")
    return redirect(url_for("accounts.staff"), 303)


@bp.post("/staff/invitations/<int:link_id>/withdrawal")
@admins_only
def withdraw_invitation(link_id: int) -> AnyResponse:
    actions.withdraw_invitation(queries.invitation(link_id), by=me())
    flash("The invitation is withdrawn; its link opens nothing any more.")
    return redirect(url_for("accounts.staff"), 303)


def _page(form: InvitationForm, status: int = 200) -> Response:
    return show(
        "accounts/staff.html",
        status=status,
        form=form,
        people=queries.staff(),
        invitations=queries.open_invitations(now()),
    )
