"""Files on their way out: always saved, never opened as a page of ours."""

from flask import Response, send_file

from helpdesk.core import files
from helpdesk.core.errors import NotFound
from helpdesk.tickets.models import Attachment


def download(attachment: Attachment | None) -> Response:
    """The file as something to save. Raises NotFound when there is none to see."""
    path = files.root() / attachment.path if attachment else None
    if attachment is None or path is None or not path.is_file():
        raise NotFound("There is no such file, or it is not yours to see.")
    response = send_file(
        path,
        mimetype=attachment.media_type,
        as_attachment=True,
        download_name=attachment.name,
        etag=attachment.sha256,
    )
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response.headers["Cache-Control"] = "private, no-store"
    return response
