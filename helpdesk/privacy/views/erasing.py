"""Asking for an erasure, deciding about it, and what stands against it."""

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from helpdesk.accounts.sessions import admins_only, managers_only, me
from helpdesk.core.db import session
from helpdesk.customers.models import Customer
from helpdesk.customers.queries import customer_by_id
from helpdesk.privacy import deciding
from helpdesk.privacy.jobs import erase_confirmed
from helpdesk.privacy.views.blueprint import bp
from helpdesk.ui import show


@bp.get("/desk/customers/<int:customer_id>/privacy")
@managers_only
def customer_privacy(customer_id: int) -> Response:
    """What can be handed out, erased or held of one person."""
    customer = customer_by_id(customer_id)
    erasure = deciding.open_erasure(customer_id)
    return show(
        "privacy/customer.html",
        customer=customer,
        holds=deciding.holds_on(customer_id),
        erasure=erasure,
        words=deciding.words_to_type(erasure) if erasure else "",
        asked_myself=erasure is not None and erasure.asked_by_id == me().id,
        erased=deciding.was_erased(customer_id),
    )


@bp.post("/desk/customers/<int:customer_id>/holds")
@managers_only
def hold(customer_id: int) -> Response:
    """Let nothing of this person be erased for now."""
    deciding.place_hold(customer_by_id(customer_id), _word("reason"), by=me())
    return _back(customer_id, "Nothing of this person is erased until the hold is lifted.")


@bp.post("/desk/holds/<int:hold_id>/lifting")
@admins_only
def lift(hold_id: int) -> Response:
    """It no longer stands against it."""
    found = deciding.hold_by_id(hold_id)
    deciding.lift_hold(found, by=me())
    return _back(found.customer_id, "The hold is lifted.")


@bp.post("/desk/customers/<int:customer_id>/erasures")
@managers_only
def ask(customer_id: int) -> Response:
    """Somebody wants to be forgotten."""
    customer_by_id(customer_id, to_change=True)
    deciding.ask(session.get_one(Customer, customer_id), _word("reason"), by=me())
    return _back(customer_id, "Noted. An administrator decides.")


@bp.post("/desk/erasures/<int:erasure_id>/confirmation")
@admins_only
def confirm(erasure_id: int) -> Response:
    """Have it done."""
    erasure = deciding.erasure_by_id(erasure_id)
    deciding.confirm(erasure, _word("typed"), by=me())
    erase_confirmed.enqueue()
    return _back(erasure.customer_id, "It is being done.")


@bp.post("/desk/erasures/<int:erasure_id>/refusal")
@managers_only
def refuse(erasure_id: int) -> Response:
    """It is not done, for a reason."""
    erasure = deciding.erasure_by_id(erasure_id)
    deciding.refuse(erasure, _word("reason"), by=me())
    return _back(erasure.customer_id, "Refused; the reason is kept.")


def _word(name: str) -> str:
    return request.form.get(name, "")[:2000]


def _back(customer_id: int, said: str) -> Response:
    flash(said)
    return redirect(url_for("privacy.customer_privacy", customer_id=customer_id), 303)


@bp.get("/admin/erasures")
@admins_only
def erasure_list() -> Response:
    """What was asked for and what became of it; the data itself stands nowhere."""
    return show("privacy/erasures.html", erasures=deciding.erasures())
