"""E-mail addresses of a customer."""

from flask import flash, redirect, url_for
from werkzeug.wrappers import Response

from helpdesk.accounts.sessions import me, staff_only
from helpdesk.core.db import abandon
from helpdesk.core.errors import Conflict, HelpdeskError, Invalid
from helpdesk.customers import keeping_addresses, queries, writing_to
from helpdesk.customers.forms import AddressForm
from helpdesk.customers.models import Customer
from helpdesk.customers.views.blueprint import bp
from helpdesk.ui import show


@bp.get("/desk/customers/<int:customer_id>/addresses")
@staff_only
def addresses(customer_id: int) -> Response:
    """All of them, those that wait for their owner, and a form for one more."""
    return _page(customer_id, AddressForm())


@bp.post("/desk/customers/<int:customer_id>/addresses")
@staff_only
def ask_for_address(customer_id: int) -> Response:
    """Write one down, and ask its owner."""
    form, customer = AddressForm(), _customer(customer_id)
    if not form.validate_on_submit():
        return _page(customer_id, form, 422)
    try:
        asked = writing_to.ask_for_address(
            customer, form.email.data, form.proof.data or "", by=me()
        )
    except (Conflict, Invalid) as refusal:
        owner = getattr(refusal, "owner", None)
        owner_id = owner.id if owner else None
        abandon()
        form.email.errors = [refusal.message]
        return _page(customer_id, form, refusal.status, owner_id=owner_id)
    return _back(customer_id, f"A link is on its way to {asked.email}.")


@bp.post("/desk/customers/<int:customer_id>/addresses/<int:address_id>/preference")
@staff_only
def prefer_address(customer_id: int, address_id: int) -> Response:
    """Mail goes there from now on."""
    customer = _customer(customer_id)
    try:
        chosen = keeping_addresses.address_of(customer, address_id)
        keeping_addresses.prefer_address(customer, chosen, by=me())
    except Invalid as refusal:
        return _refused(customer_id, refusal)
    return _back(customer_id, "Saved.")


@bp.post("/desk/customers/<int:customer_id>/addresses/<int:address_id>/removal")
@staff_only
def remove_address(customer_id: int, address_id: int) -> Response:
    """It is not theirs any more."""
    try:
        keeping_addresses.remove_address(_customer(customer_id), address_id, by=me())
    except Conflict as refusal:
        return _refused(customer_id, refusal)
    return _back(customer_id, "Removed.")


@bp.post("/desk/customers/<int:customer_id>/asked-addresses/<int:asked_id>/removal")
@staff_only
def withdraw_address(customer_id: int, asked_id: int) -> Response:
    """Its owner is not asked any more."""
    writing_to.withdraw(_customer(customer_id), asked_id, by=me())
    return _back(customer_id, "Taken back; the link that was mailed opens nothing.")


def _customer(customer_id: int) -> Customer:
    return queries.customer_by_id(customer_id, to_change=True)


def _refused(customer_id: int, refusal: HelpdeskError) -> Response:
    abandon()
    return _page(customer_id, AddressForm(formdata=None), refusal.status, refusal=refusal.message)


def _page(
    customer_id: int,
    form: AddressForm,
    status: int = 200,
    refusal: str = "",
    owner_id: int | None = None,
) -> Response:
    customer = queries.customer_by_id(customer_id)
    return show(
        "customers/addresses.html",
        status=status,
        customer=customer,
        form=form,
        stays={one.id: keeping_addresses.why_it_stays(customer, one) for one in customer.addresses},
        waiting=writing_to.asked_addresses(customer),
        witness=writing_to.witness_of(customer),
        refusal=refusal,
        owner_id=owner_id,
    )


def _back(customer_id: int, said: str) -> Response:
    flash(said)
    return redirect(url_for("customers.addresses", customer_id=customer_id), 303)
