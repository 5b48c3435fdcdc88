"""Editing records, and pages about all of them."""

from collections.abc import Sequence

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from helpdesk.accounts.sessions import managers_only, me, staff_only
from helpdesk.customers import actions, queries
from helpdesk.customers.editing import CustomerForm
from helpdesk.customers.forms import NoteForm
from helpdesk.customers.models import Customer, SurveyPreference
from helpdesk.customers.value.standing import kept_summary
from helpdesk.customers.views.blueprint import bp
from helpdesk.ui import show


@bp.route("/desk/customers/<int:customer_id>/record", methods=["GET", "POST"])
@staff_only
def edit(customer_id: int) -> Response:
    """Correct the facts of a record."""
    customer = queries.customer_by_id(customer_id, to_change=request.method == "POST")
    form = CustomerForm(customer)
    if not form.validate_on_submit():
        return _record(form, customer, 422 if request.method == "POST" else 200)
    if changes := form.overtaken(customer):
        return _record(form, customer, 409, changes)
    _save(form, customer)
    flash("Saved.")
    return redirect(url_for("desk.customer", customer_id=customer_id), 303)


def _record(
    form: CustomerForm, customer: Customer, status: int, changes: Sequence[tuple[str, str]] = ()
) -> Response:
    """`changes` are labels and values of what somebody else changed meanwhile."""
    return show(
        "customers/record.html", status=status, form=form, customer=customer, changes=changes
    )


def _save(form: CustomerForm, customer: Customer) -> None:
    changes = {
        "name": form.name.data,
        "phone": form.phone.data or None,
        "tier": form.tier.data or None,
        "language": form.language.data,
        "time_zone": form.time_zone.data,
        "customer_since": form.customer_since.data,
    }
    actions.edit(customer, changes, by=me())
    actions.ask_less(customer, SurveyPreference(form.survey_preference.data), by=me())
    if form.lost_on.data:
        actions.mark_lost(customer, form.lost_on.data, by=me())


@bp.post("/desk/customers/<int:customer_id>/notes")
@staff_only
def add_note(customer_id: int) -> Response:
    """Write down what colleagues should know."""
    customer = queries.customer_by_id(customer_id)
    form = NoteForm()
    if not form.validate_on_submit():
        return show("customers/note.html", status=422, form=form, customer=customer)
    actions.add_note(customer, form.body.data, by=me(), form_key=form.form_key.data)
    return redirect(url_for("desk.customer", customer_id=customer_id), 303)


@bp.get("/desk/customers/value")
@managers_only
def value() -> Response:
    """What customers are worth, who comes back, and what may come."""
    kept = kept_summary()
    summary, made_at = kept or (None, None)
    return show("customers/value.html", summary=summary, made_at=made_at)
