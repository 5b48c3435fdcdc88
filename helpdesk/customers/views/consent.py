"""What a customer allows and wishes, with the proof."""

from collections.abc import Sequence

from flask import flash, redirect, url_for
from werkzeug.wrappers import Response

from helpdesk.accounts.sessions import me, staff_only
from helpdesk.core.db import abandon
from helpdesk.core.errors import Invalid
from helpdesk.customers import queries
from helpdesk.customers.consent import (
    CHANNEL_WORDS,
    SOURCE_WORDS,
    VALUE_WORDS,
    WORDS,
    proof_of,
    state,
)
from helpdesk.customers.editing import WishesForm
from helpdesk.customers.views.blueprint import bp
from helpdesk.ui import show


@bp.get("/desk/customers/<int:customer_id>/consent")
@staff_only
def consent(customer_id: int) -> Response:
    """What they said so far."""
    return _page(customer_id, WishesForm(queries.customer_by_id(customer_id)))


@bp.post("/desk/customers/<int:customer_id>/consent")
@staff_only
def state_consent(customer_id: int) -> Response:
    """Write down what they said to us."""
    customer = queries.customer_by_id(customer_id, to_change=True)
    form = WishesForm(customer)
    if not form.validate_on_submit():
        return _page(customer_id, form, 422)
    if changes := form.overtaken(customer):
        return _page(customer_id, form, 409, changes)
    try:
        state(customer, form.typed(), by=me(), source="desk", proof=form.proof.data or "")
    except Invalid as refusal:
        abandon()
        form.proof.errors = [refusal.message]
        return _page(customer_id, form, 422)
    flash("Written down.")
    return redirect(url_for("customers.consent", customer_id=customer_id), 303)


def _page(
    customer_id: int,
    form: WishesForm,
    status: int = 200,
    changes: Sequence[tuple[str, str]] = (),
) -> Response:
    customer = queries.customer_by_id(customer_id)
    return show(
        "customers/consent.html",
        status=status,
        customer=customer,
        form=form,
        changes=changes,
        proof=proof_of(customer),
        words=WORDS,
        sources=SOURCE_WORDS,
        values=VALUE_WORDS | {str(channel): words for channel, words in CHANNEL_WORDS.items()},
    )
