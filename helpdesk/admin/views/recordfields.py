"""Fields of customers and organizations."""

from flask import Response, flash, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from helpdesk.accounts.sessions import admins_only, me
from helpdesk.admin.views.blueprint import bp, places
from helpdesk.admin.views.types import KINDS, wish_in_form
from helpdesk.core.db import abandon
from helpdesk.core.errors import Conflict, HelpdeskError, Invalid
from helpdesk.customers import fields
from helpdesk.customers.fields import About
from helpdesk.ui import show


@bp.get("/record-fields")
@admins_only
def record_fields() -> Response:
    return _page()


@bp.post("/record-fields")
@admins_only
def add_record_field() -> AnyResponse:
    about = request.form.get("about", "")
    try:
        if about not in set(About):
            raise Invalid("Choose whether it is about customers or organizations.")
        made = fields.add_field(About(about), wish_in_form(), by=me())
    except (Conflict, Invalid) as error:
        return _refused(error)
    flash(f"{made.label} can be filled in now.")
    return redirect(url_for("admin.record_fields"), 303)


@bp.post("/record-fields/<int:record_field_id>")
@admins_only
def change_record_field(record_field_id: int) -> AnyResponse:
    field = fields.field_by_id(record_field_id)
    try:
        fields.change_field(field, wish_in_form(field.kind), by=me())
    except Invalid as error:
        return _refused(error)
    flash(f"{field.label} is saved.")
    return redirect(url_for("admin.record_fields"), 303)


@bp.post("/record-fields/<int:record_field_id>/retirement")
@admins_only
def retire_record_field(record_field_id: int) -> AnyResponse:
    field = fields.field_by_id(record_field_id)
    fields.retire_field(field, back="back" in request.form, by=me())
    return redirect(url_for("admin.record_fields"), 303)


def _refused(error: HelpdeskError) -> Response:
    abandon()
    return _page(error)


def _page(error: HelpdeskError | None = None) -> Response:
    return show(
        "admin/record_fields.html",
        status=error.status if error else 200,
        places=places("admin.record_fields"),
        fields={about: fields.record_fields(about, retired=True) for about in About},
        kinds=KINDS,
        error=error,
        form=request.form,
    )
