"""Bulk edits: choosing tickets and changes, looking at it, doing it, taking it back."""

from collections.abc import Sequence

from flask import Response, flash, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from helpdesk.accounts.sessions import me, staff_only
from helpdesk.core.db import abandon, session
from helpdesk.core.errors import HelpdeskError, Invalid, NotFound
from helpdesk.desk.foreseeing import foreseen
from helpdesk.desk.macros.queries import macro_for, macros_of
from helpdesk.desk.views.blueprint import bp
from helpdesk.desk.views.changing import change_fields, variable_words
from helpdesk.tickets import changes
from helpdesk.tickets.bulk import actions, queries
from helpdesk.tickets.bulk.models import BulkEdit, BulkState, Outcome
from helpdesk.tickets.changes import ChangesInvalid
from helpdesk.tickets.changes.reading import FIELD
from helpdesk.tickets.filters import LONGEST, FilterError
from helpdesk.ui import show

MOST_BY_HAND = 500


@bp.get("/desk/bulk")
@staff_only
def bulk_edits() -> Response:
    return show("desk/bulk_edits.html", edits=queries.bulk_edits_of(me()), words=_words)


@bp.post("/desk/bulk/selection")
@staff_only
def select_for_bulk() -> AnyResponse:
    """From the queue: what is ticked, or everything that its filter finds."""
    if "everything" in request.form and "whole" in request.form:
        return redirect(url_for("desk.new_bulk_edit", q=request.form["whole"]), 303)
    numbers = _numbers(request.form.getlist("ticket"))
    if not numbers:
        raise Invalid("Select some tickets first.")
    tickets = ",".join(map(str, numbers))
    return redirect(url_for("desk.new_bulk_edit", tickets=tickets), 303)


@bp.get("/desk/bulk/new")
@staff_only
def new_bulk_edit() -> Response:
    macro_id = request.args.get("macro", "")
    given: dict[str, str] = {}
    if macro_id.isascii() and macro_id.isdigit():
        try:
            macro = macro_for(me(), int(macro_id[:18]))
        except NotFound as gone:
            raise Invalid(gone.message) from gone
        given = {FIELD + do: to for do, to in changes.in_form(macro.todo).items()}
    return _form(given)


@bp.post("/desk/bulk")
@staff_only
def propose_bulk_edit() -> AnyResponse:
    given = {name: value for name, value in request.form.items() if name.startswith(FIELD)}
    try:
        todo = changes.from_form(given)
        bulk = actions.propose(*_meant(), todo, by=me())
    except (Invalid, FilterError) as error:
        abandon()
        return _form(given, error)
    return redirect(url_for("desk.bulk_edit", bulk_id=bulk.id), 303)


@bp.get("/desk/bulk/<int:bulk_id>")
@staff_only
def bulk_edit(bulk_id: int) -> Response:
    return _page(queries.bulk_for(me(), bulk_id))


@bp.post("/desk/bulk/<int:bulk_id>/start")
@staff_only
def start_bulk_edit(bulk_id: int) -> AnyResponse:
    bulk = queries.bulk_for(me(), bulk_id, to_change=True)
    try:
        actions.start(bulk, confirmed="confirmed" in request.form, by=me())
    except Invalid as error:
        return _page(bulk, error)
    return redirect(url_for("desk.bulk_edit", bulk_id=bulk_id), 303)


@bp.post("/desk/bulk/<int:bulk_id>/undoing")
@staff_only
def undo_bulk_edit(bulk_id: int) -> AnyResponse:
    bulk = queries.bulk_for(me(), bulk_id, to_change=True)
    actions.undo(bulk, by=me())
    flash("It is being undone; what somebody changed since stays.")
    return redirect(url_for("desk.bulk_edit", bulk_id=bulk_id), 303)


def _meant() -> tuple[Sequence[int], str]:
    """The numbers or the filter of the form. Raises Invalid where there is neither."""
    numbers = _numbers(request.values.get("tickets", "").split(","))
    text = request.values.get("q", "")[: LONGEST + 1]
    if not numbers and "q" not in request.values:
        raise Invalid("No ticket is meant. Select some in the queue first.")
    return numbers, text


def _numbers(typed: Sequence[str]) -> list[int]:
    digits = {one for one in typed if one.isascii() and one.isdigit() and len(one) < 19}
    if len(digits) > MOST_BY_HAND:
        raise Invalid(f"Select up to {MOST_BY_HAND} tickets, or choose them by a filter.")
    return sorted(int(one) for one in digits)


def _form(given: dict[str, str], error: HelpdeskError | None = None) -> Response:
    numbers, text = _meant()
    total, problem = 0, error
    try:
        total = actions.count(actions.chosen(numbers, text, me()))
    except FilterError as wrong:
        problem = wrong
    return show(
        "desk/bulk_new.html",
        status=problem.status if problem else 200,
        error=problem,
        listed=isinstance(problem, ChangesInvalid),
        numbers=numbers,
        text=text,
        total=total,
        most=actions.MOST,
        fields=change_fields(given, problem),
        macros=[macro for macro in macros_of(me()) if not macro.is_canned],
        variables=variable_words(),
    )


def _page(bulk: BulkEdit, error: Invalid | None = None) -> Response:
    found = queries.tally(bulk)
    done = bulk.total - found.get(None, 0)
    if bulk.state is BulkState.UNDOING:
        done = sum(found.get(o, 0) for o in (Outcome.UNDONE, Outcome.PARTLY, Outcome.LEFT))
    of = bulk.total
    if bulk.state is BulkState.UNDOING:
        of = done + found.get(Outcome.CHANGED, 0)
    is_proposed = bulk.state is BulkState.PROPOSED
    with session.no_autoflush:
        seen = foreseen(bulk, me()) if is_proposed else None
    return show(
        "desk/bulk.html",
        piece="desk/_bulk_progress.html",
        status=error.status if error else 200,
        bulk=bulk,
        error=error,
        does=changes.described(bulk.todo),
        seen=seen,
        found={outcome.value: number for outcome, number in found.items() if outcome},
        done=done,
        of=of,
        is_mine=bulk.by_id == me().id,
        refused=queries.told(bulk, (Outcome.REFUSED,), me()) if not is_proposed else (),
        left=queries.told(bulk, (Outcome.LEFT, Outcome.PARTLY), me()) if not is_proposed else (),
        words=_words,
    )


def _words(bulk: BulkEdit) -> str:
    """Which tickets are meant, in words."""
    return "chosen by hand" if bulk.text is None else bulk.text or "everything"
