"""In a demo anybody may be somebody, with one press."""

from flask import redirect, request
from werkzeug.wrappers import Response

from helpdesk.accounts import actions
from helpdesk.accounts.demo import demo_account
from helpdesk.accounts.views.blueprint import bp
from helpdesk.core.errors import NotFound
from helpdesk.core.settings import settings


@bp.post("/demo/session")
def be_somebody() -> Response:
    account = demo_account(request.form.get("role", "")) if settings().demo else None
    if account is None:
        raise NotFound("There is no such person here to be.")
    actions.sign_in(account, "demo")
    return redirect("/", 303)
