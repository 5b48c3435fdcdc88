"""Files on messages."""

from urllib.parse import quote

from flask import Response

from helpdesk.accounts.sessions import me, staff_only
from helpdesk.core import files
from helpdesk.core.errors import NotFound
from helpdesk.desk.views.blueprint import bp
from helpdesk.tickets.models import Attachment
from helpdesk.tickets.queries import attachment_for


@bp.get("/desk/attachments/<attachment_id>")
@staff_only
def attachment(attachment_id: str) -> Response:
    return download(attachment_for(me(), attachment_id))


def download(attachment: Attachment) -> Response:
    """A file as a download that no browser takes for a page of ours, whatever is in it."""
    if not (files.root() / attachment.path).is_file():
        raise NotFound("This file is not here any more.")
    kind = attachment.media_type
    response = Response(
        files.read(attachment.path),
        mimetype=kind if kind in files.RASTER_IMAGES else "application/octet-stream",
    )
    name = quote(attachment.name, safe="")
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{name}"
    response.headers["Content-Length"] = str(attachment.size)
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "private, no-store"
    return response
