"""Records that may be one person's: looking at both, merging them, and taking that back."""

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from helpdesk.accounts.sessions import me, staff_only
from helpdesk.core.db import session
from helpdesk.core.errors import Invalid
from helpdesk.customers import duplicates, merging, queries
from helpdesk.customers.forms import MergeForm
from helpdesk.customers.models import Customer
from helpdesk.customers.views.blueprint import bp
from helpdesk.ui import show


@bp.get("/desk/customers/duplicates")
@staff_only
def duplicate_list() -> Response:
    """What is proposed, with the reason."""
    cursor = request.args.get("cursor")
    page = duplicates.open_duplicates(cursor)
    return show(
        "customers/duplicates.html",
        proposals=page.items,
        cursor=cursor,
        older_url=page.older and url_for("customers.duplicate_list", cursor=page.older),
        newer_url=page.newer and url_for("customers.duplicate_list", cursor=page.newer),
    )


@bp.post("/desk/customers/duplicates/<int:duplicate_id>/dismissal")
@staff_only
def dismiss_duplicate(duplicate_id: int) -> Response:
    """These are two people; never propose them again."""
    merging.dismiss(duplicates.duplicate_by_id(duplicate_id), by=me())
    flash("Noted: they are two people.")
    return redirect(url_for("customers.duplicate_list", cursor=request.args.get("cursor")), 303)


@bp.route("/desk/customers/<int:customer_id>/merging", methods=["GET", "POST"])
@staff_only
def merge(customer_id: int) -> Response:
    """Look at two records side by side, and make them one."""
    form = MergeForm()
    other_id = _number(request.values.get("other", ""))
    if request.method == "GET" or other_id is None or not form.validate_on_submit():
        status = 422 if request.method == "POST" else 200
        return _side_by_side(queries.customer_by_id(customer_id), other_id, form, status)
    kept, gone = _locked(customer_id, other_id)
    if _number(form.keep.data or "") == other_id:
        kept, gone = gone, kept
    merging.merge(
        kept, gone, by=me(), reason=form.reason.data or "", confirmed=bool(form.confirmed.data)
    )
    flash(f"{gone.name} and {kept.name} are one record now.")
    return redirect(url_for("desk.customer", customer_id=kept.id), 303)


def _number(text: str) -> int | None:
    digits = text.strip().removeprefix("#").rpartition("/")[2]
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 18 else None


def _locked(one: int, other: int) -> tuple[Customer, Customer]:
    """Both records, locked in the same order whoever asks, so that no two wait for each other."""
    found = {id_: queries.customer_by_id(id_, to_change=True) for id_ in sorted({one, other})}
    return found[one], found[other]


def _side_by_side(
    customer: Customer, other_id: int | None, form: MergeForm, status: int
) -> Response:
    if other_id is None:
        return show(
            "customers/merge_with.html",
            customer=customer,
            wanted=request.values.get("other", ""),
            perhaps=duplicates.duplicates_of(customer.id),
            merged=(),
            status=status,
        )
    other = queries.customer_by_id(other_id)
    if other.id == customer.id:
        raise Invalid("This is one and the same record. Choose another one.")
    known = duplicates.duplicate_between(customer.id, other.id)
    return show(
        "customers/merge.html",
        customer=customer,
        other=other,
        form=form,
        reasons=known.reasons,
        proven=merging.is_proven(customer, other),
        opens=merging.opens_requests(customer, other),
        status=status,
    )


@bp.post("/desk/customers/<int:customer_id>/distinction")
@staff_only
def tell_apart(customer_id: int) -> Response:
    """Somebody looked at the two: they are two people."""
    other_id = _number(request.form.get("other", ""))
    if other_id in (None, customer_id):
        raise Invalid("Say which other record it is.")
    other = queries.customer_by_id(other_id or 0)
    found = duplicates.duplicate_between(queries.customer_by_id(customer_id).id, other.id)
    session.add(found)
    session.flush()
    merging.dismiss(found, by=me())
    flash("Noted: they are two people.")
    return redirect(url_for("desk.customer", customer_id=customer_id), 303)


@bp.post("/desk/customers/<int:customer_id>/separation")
@staff_only
def undo_merge(customer_id: int) -> Response:
    """Take back the merge by which this record went into another one."""
    gone = queries.customer_by_id(customer_id)
    merged = merging.last_merge(gone.id)
    if merged is None:
        raise Invalid(f"{gone.name} is a record of its own.")
    _locked(merged.kept_id, merged.gone_id)
    merging.undo(merged, by=me())
    flash(f"{gone.name} is a record of its own again.")
    return redirect(url_for("desk.customer", customer_id=gone.id), 303)
