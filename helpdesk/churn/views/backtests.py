"""Would the risk have foretold who left?"""

from flask import flash, redirect, url_for
from werkzeug.wrappers import Response

from helpdesk.accounts.sessions import managers_only, me
from helpdesk.churn.backtest import results
from helpdesk.churn.backtest.picture import reliability
from helpdesk.churn.backtest.running import NEEDED
from helpdesk.churn.jobs import run_backtests
from helpdesk.churn.rules import DEFAULT, RULES
from helpdesk.churn.views.blueprint import bp
from helpdesk.churn.weights import current
from helpdesk.ui import show


@bp.get("/desk/churn/backtest")
@managers_only
def backtest() -> Response:
    """The last look at the past, beside simpler rankings and re-fitted weights."""
    last = results.last_done()
    result = last.result if last else None
    return show(
        "churn/backtest.html",
        "churn/_backtest.html",
        last=last,
        result=result,
        outdated=last is not None and results.is_of_other_weights(last),
        waiting=results.waiting(),
        failed=results.last_failed(),
        picture=reliability(result["calibration"]) if result else None,
        rules=RULES,
        present=current(),
        start=DEFAULT,
        needed=NEEDED,
        is_manager=True,
    )


@bp.post("/desk/churn/backtest")
@managers_only
def ask_for_backtest() -> Response:
    """Look at the past again, in the background."""
    results.request(by=me())
    run_backtests.enqueue_once()
    flash("The past is being read; this page follows.")
    return redirect(url_for("churn.backtest"), 303)
