"""Mails as they come in from outside, and the ways to hand them in."""

from helpdesk.core.clock import now
from helpdesk.core.db import session, transaction
from helpdesk.intake.keeping import Kept, keep
from helpdesk.intake.models import Door, InboundEmail, Mailbox, Security, SignIn


def letter(
    text: str = "The card was charged twice.",
    *,
    sender: str = "Rosa Lindt <rosa@harbor.example>",
    to: str = "support@acorn-payroll.example",
    subject: str = "Charged twice",
    message_id: str = "<1@harbor.example>",
    **headers: str,
) -> bytes:
    """A plain mail. Further headers by name: In_Reply_To="<…>" writes In-Reply-To."""
    head = {
        "From": sender,
        "To": to,
        "Subject": subject,
        "Date": "Mon, 02 Mar 2026 08:00:00 +0000",
        "Message-ID": message_id,
        **{name.replace("_", "-"): value for name, value in headers.items()},
    }
    lines = [f"{name}: {value}" for name, value in head.items() if value]
    return "\r\n".join([*lines, "", *text.splitlines(), ""]).encode()


def bring(raw: bytes, door: Door = Door.PIPE, **envelope: object) -> Kept:
    """Keep a mail as a door does."""
    with transaction():
        return keep(raw, door, **envelope)  # type: ignore[arg-type]  # the envelope's own fields


def stored(sha256: str) -> InboundEmail:
    """The mail with that hash, as it stands now."""
    session.rollback()
    return session.query(InboundEmail).filter_by(sha256=sha256).one()


def mailbox_row(**values: object) -> Mailbox:
    """A mailbox of ours that nobody answers at, in the current transaction."""
    given: dict[str, object] = {
        "address": "support@acorn-payroll.example",
        "host": "127.0.0.1",
        "port": 1,
        "security": Security.NONE,
        "sign_in": SignIn.PASSWORD,
        "user": "support",
        "secret": "env:NOTHING",
        "created_at": now(),
    }
    row = Mailbox(**{**given, **values})
    session.add(row)
    session.flush()
    return row
