"""Doors to reports by mail."""

from flask import flash, redirect, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from helpdesk.accounts.sessions import me, staff_only
from helpdesk.core.errors import Invalid
from helpdesk.reports import mailing
from helpdesk.reports.access import Reader
from helpdesk.reports.forms import SubscriptionForm
from helpdesk.reports.frame import pages_for
from helpdesk.reports.models import Rhythm
from helpdesk.reports.pages import PAGES
from helpdesk.reports.views.blueprint import bp, frame_of
from helpdesk.ui import show


@bp.get("/reports/mailed")
@staff_only
def mailed() -> Response:
    """What one has mailed, and what else there is."""
    return _mailed(_subscription_form(formdata=False))


@bp.post("/reports/mailed")
@staff_only
def subscribe() -> Response:
    """Have a report mailed to oneself."""
    form = _subscription_form()
    if not form.validate_on_submit():
        return _mailed(form, 422)
    asked = MultiDict({"q": form.q.data}) if form.q.data else MultiDict[str, str]()
    try:
        mailing.subscribe(form.page.data, Rhythm(form.rhythm.data), asked, by=me())
    except Invalid as wrong:
        form.q.errors = [*form.q.errors, wrong.message]
        return _mailed(form, 422)
    flash("It will come by mail.")
    return redirect(url_for("reports.mailed"), 303)


@bp.post("/reports/mailed/<int:subscription_id>/removal")
@staff_only
def unsubscribe(subscription_id: int) -> Response:
    """Have it mailed no longer."""
    mailing.unsubscribe(subscription_id, by=me())
    flash("It will not come any more.")
    return redirect(url_for("reports.mailed"), 303)


def _subscription_form(*, formdata: bool = True) -> SubscriptionForm:
    form = SubscriptionForm() if formdata else SubscriptionForm(formdata=None)
    form.page.choices = [(page.name, page.label) for page in pages_for(Reader(me()))]
    return form


def _mailed(form: SubscriptionForm, status: int = 200) -> Response:
    return show(
        "reports/mailed.html",
        status=status,
        frame=frame_of("mailed"),
        form=form,
        found=mailing.subscriptions_of(me()),
        pages=PAGES,
    )
