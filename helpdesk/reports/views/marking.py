"""Doors to the marks on charts."""

from flask import flash, redirect, url_for
from werkzeug.wrappers import Response

from helpdesk.accounts.sessions import managers_only, me, staff_only
from helpdesk.core.errors import Invalid
from helpdesk.reports import occasions
from helpdesk.reports.forms import OccasionForm
from helpdesk.reports.models import Sort
from helpdesk.reports.views.blueprint import bp, frame_of
from helpdesk.ui import show


@bp.get("/reports/marks")
@staff_only
def marks() -> Response:
    """What happened, newest first; managers add to it."""
    return _marks(OccasionForm(formdata=None))


@bp.post("/reports/marks")
@managers_only
def mark() -> Response:
    """Mark a day on all charts over time."""
    form = OccasionForm()
    if not form.validate_on_submit() or form.day.data is None:
        return _marks(form, 422)
    try:
        occasions.note(form.day.data, Sort(form.sort.data), form.text.data or "", by=me())
    except Invalid as wrong:
        form.text.errors = [*form.text.errors, wrong.message]
        return _marks(form, 422)
    flash("It is marked on the charts.")
    return redirect(url_for("reports.marks"), 303)


@bp.post("/reports/marks/<int:occasion_id>/removal")
@managers_only
def unmark(occasion_id: int) -> Response:
    """Take a mark away."""
    occasions.drop(occasion_id, by=me())
    flash("The mark is gone.")
    return redirect(url_for("reports.marks"), 303)


def _marks(form: OccasionForm, status: int = 200) -> Response:
    return show(
        "reports/marks.html",
        status=status,
        frame=frame_of("marks"),
        form=form,
        found=occasions.latest(),
        is_manager=me().is_manager,
    )
