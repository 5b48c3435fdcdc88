"""The first page, and what machines ask for."""

from flask import Response, has_request_context, redirect, request, session, url_for
from werkzeug.wrappers import Response as AnyResponse

from helpdesk.accounts.sessions import visitor
from helpdesk.portal.views.blueprint import bp
from helpdesk.portal.views.filing import filing_page
from helpdesk.ui import RailItem
from helpdesk.ui.assets import asset

ROBOTS = "User-agent: *\nAllow: /$\nDisallow: /\n"


@bp.get("/")
def home() -> AnyResponse:
    account = visitor()
    if account is None:
        return filing_page()
    return redirect("/desk" if account.is_staff else url_for("portal.requests"), 303)


@bp.get("/robots.txt")
def robots() -> Response:
    return Response(ROBOTS, mimetype="text/plain")


@bp.get("/favicon.ico")
def favicon() -> AnyResponse:
    return redirect(asset("icons/favicon.svg"), 302)


@bp.app_context_processor
def navigation() -> dict[str, object]:
    """The links at the top of the portal. Looks at the cookie alone, so that a page about a broken
    database can be drawn."""
    if not has_request_context():
        return {}
    if "_user_id" not in session:
        return {"portal_nav": [_link("Sign in", "accounts.sign_in")]}
    if session.get("staff"):
        return {"portal_nav": [RailItem("Desk", "/desk")]}
    requests = _link("My requests", "portal.requests")
    return {"portal_nav": [requests, _link("Account", "accounts.profile")]}


def _link(label: str, endpoint: str) -> RailItem:
    return RailItem(label, url_for(endpoint), current=request.endpoint == endpoint)
