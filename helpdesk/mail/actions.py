"""What a person decides about a mail that did not go by itself."""

from helpdesk.core.causes import Actor
from helpdesk.core.clock import now
from helpdesk.core.errors import Conflict
from helpdesk.core.journal import record
from helpdesk.mail.events import MailBounced, MailLeft, MailSentAgain
from helpdesk.mail.jobs import deliver_due
from helpdesk.mail.models import TO_DECIDE, Delivery, OutboundEmail


def send_again(email: OutboundEmail, *, by: Actor) -> None:
    """Send it once more, under the same Message-ID.

    Raises Conflict when it needs no decision, or when its text is gone.
    """
    before = _to_decide(email)
    if email.secret and not email.text:
        raise Conflict("Its text held a link, and is gone. Have a new one mailed.")
    email.state, email.next_try_at, email.attempts = Delivery.QUEUED, now(), 0
    deliver_due.enqueue_once()
    record(MailSentAgain(email.id, before), by=by)


def leave(email: OutboundEmail, *, by: Actor) -> None:
    """Leave it at that; it is neither sent nor listed any more.

    Raises Conflict when it needs no decision.
    """
    before = _to_decide(email)
    email.withdraw()
    record(MailLeft(email.id, before), by=by)


def _to_decide(email: OutboundEmail) -> str:
    before = email.state
    if before not in TO_DECIDE:
        raise Conflict("This mail needs no decision any more.")
    email.claimed_at = None  # a worker that still reports on it comes too late
    return before.value


def come_back(email: OutboundEmail, reason: str) -> None:
    """A server further on could not deliver it, after ours had taken it. Twice is harmless."""
    if email.state is Delivery.BOUNCED:
        return
    email.bounce(reason)
    email.wipe()
    record(MailBounced(email.id))
