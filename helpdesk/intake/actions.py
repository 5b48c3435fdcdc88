"""What a person decides about a mail that came in."""

from helpdesk.accounts.models import Account
from helpdesk.core.clock import now
from helpdesk.core.errors import Conflict
from helpdesk.core.journal import record
from helpdesk.intake.events import MailReadAgain, MailReleased
from helpdesk.intake.jobs import process_due
from helpdesk.intake.models import InboundEmail, Outcome

LET_IN = (Outcome.QUARANTINE, Outcome.REJECTED, Outcome.AUTO, Outcome.BOUNCE, Outcome.REPORT)
"""Outcomes of mails that a person can let in all the same."""


def process_again(email: InboundEmail, *, by: Account) -> None:
    """Read it anew. What became of it stays: no second ticket, no second message; but one that
    came to nothing gets another chance. Twice is harmless."""
    _make_due(email)
    record(MailReadAgain(email.id, email.outcome.value if email.outcome else ""), by=by)


def release(email: InboundEmail, *, by: Account) -> None:
    """Let it in as the mail of a person, whatever spoke against it.

    Raises Conflict where nothing speaks against it.
    """
    if email.outcome not in LET_IN or email.entry_id is not None:
        raise Conflict("This mail was let in already.")
    email.released = True
    _make_due(email)
    record(MailReleased(email.id), by=by)


def _make_due(email: InboundEmail) -> None:
    email.next_try_at, email.claimed_at, email.attempts = now(), None, 0
    process_due.enqueue_once()
