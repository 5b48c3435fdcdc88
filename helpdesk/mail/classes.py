"""What kind of mail it is: from a person, or from a machine that must never get an answer."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from helpdesk.mail.bounces import Bounce, Complaint
from helpdesk.mail.parsing import Mail


class Kind(StrEnum):
    """The kinds of mail, as the mail log tells them apart."""

    ORDINARY = "ordinary"
    AUTO_REPLY = "auto-reply"
    """Vacation notes, receipts, tickets of other systems: written by a machine to one person."""
    BULK = "bulk"
    """From a list or a newsletter."""
    BOUNCE = "bounce"
    COMPLAINT = "complaint"
    """Somebody pressed "spam" on a mail of ours (ARF, RFC 5965)."""
    REPORT = "report"
    """About many mails: DMARC, TLS-RPT, read receipts (MDN)."""
    OWN = "own"
    """It came from us: answering it would go round in circles."""


@dataclass(frozen=True)
class Verdict:
    """What a mail is and why, in a sentence for the mail log."""

    kind: Kind
    reason: str = ""
    bounce: Bounce | None = None
    """Whom it could not reach; for BOUNCE alone."""
    complaint: Complaint | None = None
    """For COMPLAINT alone."""

    @property
    def may_be_answered(self) -> bool:
        """Whether a machine of ours may answer: never to another machine, nor to ourselves."""
        return self.kind is Kind.ORDINARY


def classify(
    mail: Mail,
    our_addresses: frozenset[str] = frozenset(),
    is_our_id: Callable[[str], bool] = lambda _: False,
) -> Verdict:
    """What kind of mail it is. Never raises.

    `our_addresses` in lower case are those that we send from; `is_our_id` knows a Message-ID that
    we made.
    """
    raise NotImplementedError
