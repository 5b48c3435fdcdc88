"""Files on messages, for those who may see them."""

from flask import Response

from helpdesk.core import files
from helpdesk.core.errors import NotFound
from helpdesk.tickets.models import Attachment
from helpdesk.ui.downloads import as_download


def download(attachment: Attachment | None) -> Response:
    """The file as something to save. Raises NotFound when there is none to see."""
    path = files.root() / attachment.path if attachment else None
    if attachment is None or path is None or not path.is_file():
        raise NotFound("There is no such file, or it is not yours to see.")
    return as_download(path, attachment)
