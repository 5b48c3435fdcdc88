"""How long things are kept."""

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from helpdesk.accounts.sessions import admins_only, me
from helpdesk.privacy import retention
from helpdesk.privacy.views.blueprint import bp
from helpdesk.ui import show


@bp.get("/admin/retention")
@admins_only
def retention_rules() -> Response:
    """The rules, and what one of them would do now, where that was asked."""
    tried = request.args.get("kind", "")
    days = request.args.get("days", type=int)
    trial = retention.trial(tried, days or 0, me()) if tried else None
    return show(
        "privacy/retention.html",
        kinds=retention.KINDS,
        rules=retention.rules(),
        tried=tried,
        days=days,
        trial=trial,
    )


@bp.post("/admin/retention/<kind>")
@admins_only
def set_rule(kind: str) -> Response:
    """Say how long, and whether the rule holds."""
    active = request.form.get("active") == "yes"
    rule = retention.set_rule(kind, request.form.get("days", type=int), active=active, by=me())
    flash(f"{'Forgotten' if rule.active else 'No longer forgotten'} after {rule.days} days.")
    return redirect(url_for("privacy.retention_rules"), 303)
