"""Files on their way to a message: a refused form loses none.

A form carries a random key (`new_form_key`). What was uploaded with it belongs to the draft of
that key and its owner until the form succeeds; when the form is refused its transaction is
dropped, and the files are written down on their own right afterwards.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from flask import g
from sqlalchemy import bindparam, insert, select
from werkzeug.datastructures import FileStorage

from helpdesk.core import files
from helpdesk.core.clock import now
from helpdesk.core.db import after_commit, after_drop, session, transaction
from helpdesk.core.errors import Invalid
from helpdesk.core.security import hash_token, new_token
from helpdesk.core.settings import settings
from helpdesk.tickets.models import Attachment

DRAFT_LIFE = timedelta(days=7)
# Put together once: every form that comes back asks.
_KEPT = (
    select(Attachment)
    .where(Attachment.draft_key == bindparam("draft"), Attachment.message_id.is_(None))
    .order_by(Attachment.created_at, Attachment.id)
)


def new_form_key() -> str:
    """A random key for an empty form, to be sent back with it."""
    return new_token()


def draft_of(form_key: str, owner: int | str) -> str:
    """The draft of a form that `owner` (an account's id, a browser session) was given; somebody
    else with the same key reaches nothing."""
    return hash_token(f"draft:{owner}:{form_key}")


def keep(uploads: Iterable[FileStorage], draft_key: str) -> list[Attachment]:
    """Store the uploads with the draft and give back everything that it holds.

    Empty file fields are passed over; the same file again is kept once. Raises Invalid for files
    that cannot be taken; the others stay in the draft all the same.
    """
    have = kept(draft_key)
    wrong: list[str] = []
    for upload in uploads:
        if not upload.filename:
            continue
        try:
            have.extend(_keep_one(upload, draft_key, have))
        except Invalid as error:
            wrong.append(error.message)
    if wrong:
        raise Invalid(" ".join(wrong))
    return have


def kept(draft_key: str, only: Sequence[str] | None = None) -> list[Attachment]:
    """What the draft holds, oldest first; `only` those ids when given. Also what was kept in this
    request by a form that is being refused."""
    found = {row.id: row for row in session.scalars(_KEPT, {"draft": draft_key})}
    for values in _pending().get(draft_key, []):
        if values["id"] not in found:
            found[values["id"]] = Attachment(**values)
    return [row for row in found.values() if only is None or row.id in only]


def _keep_one(upload: FileStorage, draft_key: str, have: Sequence[Attachment]) -> list[Attachment]:
    most = settings().max_uploads
    if len(have) >= most:
        raise Invalid(f"A message carries {most} files at most; “{upload.filename}” is one more.")
    stored = files.store(upload.stream, upload.filename or "", outlives_refusal=True)
    if any((one.name, one.sha256) == (stored.name, stored.sha256) for one in have):
        files.remove(stored.path)
        return []
    values: dict[str, Any] = {
        "id": new_token(),
        "draft_key": draft_key,
        "name": stored.name,
        "path": stored.path,
        "media_type": stored.media_type,
        "size": stored.size,
        "sha256": stored.sha256,
        "created_at": now(),
    }
    attachment = Attachment(**values)
    session.add(attachment)
    session.flush()
    _pending().setdefault(draft_key, []).append(values)
    after_commit(lambda: _pending().pop(draft_key, None))
    after_drop(lambda: _write_down(values))
    return [attachment]


def _pending() -> dict[str, list[dict[str, Any]]]:
    if "kept_uploads" not in g:
        g.kept_uploads = {}
    pending: dict[str, list[dict[str, Any]]] = g.kept_uploads
    return pending


def _write_down(values: dict[str, Any]) -> None:
    """The form was refused and everything dropped: keep the file in a transaction of its own."""
    with transaction():
        session.execute(insert(Attachment).values(**values))
    _pending().pop(values["draft_key"], None)


def forget_old_drafts(at: datetime) -> None:
    """Delete files of forms that nobody sent for a week, a few at a time."""
    old = session.scalars(
        select(Attachment)
        .where(Attachment.draft_key.is_not(None), Attachment.created_at < at - DRAFT_LIFE)
        .limit(200)
    )
    for attachment in old:
        session.delete(attachment)
        after_commit(partial(files.remove, attachment.path))
