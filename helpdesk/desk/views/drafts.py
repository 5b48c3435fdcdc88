"""Files that came with a form, and those that an earlier try of it left in its draft."""

from flask import request

from helpdesk.accounts.sessions import me
from helpdesk.core.security import hash_token
from helpdesk.tickets import uploads
from helpdesk.tickets.models import Attachment


def draft_key(form_key: str | None) -> str:
    """The key of the signed-in person's draft behind a form."""
    return uploads.draft_of(form_key or uploads.new_form_key(), me().id)


def once(key: str, *content: str) -> str:
    """A key for this content of the form behind `key`: sent twice it is taken once, but whoever
    goes back in the browser and writes something else has written something else."""
    return hash_token("\n".join([key, *content]))


def files_with(key: str) -> list[Attachment]:
    """What is to be attached: the new uploads, and of the kept ones those still ticked.

    Raises Invalid for files that cannot be taken.
    """
    before = {attachment.id for attachment in uploads.kept(key)}
    ticked = set(request.form.getlist("keep"))
    held = uploads.keep(request.files.getlist("files"), key)
    return [one for one in held if one.id in ticked or one.id not in before]
