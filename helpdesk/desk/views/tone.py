"""How a message of a customer sounds: what made its score, and what a person says of it."""

from flask import Response, flash, redirect, request, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response as AnyResponse

from helpdesk.accounts.sessions import me, staff_only
from helpdesk.core.db import session
from helpdesk.core.errors import NotFound
from helpdesk.core.ids import is_id
from helpdesk.desk.queue import TONES
from helpdesk.desk.views.blueprint import bp
from helpdesk.tickets import tone
from helpdesk.tickets.models import Message, MessageKind
from helpdesk.tickets.queries import ticket_for
from helpdesk.ui import show


@bp.get("/desk/messages/<int:message_id>/tone")
@staff_only
def message_tone(message_id: int) -> Response:
    message = _message(message_id)
    ticket_for(me(), message.ticket_id)
    return show("desk/tone.html", message=message, tones=TONES)


@bp.post("/desk/messages/<int:message_id>/tone")
@staff_only
def correct_tone(message_id: int) -> AnyResponse:
    message = _message(message_id)
    ticket_for(me(), message.ticket_id, to_change=True)
    tone.correct(message, request.form.get("label", ""), by=me())
    flash("Thank you. The analyser is measured by this.")
    anchor = f"message-{message.id}"
    return redirect(url_for("desk.ticket", number=message.ticket_id, _anchor=anchor), 303)


def _message(message_id: int) -> Message:
    statement = select(Message).where(
        Message.id == message_id, Message.kind == MessageKind.CUSTOMER
    )
    message = session.scalar(statement) if is_id(message_id) else None
    if message is None:
        raise NotFound("There is no such message, or it has no tone.")
    return message
