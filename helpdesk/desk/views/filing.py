"""A new ticket that an agent files for a customer."""

from flask import Response, flash, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from helpdesk.accounts.models import Team
from helpdesk.accounts.sessions import me, staff_only
from helpdesk.core.db import abandon, session
from helpdesk.core.errors import Conflict, Invalid
from helpdesk.customers.actions import find_or_add
from helpdesk.customers.queries import customer_by_id
from helpdesk.desk.forms import NewTicketForm
from helpdesk.desk.people import people
from helpdesk.desk.views.blueprint import bp
from helpdesk.desk.views.drafts import draft_key, files_with, once
from helpdesk.tickets import actions, conversation, uploads
from helpdesk.tickets.models import Attachment, Priority, Ticket
from helpdesk.ui import show


@bp.get("/desk/tickets/new")
@staff_only
def new_ticket() -> Response:
    form = _form()
    form.form_key.data = uploads.new_form_key()
    known = request.args.get("customer", "")
    if known.isascii() and known.isdigit():
        customer = customer_by_id(int(known[:18]))
        form.email.data, form.name.data = customer.email, customer.name
    return _page(form)


@bp.post("/desk/tickets")
@staff_only
def file_ticket() -> AnyResponse:
    form = _form()
    key = draft_key(form.form_key.data)
    try:
        attachments = files_with(key)
        if not form.validate():
            return _page(form, uploads.kept(key), status=422)
        ticket = _file(form, attachments, key)
    except (Invalid, Conflict) as refusal:
        abandon()
        return _page(form, uploads.kept(key), refusal.message, refusal.status)
    flash(f"#{ticket.id} is filed for {ticket.customer.name}.")
    return redirect(url_for("desk.ticket", number=ticket.id), 303)


def _form() -> NewTicketForm:
    form = NewTicketForm()
    form.team.choices = [("", "no team"), *((str(n), name) for n, name in people().teams.items())]
    return form


def _file(form: NewTicketForm, attachments: list[Attachment], key: str) -> Ticket:
    customer = find_or_add(form.name.data or "", form.email.data, by=me(), source="desk")
    filing_key = once(key, form.email.data, form.subject.data, form.body.data)
    if earlier := conversation.filed_before(filing_key, customer):
        return earlier
    team = session.get(Team, int(form.team.data)) if form.team.data else None
    ticket = conversation.file(
        customer,
        form.subject.data,
        form.body.data,
        by=me(),
        channel="desk",
        attachments=attachments,
        filing_key=filing_key,
    )
    actions.move_to_team(ticket, team, by=me())
    actions.set_priority(ticket, Priority(form.priority.data), by=me())
    if form.mine.data:
        actions.assign(ticket, me(), by=me())
    return ticket


def _page(
    form: NewTicketForm,
    kept: list[Attachment] | None = None,
    refusal: str = "",
    status: int = 200,
) -> Response:
    return show("desk/new_ticket.html", status=status, form=form, kept=kept or (), refusal=refusal)
