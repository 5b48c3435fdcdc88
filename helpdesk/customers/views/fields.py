"""What is filled in on a customer or an organization."""

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from helpdesk.accounts.sessions import me, staff_only
from helpdesk.core.db import abandon
from helpdesk.core.errors import Invalid
from helpdesk.customers import queries
from helpdesk.customers.fields import fill_in, filled_on
from helpdesk.customers.models import Customer, Organization
from helpdesk.customers.views.blueprint import bp
from helpdesk.ui import show


@bp.route("/desk/customers/<int:customer_id>/fields", methods=["GET", "POST"])
@staff_only
def customer_fields(customer_id: int) -> Response:
    """What is filled in on a customer."""
    posted = request.method == "POST"
    row = queries.customer_by_id(customer_id, to_change=posted)
    return _fields(row, url_for("desk.customer", customer_id=customer_id), posted)


@bp.route("/desk/organizations/<int:organization_id>/fields", methods=["GET", "POST"])
@staff_only
def organization_fields(organization_id: int) -> Response:
    """What is filled in on an organization."""
    posted = request.method == "POST"
    row = queries.organization_by_id(organization_id, to_change=posted)
    here = url_for("customers.organization", organization_id=organization_id)
    return _fields(row, here, posted)


def _fields(row: Customer | Organization, back: str, posted: bool) -> Response:
    refusal, status = "", 200
    if posted:
        try:
            fill_in(row, _texts(), by=me())
        except Invalid as error:
            abandon()
            refusal, status = error.message, 422
        else:
            flash("Saved.")
            return redirect(back, 303)
    filled = filled_on(row)
    return show(
        "customers/fields.html",
        status=status,
        row=row,
        back=back,
        filled=filled,
        form=request.form,
        refusal=refusal,
    )


def _texts() -> dict[int, str]:
    return {
        int(name[6:]): text[:2000]
        for name, text in request.form.items()
        if name.startswith("field-") and name[6:].isascii() and name[6:].isdigit()
        if len(name) < 24
    }
