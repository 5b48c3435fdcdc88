"""Handing a person's data out: by a manager, or to themselves."""

from datetime import timedelta
from typing import IO

from flask import flash, redirect, send_file, url_for
from werkzeug.wrappers import Response

from helpdesk.accounts import sessions
from helpdesk.accounts.models import Role
from helpdesk.accounts.sessions import managers_only, me, only
from helpdesk.core.clock import now
from helpdesk.core.errors import NotFound
from helpdesk.customers.models import Customer
from helpdesk.customers.queries import customer_by_id, customer_of
from helpdesk.privacy.collecting import archive_for, file_name
from helpdesk.privacy.views.blueprint import bp

FRESH = timedelta(minutes=15)
"""So long after signing in one may take everything away."""


@bp.post("/desk/customers/<int:customer_id>/export")
@managers_only
def export(customer_id: int) -> Response:
    """What is kept about a customer, as far as whoever asks may see it."""
    customer = customer_by_id(customer_id)
    return _sent(archive_for(customer, by=me()), customer)


@bp.post("/my/data/export")
@only(Role.CUSTOMER)
def my_export() -> Response:
    """Her own data, to her who signed in a moment ago."""
    if not sessions.is_fresh(FRESH):
        sessions.leave()
        flash("Please sign in once more, so that nobody else takes your data from this device.")
        return redirect(url_for("accounts.sign_in", next="/my/data"), 303)
    customer = customer_of(me())
    if customer is None:
        raise NotFound("There is nothing to take with you yet.")
    return _sent(archive_for(customer, by=me()), customer)


def _sent(archive: IO[bytes], customer: Customer) -> Response:
    response = send_file(
        archive,
        mimetype="application/zip",
        as_attachment=True,
        download_name=file_name(customer, now()),
        max_age=0,
    )
    response.headers["Cache-Control"] = "no-store"
    return response
