"""Phones and handles of a customer."""

from flask import flash, redirect, url_for
from werkzeug.wrappers import Response

from helpdesk.accounts.sessions import me, staff_only
from helpdesk.core.db import abandon
from helpdesk.core.errors import Conflict, Invalid
from helpdesk.customers import queries, reaching
from helpdesk.customers.contactpoints import KIND_WORDS, PointKind
from helpdesk.customers.forms import LabelForm, PointForm
from helpdesk.customers.models import Customer
from helpdesk.customers.views.blueprint import bp
from helpdesk.ui import show


@bp.get("/desk/customers/<int:customer_id>/contact-points")
@staff_only
def contact_points(customer_id: int) -> Response:
    """All of them, and a form for one more."""
    return _page(customer_id, PointForm())


@bp.post("/desk/customers/<int:customer_id>/contact-points")
@staff_only
def add_contact_point(customer_id: int) -> Response:
    """One more way to reach them."""
    form = PointForm()
    if not form.validate_on_submit():
        return _page(customer_id, form, 422)
    try:
        reaching.add_point(
            _customer(customer_id), PointKind(form.kind.data), form.value.data, form.label.data,
            by=me(),
        )  # fmt: skip
    except (Conflict, Invalid) as refusal:
        abandon()
        form.value.errors = [refusal.message]
        return _page(customer_id, form, refusal.status)
    return _back(customer_id, "Added.")


@bp.post("/desk/customers/<int:customer_id>/contact-points/<int:point_id>/label")
@staff_only
def label_contact_point(customer_id: int, point_id: int) -> Response:
    """Say what it is for."""
    customer = _customer(customer_id)
    form = LabelForm()
    point = reaching.point_of(customer, point_id)
    if not form.validate_on_submit():
        raise Invalid("A label has at most 40 characters.")
    reaching.label_point(customer, point, form.label.data or "", by=me())
    return _back(customer_id, "Saved.")


@bp.post("/desk/customers/<int:customer_id>/contact-points/<int:point_id>/preference")
@staff_only
def prefer_contact_point(customer_id: int, point_id: int) -> Response:
    """This is the number to call."""
    customer = _customer(customer_id)
    reaching.prefer_point(customer, reaching.point_of(customer, point_id), by=me())
    return _back(customer_id, "Saved.")


@bp.post("/desk/customers/<int:customer_id>/contact-points/<int:point_id>/verification")
@staff_only
def verify_contact_point(customer_id: int, point_id: int) -> Response:
    """Somebody of us reached the person there."""
    customer = _customer(customer_id)
    reaching.verify_point(customer, reaching.point_of(customer, point_id), by=me())
    return _back(customer_id, "Noted.")


@bp.post("/desk/customers/<int:customer_id>/contact-points/<int:point_id>/removal")
@staff_only
def remove_contact_point(customer_id: int, point_id: int) -> Response:
    """They are not reached there any more."""
    reaching.remove_point(_customer(customer_id), point_id, by=me())
    return _back(customer_id, "Removed.")


def _customer(customer_id: int) -> Customer:
    return queries.customer_by_id(customer_id, to_change=True)


def _page(customer_id: int, form: PointForm, status: int = 200) -> Response:
    customer = queries.customer_by_id(customer_id)
    return show(
        "customers/contact_points.html",
        status=status,
        customer=customer,
        form=form,
        words=KIND_WORDS,
        label_form=LabelForm(formdata=None),
    )


def _back(customer_id: int, said: str) -> Response:
    flash(said)
    return redirect(url_for("customers.contact_points", customer_id=customer_id), 303)
