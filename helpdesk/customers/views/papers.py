"""Files on the record of a customer."""

from flask import Response, flash, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from helpdesk.accounts.sessions import me, staff_only
from helpdesk.core import files
from helpdesk.core.db import abandon
from helpdesk.core.errors import Invalid, NotFound
from helpdesk.customers import papers, queries
from helpdesk.customers.views.blueprint import bp
from helpdesk.ui import show
from helpdesk.ui.downloads import as_download


@bp.get("/desk/customers/<int:customer_id>/files")
@staff_only
def customer_files(customer_id: int) -> Response:
    """All of them, and a form for one more."""
    return _page(customer_id)


@bp.post("/desk/customers/<int:customer_id>/files")
@staff_only
def add_customer_file(customer_id: int) -> AnyResponse:
    """Put one more on the record."""
    customer = queries.customer_by_id(customer_id, to_change=True)
    try:
        made = papers.add_file(customer, request.files.get("file"), by=me())
    except Invalid as refusal:
        abandon()
        return _page(customer_id, refusal.message, refusal.status)
    flash(f"{made.name} is on the record.")
    return redirect(url_for("customers.customer_files", customer_id=customer_id), 303)


@bp.get("/desk/customers/<int:customer_id>/files/<int:file_id>")
@staff_only
def customer_file(customer_id: int, file_id: int) -> Response:
    """One as something to save."""
    found = papers.file_of(customer_id, file_id)
    path = files.root() / found.path
    if not path.is_file():
        raise NotFound("This file is not here any more.")
    return as_download(path, found)


@bp.post("/desk/customers/<int:customer_id>/files/<int:file_id>/removal")
@staff_only
def remove_customer_file(customer_id: int, file_id: int) -> AnyResponse:
    """Take one off the record."""
    customer = queries.customer_by_id(customer_id, to_change=True)
    papers.remove_file(customer, file_id, by=me())
    flash("Removed.")
    return redirect(url_for("customers.customer_files", customer_id=customer_id), 303)


def _page(customer_id: int, refusal: str = "", status: int = 200) -> Response:
    return show(
        "customers/files.html",
        status=status,
        customer=queries.customer_by_id(customer_id),
        papers=papers.files_of(customer_id),
        refusal=refusal,
    )
