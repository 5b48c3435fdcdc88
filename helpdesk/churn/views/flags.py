"""The list of customers who may leave, and what is done about each."""

from datetime import UTC, datetime, time

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from helpdesk.accounts.queries import staff
from helpdesk.accounts.sessions import me, staff_only
from helpdesk.churn import actions, playbooks, queries
from helpdesk.churn.backtest.results import basis
from helpdesk.churn.forms import OutcomeForm, PlanForm
from helpdesk.churn.models import OPEN, ChurnFlag, FlagState
from helpdesk.churn.views.blueprint import bp
from helpdesk.core.paging import Page, keyset
from helpdesk.core.settings import settings
from helpdesk.tickets.queries import visible_among
from helpdesk.ui import show

LISTS = {
    "worklist": OPEN,
    "open": OPEN,
    "saved": (FlagState.SAVED,),
    "lost": (FlagState.LOST,),
    "false_alarm": (FlagState.FALSE_ALARM,),
    "cleared": (FlagState.CLEARED,),
}


@bp.get("/desk/flags")
@staff_only
def flags() -> Response:
    """Customers who may leave, newest flag first; and those of earlier."""
    chosen = request.args.get("list", "open")
    if chosen == "worklist":
        return _worklist()
    page = keyset(
        queries.flags(LISTS.get(chosen, OPEN)),
        (ChurnFlag.raised_at, ChurnFlag.id),
        request.args.get("page"),
    )
    return _list_page(page, chosen)


def _worklist() -> Response:
    """As many as can be looked after, those with most to lose first."""
    return _list_page(Page(queries.worklist(settings().churn_capacity), None, None), "worklist")


def _list_page(page: Page[ChurnFlag], chosen: str) -> Response:
    return show(
        "churn/flags.html",
        page=page,
        chosen=chosen,
        lists=LISTS,
        basis=basis(),
        config=settings(),
        is_manager=me().is_manager,
    )


@bp.get("/desk/flags/<int:flag_id>")
@staff_only
def flag(flag_id: int) -> Response:
    """One flag with its reasons, then and now."""
    return _flag_page(queries.flag_by_id(flag_id), OutcomeForm())


def _flag_page(
    shown: ChurnFlag, form: OutcomeForm, status: int = 200, plan: PlanForm | None = None
) -> Response:
    health = queries.health_of(shown.customer_id)
    points = [*shown.points, *(health.points if health else ())]
    numbers = {number for point in points for number in point["ticket_ids"]}
    return show(
        "churn/flag.html",
        status=status,
        flag=shown,
        form=form,
        health=health,
        seen=visible_among(me(), numbers),
        others=[each for each in queries.flags_of(shown.customer_id) if each.id != shown.id],
        basis=basis(),
        plan=plan or _plan_form(shown),
        run=playbooks.running(shown.id),
        playbooks=playbooks.playbooks(),
    )


def _plan_form(shown: ChurnFlag) -> PlanForm:
    form = PlanForm(
        data={
            "owner": str(shown.owner_id or ""),
            "due": shown.due_at.date() if shown.due_at else None,
        }
    )
    form.owner.choices = [("", "nobody yet"), *((str(one.id), one.name) for one in staff())]
    return form


@bp.post("/desk/flags/<int:flag_id>/plan")
@staff_only
def plan(flag_id: int) -> Response:
    """Who looks after it, and until when."""
    shown = queries.flag_by_id(flag_id, to_change=True)
    form = PlanForm()
    people = {str(one.id): one for one in staff()}
    form.owner.choices = [("", "nobody yet"), *((key, one.name) for key, one in people.items())]
    if not form.validate_on_submit():
        return _flag_page(shown, OutcomeForm(formdata=None), 422, form)
    due = form.due.data
    due_at = datetime.combine(due, time(17), UTC) if due else None
    actions.plan(shown, people.get(form.owner.data), due_at, by=me())
    flash("Noted.")
    return redirect(url_for("churn.flag", flag_id=flag_id), 303)


@bp.post("/desk/flags/<int:flag_id>/acknowledgement")
@staff_only
def acknowledge(flag_id: int) -> Response:
    """Look after it."""
    actions.acknowledge(queries.flag_by_id(flag_id, to_change=True), by=me())
    flash("You look after this customer now.")
    return redirect(url_for("churn.flag", flag_id=flag_id), 303)


@bp.post("/desk/flags/<int:flag_id>/work")
@staff_only
def work(flag_id: int) -> Response:
    """Begin to do something about it."""
    actions.work(queries.flag_by_id(flag_id, to_change=True), by=me())
    return redirect(url_for("churn.flag", flag_id=flag_id), 303)


@bp.post("/desk/flags/<int:flag_id>/outcome")
@staff_only
def close(flag_id: int) -> Response:
    """Say what became of it."""
    shown = queries.flag_by_id(flag_id, to_change=True)
    form = OutcomeForm()
    if not form.validate_on_submit():
        return _flag_page(shown, form, 422)
    actions.close(shown, FlagState(form.outcome.data), form.note.data or "", by=me())
    flash("Noted.")
    return redirect(url_for("churn.flags"), 303)
