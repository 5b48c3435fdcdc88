"""Drafts of replies and notes, saved while somebody writes."""

from typing import Any

from flask import Response, jsonify, redirect, url_for
from werkzeug.wrappers import Response as AnyResponse

from helpdesk.accounts.sessions import me, staff_only
from helpdesk.core.db import abandon
from helpdesk.core.errors import Invalid
from helpdesk.desk import drafting
from helpdesk.desk.drafting import DraftElsewhere
from helpdesk.desk.forms import ComposerForm
from helpdesk.desk.views.blueprint import bp
from helpdesk.desk.views.drafts import draft_key, once
from helpdesk.tickets.conversation import written_before
from helpdesk.tickets.queries import ticket_for


@bp.post("/desk/tickets/<int:number>/draft")
@staff_only
def save_draft(number: int) -> AnyResponse:
    """Answers with the new revision; with 409 and the other text where another tab was there."""
    ticket, form = ticket_for(me(), number), ComposerForm()
    body = form.body.data or ""
    if _is_sent(form, body):
        return _answer({"revision": 0, "sent": True})
    try:
        revision = drafting.save_draft(
            ticket,
            body,
            is_note=form.is_note,
            revision=form.draft.data or 0,
            by=me(),
            anyway=form.then.data == "anyway",
        )
    except DraftElsewhere as elsewhere:
        draft = elsewhere.draft
        held = {"body": draft.body, "note": draft.is_note} if draft else {"body": "", "note": False}
        known = {**held, "revision": draft.revision if draft else 0, "error": elsewhere.message}
        abandon()
        return _answer(known, 409)
    except Invalid as error:
        abandon()
        return _answer({"error": error.message}, 422)
    return _answer({"revision": revision})


@bp.post("/desk/tickets/<int:number>/draft/deletion")
@staff_only
def drop_draft(number: int) -> AnyResponse:
    ticket_for(me(), number)
    drafting.forget_draft(number, by=me())
    return redirect(url_for("desk.ticket", number=number), 303)


def _is_sent(form: ComposerForm, body: str) -> bool:
    """Whether the very form was sent while this was on its way."""
    key = draft_key(form.form_key.data)
    return any(written_before(once(key, kind, body)) for kind in ("reply", "note"))


def _answer(content: dict[str, Any], status: int = 200) -> Response:
    answer = jsonify(content)
    answer.status_code = status
    return answer
