"""The points in use, and what other points would change."""

from flask import flash, redirect, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from helpdesk.accounts.sessions import managers_only, me
from helpdesk.churn import weights
from helpdesk.churn.backtest.results import last_done
from helpdesk.churn.rules import CAPS, DEFAULT, RULES, Weights
from helpdesk.churn.views.blueprint import bp
from helpdesk.core.errors import Invalid
from helpdesk.ui import show


@bp.get("/desk/churn/weights")
@managers_only
def shown_weights() -> Response:
    """Points by rule and caps by family; with others in the address, what these would change."""
    wanted = _wanted(request.args) if "points-low_rating" in request.args else None
    if request.args.get("from") == "refit":
        wanted = _refitted()
    held = weights.current()
    return show(
        "churn/weights.html",
        held=held,
        wanted=wanted or held,
        preview=weights.preview(wanted) if wanted else None,
        is_refit=request.args.get("from") == "refit",
        latest=weights.latest(),
        adopted=weights.adopted(),
        rules=RULES,
        caps=CAPS,
        start=DEFAULT,
        is_manager=True,
    )


@bp.post("/desk/churn/weights")
@managers_only
def adopt_weights() -> Response:
    """Let these points count from now on."""
    basis = weights.REFIT if request.form.get("basis") == weights.REFIT else weights.BY_HAND
    weights.adopt(_wanted(request.form), basis, request.form.get("note", ""), by=me())
    flash("These points count from now on. Health follows with the next review.")
    return redirect(url_for("churn.shown_weights"), 303)


@bp.post("/desk/churn/weights/<int:weights_id>/return")
@managers_only
def return_to_weights(weights_id: int) -> Response:
    """Go back to what held earlier."""
    weights.return_to(weights_id, by=me())
    flash("The earlier points count again.")
    return redirect(url_for("churn.shown_weights"), 303)


def _wanted(fields: MultiDict[str, str]) -> Weights:
    def number(name: str) -> int:
        text = fields.get(name, "").strip()
        try:
            return int(text)
        except ValueError as error:
            raise Invalid(f"Points are whole numbers, not “{text[:20]}”.") from error

    return Weights(
        {rule.key: number(f"points-{rule.key}") for rule in RULES},
        {family: number(f"cap-{family}") for family in CAPS},
    )


def _refitted() -> Weights:
    last = last_done()
    refit = (last.result or {}).get("refit", {}) if last else {}
    if "points" not in refit:
        raise Invalid("There are no re-fitted points to look at. Run a backtest first.")
    known = {rule.key for rule in RULES}
    points = {key: value for key, value in refit["points"].items() if key in known}
    return Weights(points, {family: refit["caps"].get(family, cap) for family, cap in CAPS.items()})
