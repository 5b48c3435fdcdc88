"""How a mail looks on its ticket: words, what is folded below them, files."""

from collections.abc import Iterator
from io import BytesIO

from helpdesk.core import files
from helpdesk.core.clock import now
from helpdesk.core.db import session
from helpdesk.core.errors import Invalid
from helpdesk.core.security import new_token
from helpdesk.core.text import clean, one_line
from helpdesk.intake.letters import Letter
from helpdesk.intake.models import InboundEmail
from helpdesk.tickets.models import Attachment, Message
from helpdesk.tickets.texts import LONGEST_MESSAGE, LONGEST_SUBJECT

NO_TEXT = "(This mail has no text.)"
NO_SUBJECT = "(no subject)"
CUT = "\n\n(The text goes on; all of it is in the attached file.)"
WHOLE_TEXT = "whole text of the mail.txt"
LARGEST_HTML = 2_000_000
"""Characters of HTML that are kept to be shown; the mail itself keeps all of it."""


def subject_of(letter: Letter) -> str:
    """The subject as a ticket takes it."""
    return one_line(letter.mail.subject, LONGEST_SUBJECT) or NO_SUBJECT


def body_of(letter: Letter) -> str:
    """The whole text as a message takes it, quotes and signature with it."""
    return _fitting(letter.mail.text) or NO_TEXT


def _fitting(text: str) -> str:
    text = clean(text)
    return text if len(text) <= LONGEST_MESSAGE else text[: LONGEST_MESSAGE - len(CUT)] + CUT


def show(message: Message, letter: Letter) -> None:
    """Let the message show the mail as it is read now."""
    message.body = body_of(letter)
    folded = _fitting(letter.reply.folded)
    message.shown = (_fitting(letter.reply.shown) or NO_TEXT) if folded else None
    message.folded = folded or None
    message.html = letter.mail.html[:LARGEST_HTML].replace("\x00", "") or None
    message.mail_id = one_line(letter.mail.message_id, 1000) or None
    if message.is_public:
        message.ticket.snippet = one_line(message.own_words[:400], 140)


def keep_files(email: InboundEmail, letter: Letter) -> tuple[list[Attachment], list[list[object]]]:
    """The files of a mail as attachments, and what is left out of them: name, size, and why. The
    mail itself keeps everything."""
    kept: list[Attachment] = []
    left_out: list[list[object]] = []
    reasons = {}
    for name, content, content_id in _files(letter):
        try:
            kept.append(_attachment(name, content, content_id))
        except Invalid as error:
            left_out.append([one_line(name, 255), len(content), error.message])
            reasons[name] = error.message
    email.attachments = [
        {**file, "left_out": reasons[file["name"]]} if file["name"] in reasons else file
        for file in email.attachments
    ]
    return kept, left_out


def _files(letter: Letter) -> Iterator[tuple[str, bytes, str]]:
    """Name, bytes and content id of each; what lies in an attached message comes with that."""
    for file in letter.mail.attachments:
        if not file.inside:
            yield file.name, file.content, file.content_id
    if len(clean(letter.mail.text)) > LONGEST_MESSAGE:
        yield WHOLE_TEXT, letter.mail.text.encode(), ""


def _attachment(name: str, content: bytes, content_id: str) -> Attachment:
    """Raises Invalid for a file that is not taken."""
    stored = files.store(BytesIO(content), name)
    attachment = Attachment(
        id=new_token(),
        name=stored.name,
        path=stored.path,
        media_type=stored.media_type,
        size=stored.size,
        sha256=stored.sha256,
        content_id=one_line(content_id, 250) or None,
        created_at=now(),
    )
    session.add(attachment)
    session.flush()
    return attachment
