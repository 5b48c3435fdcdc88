"""What we keep about somebody, to be read by them."""

from collections.abc import Sequence

from flask import Response, flash, redirect, url_for
from werkzeug.wrappers import Response as AnyResponse

from helpdesk.accounts.models import Role
from helpdesk.accounts.sessions import me, only
from helpdesk.customers.consent import state
from helpdesk.customers.editing import WishesForm
from helpdesk.customers.models import Customer
from helpdesk.customers.queries import customer_of
from helpdesk.portal.kept import kept_about
from helpdesk.portal.views.blueprint import bp
from helpdesk.surveys.wishes import wish_of
from helpdesk.ui import show


@bp.get("/my/data")
@only(Role.CUSTOMER)
def my_data() -> Response:
    customer = customer_of(me())
    return _page(customer, WishesForm(customer) if customer else None)


@bp.post("/my/wishes")
@only(Role.CUSTOMER)
def state_my_wishes() -> AnyResponse:
    """How to reach them, and what they allow."""
    customer = customer_of(me())
    if customer is None:
        return redirect(url_for("portal.my_data"), 303)
    form = WishesForm(customer)
    if not form.validate_on_submit():
        return _page(customer, form, 422)
    if changes := form.overtaken(customer):
        return _page(customer, form, 409, changes)
    state(customer, form.typed(), by=me(), source="portal")
    flash("Saved.")
    return redirect(url_for("portal.my_data"), 303)


def _page(
    customer: Customer | None,
    form: WishesForm | None,
    status: int = 200,
    changes: Sequence[tuple[str, str]] = (),
) -> Response:
    return show(
        "portal/my_data.html",
        status=status,
        form=form,
        changes=changes,
        account=me(),
        customer=customer,
        kept=kept_about(customer) if customer else None,
        wish=wish_of(customer) if customer else None,
    )
