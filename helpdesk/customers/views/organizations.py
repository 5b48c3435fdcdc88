"""Organizations: the list, one of them, its contract, domains and people."""

from collections.abc import Sequence

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from helpdesk.accounts.sessions import managers_only, me, staff_only
from helpdesk.core.db import abandon
from helpdesk.core.errors import Conflict, HelpdeskError, Invalid
from helpdesk.core.text import one_line
from helpdesk.customers import organizations, queries
from helpdesk.customers.editing import OrganizationForm
from helpdesk.customers.fields import filled_on
from helpdesk.customers.history import corrections_of
from helpdesk.customers.models import Customer
from helpdesk.customers.views.blueprint import bp
from helpdesk.ui import show

SIZE = 50
WORDS = {
    "name": "Name",
    "contract_value": "Worth a year",
    "contract_amount": "Agreed amount",
    "contract_currency": "Agreed currency",
    "contract_since": "Contract since",
    "renews_on": "Renews",
    "owner_id": "Owner",
}
"""Fields of an organization that its history tells of."""


@bp.get("/desk/organizations")
@staff_only
def organization_list() -> Response:
    """All of them by name, or those that begin like what is looked for."""
    return _list()


def _list(refusal: HelpdeskError | None = None) -> Response:
    wanted = one_line(request.args.get("q", ""), 120)
    after = request.args.get("after", "")
    is_number = after.isascii() and after.isdigit() and len(after) < 18
    found = queries.organizations(wanted, int(after) if is_number else None, SIZE + 1)
    shown = found[:SIZE]
    return show(
        "customers/organizations.html",
        status=refusal.status if refusal else 200,
        wanted=wanted,
        found=shown,
        older_url=url_for("customers.organization_list", q=wanted or None, after=shown[-1].id)
        if len(found) > SIZE
        else None,
        refusal=refusal,
    )


@bp.post("/desk/organizations")
@staff_only
def add_organization() -> Response:
    """A new one, by its name."""
    try:
        made = organizations.add_organization(request.form.get("name", ""), by=me())
    except (Conflict, Invalid) as refusal:
        abandon()
        return _list(refusal)
    return _to(made.id)


@bp.get("/desk/organizations/<int:organization_id>")
@staff_only
def organization(organization_id: int) -> Response:
    """Its contract, domains, people, and how it came to say so."""
    return _page(organization_id)


def _page(organization_id: int, refusal: HelpdeskError | None = None) -> Response:
    found = queries.organization_by_id(organization_id)
    return show(
        "customers/organization.html",
        status=refusal.status if refusal else 200,
        organization=found,
        people=queries.people_of(organization_id),
        corrections=corrections_of("organization", organization_id, tuple(WORDS), limit=30),
        words=WORDS,
        filled=filled_on(found),
        refusal=refusal,
    )


@bp.route("/desk/organizations/<int:organization_id>/record", methods=["GET", "POST"])
@staff_only
def edit_organization(organization_id: int) -> Response:
    """Its name, contract and owner."""
    found = queries.organization_by_id(organization_id, to_change=request.method == "POST")
    form = OrganizationForm(found)
    if not form.validate_on_submit():
        return _record(organization_id, form, 422 if request.method == "POST" else 200)
    if changes := form.overtaken(found):
        return _record(organization_id, form, 409, changes)
    try:
        organizations.edit_organization(found, form.typed(), by=me())
    except Invalid as refusal:
        abandon()
        form.form_errors.append(refusal.message)
        return _record(organization_id, form, 422)
    flash("Saved.")
    return _to(organization_id)


def _record(
    organization_id: int,
    form: OrganizationForm,
    status: int,
    changes: Sequence[tuple[str, str]] = (),
) -> Response:
    """`changes` are labels and values of what somebody else changed meanwhile."""
    return show(
        "customers/organization_record.html",
        status=status,
        form=form,
        changes=changes,
        organization=queries.organization_by_id(organization_id),
    )


@bp.post("/desk/organizations/<int:organization_id>/domains")
@staff_only
def add_domain(organization_id: int) -> Response:
    """One more domain."""
    found = queries.organization_by_id(organization_id, to_change=True)
    try:
        organizations.add_domain(found, request.form.get("domain", ""), by=me())
    except (Conflict, Invalid) as refusal:
        abandon()
        return _page(organization_id, refusal)
    return _to(organization_id)


@bp.post("/desk/organizations/<int:organization_id>/domains/<int:domain_id>/verification")
@managers_only
def verify_domain(organization_id: int, domain_id: int) -> Response:
    """Somebody made sure that it is theirs."""
    found = queries.organization_by_id(organization_id, to_change=True)
    organizations.verify_domain(found, domain_id, by=me())
    return _to(organization_id)


@bp.post("/desk/organizations/<int:organization_id>/domains/<int:domain_id>/removal")
@staff_only
def remove_domain(organization_id: int, domain_id: int) -> Response:
    """It is not theirs any more."""
    found = queries.organization_by_id(organization_id, to_change=True)
    organizations.remove_domain(found, domain_id, by=me())
    return _to(organization_id)


@bp.post("/desk/organizations/<int:organization_id>/people")
@staff_only
def add_person(organization_id: int) -> Response:
    """Somebody who is on record belongs there."""
    found = queries.organization_by_id(organization_id)
    try:
        organizations.move_person(_customer(request.form.get("address", "")), found, by=me())
    except Invalid as refusal:
        return _page(organization_id, refusal)
    return _to(organization_id)


def _customer(address: str) -> Customer:
    found = queries.customer_behind(address)
    if found is None:
        raise Invalid("No customer has that address.")
    return queries.customer_by_id(found.id, to_change=True)


@bp.post("/desk/organizations/<int:organization_id>/people/<int:customer_id>/removal")
@staff_only
def remove_person(organization_id: int, customer_id: int) -> Response:
    """Somebody does not belong there any more."""
    customer = queries.customer_by_id(customer_id, to_change=True)
    if customer.organization_id == organization_id:
        organizations.move_person(customer, None, by=me())
    return _to(organization_id)


def _to(organization_id: int) -> Response:
    return redirect(url_for("customers.organization", organization_id=organization_id), 303)
