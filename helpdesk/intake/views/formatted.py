"""A mail as its sender formatted it, made harmless."""

import re

from flask import Response, request, url_for
from sqlalchemy import select
from sqlalchemy.orm import undefer

from helpdesk.accounts.sessions import me, staff_only
from helpdesk.core.db import session
from helpdesk.core.errors import NotFound
from helpdesk.core.files import RASTER_IMAGES
from helpdesk.core.ids import is_id
from helpdesk.intake.views.blueprint import bp
from helpdesk.mail.hypertext import safe
from helpdesk.tickets.models import Message
from helpdesk.tickets.queries import ticket_for
from helpdesk.ui import show
from helpdesk.ui.headers import CONTENT_SECURITY_POLICY


@bp.get("/desk/messages/<int:message_id>/formatted")
@staff_only
def formatted(message_id: int) -> Response:
    """Images of the mail itself come from our files; others are asked for only where somebody
    says so, because asking tells their server that the mail is read."""
    known = is_id(message_id)
    statement = select(Message).where(Message.id == message_id).options(undefer(Message.html))
    message = session.scalar(statement) if known else None
    if message is None or not message.html:
        raise NotFound("There is no such message, or it was not formatted.")
    ticket = ticket_for(me(), message.ticket_id)
    remote = request.args.get("images") == "yes"
    letter = safe(message.html, _images_of(message).get, remote=remote)
    response = show(
        "intake/formatted.html", message=message, ticket=ticket, letter=letter, remote=remote
    )
    if remote:
        policy = re.sub("img-src 'self'", "img-src 'self' https: http:", CONTENT_SECURITY_POLICY)
        response.headers["Content-Security-Policy"] = policy
        response.headers["Referrer-Policy"] = "no-referrer"
    return response


def _images_of(message: Message) -> dict[str, str]:
    """The addresses of its images, by the names that its HTML has for them."""
    return {
        file.content_id: url_for("desk.attachment", attachment_id=file.id)
        for file in message.attachments
        if file.content_id and file.media_type in RASTER_IMAGES
    }
