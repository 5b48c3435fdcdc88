"""The files of a form that is being filled in, and the key that makes pressing twice harmless."""

from __future__ import annotations

from dataclasses import dataclass

from flask import request, session
from werkzeug.datastructures import FileStorage

from helpdesk.accounts.sessions import visitor
from helpdesk.core.errors import Invalid
from helpdesk.core.security import hash_token, new_token
from helpdesk.portal import throttle
from helpdesk.tickets import uploads
from helpdesk.tickets.models import Attachment

TOO_MANY_FILES = (
    "Many files came from you in the last hour, so these were not taken. Send the message without"
    " them, or a little later."
)


@dataclass(frozen=True)
class Draft:
    """A form on its way. `key` goes out with the empty form and comes back with the full one; the
    files belong to key and owner together, so that nobody reaches another's."""

    key: str
    owner: str

    @classmethod
    def begin(cls, owner: str) -> Draft:
        """For an empty form."""
        return cls(uploads.new_form_key(), owner)

    @classmethod
    def sent(cls, owner: str) -> Draft:
        """For the form that has just come back."""
        key = request.form.get("form_key", "")
        return cls(key if 0 < len(key) <= 100 else uploads.new_form_key(), owner)

    @property
    def files_key(self) -> str:
        return uploads.draft_of(self.key, self.owner)

    def once(self, *content: str) -> str:
        """A key for this content of this form. Going back to correct something makes another."""
        return hash_token("\n".join([self.owner, self.key, *content]))

    def keep(self, files: list[FileStorage]) -> None:
        """Store what was just chosen. Raises Invalid for files that cannot be taken, and when too
        many came: a refused form keeps its files, so each one that brings some counts."""
        chosen = [file for file in files if file.filename]
        if not chosen:
            return
        if not throttle.may_upload():
            raise Invalid(TOO_MANY_FILES)
        uploads.keep(chosen, self.files_key)

    def files(self) -> list[Attachment]:
        """What was chosen so far, without what was crossed out."""
        crossed_out = set(request.form.getlist("leave_out"))
        return [one for one in uploads.kept(self.files_key) if one.id not in crossed_out]


def owner_of_visit() -> str:
    """Who fills in a form: the account, else this browser."""
    if (account := visitor()) is not None:
        return f"account-{account.id}"
    if "browser" not in session:
        session["browser"] = new_token()
    return f"browser-{session['browser']}"
