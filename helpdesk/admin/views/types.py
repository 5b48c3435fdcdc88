"""Ticket types and their fields."""

from flask import Response, flash, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from helpdesk.accounts.sessions import admins_only, me
from helpdesk.admin.views.blueprint import bp, places
from helpdesk.core.db import abandon
from helpdesk.core.errors import Conflict, HelpdeskError, Invalid, NotFound
from helpdesk.core.fields import FieldKind, Wish
from helpdesk.core.ids import by_id
from helpdesk.tickets import filling
from helpdesk.tickets.types import TicketField, type_by_id, types
from helpdesk.ui import show

KINDS = {
    FieldKind.TEXT: "text",
    FieldKind.NUMBER: "number",
    FieldKind.DATE: "date",
    FieldKind.CHOICE: "one of several choices",
    FieldKind.YES_NO: "yes or no",
}


@bp.get("/types")
@admins_only
def ticket_types() -> Response:
    return _page()


@bp.post("/types")
@admins_only
def make_ticket_type() -> AnyResponse:
    try:
        kind = filling.make_type(request.form.get("name", ""), by=me())
    except (Conflict, Invalid) as error:
        return _refused(error)
    return _to(kind.id)


@bp.post("/types/<int:type_id>/retirement")
@admins_only
def retire_ticket_type(type_id: int) -> AnyResponse:
    filling.retire_type(type_by_id(type_id), back="back" in request.form, by=me())
    return _to(type_id)


@bp.post("/types/<int:type_id>/fields")
@admins_only
def add_ticket_field(type_id: int) -> AnyResponse:
    try:
        filling.add_field(type_by_id(type_id), wish_in_form(), by=me())
    except (Conflict, Invalid) as error:
        return _refused(error)
    return _to(type_id)


@bp.post("/types/fields/<int:field_id>")
@admins_only
def change_ticket_field(field_id: int) -> AnyResponse:
    field = _field(field_id)
    try:
        filling.change_field(field, wish_in_form(field.kind), by=me())
    except (Conflict, Invalid) as error:
        return _refused(error)
    flash(f"{field.label} is saved.")
    return _to(field.type_id)


@bp.post("/types/fields/<int:field_id>/retirement")
@admins_only
def retire_ticket_field(field_id: int) -> AnyResponse:
    field = _field(field_id)
    filling.retire_field(field, back="back" in request.form, by=me())
    return _to(field.type_id)


def _field(field_id: int) -> TicketField:
    field = by_id(TicketField, field_id)
    if field is None:
        raise NotFound("There is no such field.")
    return field


def wish_in_form(kind: str = "") -> Wish:
    """What a field should be, of this kind where it has one already."""
    form = request.form
    return Wish(
        form.get("key", "")[:100],
        form.get("label", "")[:200],
        kind or form.get("kind", ""),
        form.get("choices", ""),
        "required" in form,
        "public" in form,
    )


def _to(type_id: int) -> AnyResponse:
    return redirect(url_for("admin.ticket_types", _anchor=f"type-{type_id}"), 303)


def _refused(error: HelpdeskError) -> Response:
    abandon()
    return _page(error)


def _page(error: HelpdeskError | None = None) -> Response:
    return show(
        "admin/types.html",
        status=error.status if error else 200,
        places=places("admin.ticket_types"),
        types=types(retired=True),
        kinds=KINDS,
        error=error,
        form=request.form,
    )
