"""Which organizations let their people see one another's requests."""

from flask import Response, flash, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from helpdesk.accounts.sessions import admins_only, me
from helpdesk.admin import actions, queries
from helpdesk.admin.views.blueprint import bp, places
from helpdesk.core.text import one_line
from helpdesk.customers.queries import organization_by_id
from helpdesk.ui import show


@bp.get("/organizations")
@admins_only
def organizations() -> Response:
    words = _words()
    return show(
        "admin/organizations.html",
        places=places("admin.organizations"),
        words=words,
        organizations=queries.organizations(words),
    )


@bp.post("/organizations/<int:organization_id>/sharing")
@admins_only
def share(organization_id: int) -> AnyResponse:
    organization = organization_by_id(organization_id)
    actions.share_tickets(organization, request.form.get("shares") == "yes", by=me())
    if organization.shares_tickets:
        flash(f"Everybody at {organization.name} sees all requests of {organization.name} now.")
    else:
        flash(f"Everybody at {organization.name} sees their own requests alone.")
    return redirect(url_for("admin.organizations", q=_words() or None), 303)


def _words() -> str:
    return one_line(request.args.get("q", ""), 100)
