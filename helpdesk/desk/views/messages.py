"""Replies and notes."""

from flask import flash, redirect, url_for
from werkzeug.wrappers import Response as AnyResponse

from helpdesk.accounts.sessions import me, staff_only
from helpdesk.core.db import abandon, session
from helpdesk.core.errors import Conflict, Invalid
from helpdesk.desk import drafting, undo
from helpdesk.desk.forms import ComposerForm
from helpdesk.desk.macros.models import Macro
from helpdesk.desk.views import taking
from helpdesk.desk.views.blueprint import bp
from helpdesk.desk.views.drafts import draft_key, files_with, once
from helpdesk.desk.views.tickets import ticket_page
from helpdesk.tickets import actions, conversation, recall, uploads, variables
from helpdesk.tickets.models import Message, Status, Ticket
from helpdesk.tickets.queries import ticket_for, visible_among


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


@bp.post("/desk/tickets/<int:number>/replies/<int:message_id>/withdrawal")
@staff_only
def take_back(number: int, message_id: int) -> AnyResponse:
    ticket = ticket_for(me(), number, to_change=True)
    undo.forget(message_id)
    if text := recall.take_back(ticket, message_id, by=me()):
        drafting.put_back(ticket, text, by=me())
    flash("Taken back: nothing was mailed. Your text is in the box below.")
    place = url_for("desk.ticket", number=number, again=message_id, _anchor="reply")
    return redirect(place, 303)


def _write(number: int, form: ComposerForm, *, note: bool) -> AnyResponse:
    ticket = ticket_for(me(), number, to_change=True)
    key = draft_key(form.form_key.data)
    body = form.body.data or ""
    try:
        message = _note(ticket, form, key, body) if note else _reply(ticket, form, key, body)
    except (Invalid, Conflict) as refusal:
        return _refused(number, form, key, refusal)
    drafting.forget_sent(ticket, body, revision=form.draft.data or 0, by=me())
    if note:
        flash("The note is kept.")
    else:
        undo.offer(message)
        flash("The reply is on its way.")
    return _to(number, f"message-{message.id}")


def _to(number: int, anchor: str | None = None) -> AnyResponse:
    """To the ticket, unless a macro moved it to where its sender may not see it."""
    session.flush()
    if not visible_among(me(), [number]):
        flash(f"#{number} is in a team now whose tickets you cannot see.", "warn")
        return redirect(url_for("desk.home"), 303)
    return redirect(url_for("desk.ticket", number=number, _anchor=anchor), 303)


@bp.post("/desk/tickets/<int:number>/macros/<int:macro_id>/application")
@staff_only
def apply_macro(number: int, macro_id: int) -> AnyResponse:
    """Do what a macro does, and send nothing; what stands in the composer stays."""
    ticket, form = ticket_for(me(), number, to_change=True), ComposerForm()
    form.macro.data = macro_id
    try:
        macro = taking.macro_in(form)
        conversation.refuse_stale(ticket, form.seen.data or 0)
        _with(macro, ticket)
    except (Invalid, Conflict) as refusal:
        return _refused(number, form, draft_key(form.form_key.data), refusal)
    flash("The macro is done.")
    return _to(number)


def _note(ticket: Ticket, form: ComposerForm, key: str, body: str) -> Message:
    attachments = files_with(key)
    form_key = once(key, "note", body)
    macro = None if conversation.written_before(form_key) else taking.macro_in(form)
    if macro:
        conversation.refuse_stale(ticket, form.seen.data or 0)
    message = conversation.add_note(
        ticket, body, by=me(), attachments=attachments, form_key=form_key
    )
    _with(macro, ticket)
    return message


def _reply(ticket: Ticket, form: ComposerForm, key: str, body: str) -> Message:
    attachments = files_with(key)
    form_key = once(key, "reply", body)
    macro = None if conversation.written_before(form_key) else taking.macro_in(form)
    if gap := variables.unfilled(body):
        raise Invalid(f"{gap} still stands in the text. Write what belongs there.")
    message = conversation.reply(
        ticket,
        body,
        by=me(),
        seen=form.seen.data or 0,
        attachments=attachments,
        form_key=form_key,
    )
    _with(macro, ticket)
    _and_then(ticket, form.then.data or "keep")
    return message


def _with(macro: Macro | None, ticket: Ticket) -> None:
    if macro is not None:
        taking.use(macro, ticket)


def _and_then(ticket: Ticket, then: str) -> None:
    """What the pressed button says besides sending. Twice is harmless."""
    if then == "resolve":
        actions.resolve(ticket, by=me())
    elif then == "wait" and ticket.is_open:
        actions.set_status(ticket, Status.PENDING, by=me())
    elif then == "reopen":
        actions.reopen(ticket, by=me())


def _refused(number: int, form: ComposerForm, key: str, refusal: Invalid | Conflict) -> AnyResponse:
    """The same page with everything that was written and attached, and nothing kept but files."""
    abandon()
    return ticket_page(
        number,
        form.composed,
        uploads.kept(key),
        refusal.message,
        refusal.status,
        taking.still_taken(number, form),
    )
