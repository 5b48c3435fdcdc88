"""Replies and notes."""

from flask import Response, flash, redirect, url_for
from werkzeug.wrappers import Response as AnyResponse

from helpdesk.accounts.sessions import me, staff_only
from helpdesk.core.db import abandon
from helpdesk.core.errors import Conflict, Invalid
from helpdesk.desk.forms import ComposerForm
from helpdesk.desk.views.blueprint import bp
from helpdesk.desk.views.drafts import draft_key, files_with, once
from helpdesk.desk.views.tickets import ticket_page
from helpdesk.tickets import actions, conversation, uploads
from helpdesk.tickets.models import Message, Status, Ticket
from helpdesk.tickets.queries import ticket_for


@bp.post("/desk/tickets/<int:number>/replies")
@staff_only
def add_reply(number: int) -> AnyResponse:
    # A note that is sent by the wrong button must stay a note.
    form = ComposerForm()
    return _write(number, form, note=form.is_note)


@bp.post("/desk/tickets/<int:number>/notes")
@staff_only
def add_note(number: int) -> AnyResponse:
    return _write(number, ComposerForm(), note=True)


def _write(number: int, form: ComposerForm, *, note: bool) -> AnyResponse:
    ticket = ticket_for(me(), number, to_change=True)
    key = draft_key(form.form_key.data)
    try:
        message = _note(ticket, form, key) if note else _reply(ticket, form, key)
    except (Invalid, Conflict) as refusal:
        return _refused(number, form, key, refusal)
    flash("The note is kept." if note else "The reply is on its way.")
    place = url_for("desk.ticket", number=number, _anchor=f"message-{message.id}")
    return redirect(place, 303)


def _note(ticket: Ticket, form: ComposerForm, key: str) -> Message:
    attachments = files_with(key)
    body = form.body.data or ""
    form_key = once(key, "note", body)
    return conversation.add_note(ticket, body, by=me(), attachments=attachments, form_key=form_key)


def _reply(ticket: Ticket, form: ComposerForm, key: str) -> Message:
    attachments = files_with(key)
    body = form.body.data or ""
    message = conversation.reply(
        ticket,
        body,
        by=me(),
        seen=form.seen.data or 0,
        attachments=attachments,
        form_key=once(key, "reply", body),
    )
    _and_then(ticket, form.then.data or "keep")
    return message


def _and_then(ticket: Ticket, then: str) -> None:
    """What the pressed button says besides sending. Twice is harmless."""
    if then == "resolve":
        actions.resolve(ticket, by=me())
    elif then == "wait" and ticket.is_open:
        actions.set_status(ticket, Status.PENDING, by=me())
    elif then == "reopen":
        actions.reopen(ticket, by=me())


def _refused(number: int, form: ComposerForm, key: str, refusal: Invalid | Conflict) -> Response:
    """The same page with everything that was written and attached, and nothing kept but files."""
    abandon()
    return ticket_page(number, form.composed, uploads.kept(key), refusal.message, refusal.status)
