"""What kind of mail it is: from a person, or from a machine that must never get an answer."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from helpdesk.mail import absences
from helpdesk.mail.bounces import Bounce, bounce_in, is_daemon
from helpdesk.mail.parsing import Mail
from helpdesk.mail.reports import Complaint, complaint_in, is_count, is_receipt

MOST_HOPS = 40
"""Servers on the way of a mail; more are a loop (RFC 5321, 6.3)."""

_BULK = frozenset({"list", "bulk", "junk"})
_LIST_HEADERS = ("List-Id", "List-Post", "List-Unsubscribe", "Mailing-List", "X-Mailing-List")
_NO_REPLY = re.compile(
    r"(?:.*[-_.+])?(?:no|not|non|ne|do[-_.]?not|don[-_.]?t|n[aã]o|nicht|bitte[-_.]?nicht|niet"
    r"|ne[-_.]?pas|ikke)[-_.]?(?:reply|respond|r[eé]pondre|rispondere"
    r"|responda|responder|antworten|beantwoorden|svara?)(?:[-_.+].*)?"
    r"|keine?[-_.]?antwort|bounces?(?:[-_.+].*)?",
    re.IGNORECASE,
)
_CHALLENGE = re.compile(
    r"requires? confirmation|guest list|waitlisted|allowed\s+list|verify that you are"
    r"|to confirm this mail server",
    re.IGNORECASE,
)


class Kind(StrEnum):
    """The kinds of mail, as the mail log tells them apart."""

    ORDINARY = "ordinary"
    AUTO_REPLY = "auto-reply"
    """Vacation notes, receipts, challenges: written by a machine in answer to one mail."""
    BULK = "bulk"
    """From a list or a newsletter; also a person's mail that a list passed on."""
    BOUNCE = "bounce"
    COMPLAINT = "complaint"
    """Somebody pressed "spam" on a mail of ours (ARF, RFC 5965)."""
    REPORT = "report"
    """About many mails or to machines: DMARC, TLS-RPT, read receipts, notices of success."""
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
    automatic: bool = False
    """A machine sent it, though it may be news for a person: a ticket, but no answer to it."""

    @property
    def may_be_answered(self) -> bool:
        """Whether a machine of ours may answer: never to another machine, nor to ourselves."""
        return self.kind is Kind.ORDINARY and not self.automatic


def classify(
    mail: Mail,
    our_addresses: frozenset[str] = frozenset(),
    is_our_id: Callable[[str], bool] = lambda _: False,
) -> Verdict:
    """What kind of mail it is. Never raises.

    `our_addresses` in lower case are those that we send from; `is_our_id` knows a Message-ID that
    we made.
    """
    return (
        _report(mail)
        or _own(mail, our_addresses, is_our_id)
        or _answer_of_machine(mail)
        or _bulk(mail)
        or _ordinary(mail)
    )


def _report(mail: Mail) -> Verdict | None:
    complaint = complaint_in(mail)
    if complaint is not None:
        return Verdict(Kind.COMPLAINT, "It reports a complaint.", complaint=complaint)
    if is_count(mail):
        return Verdict(Kind.REPORT, "It is a report of counts (DMARC or TLS).")
    if is_receipt(mail):
        return Verdict(Kind.REPORT, "It says that a mail was opened or discarded.")
    bounce = bounce_in(mail)
    if bounce is not None:
        words = "is still waiting" if bounce.delayed else "did not arrive"
        return Verdict(Kind.BOUNCE, f"It says that a mail {words}.", bounce=bounce)
    return None


def _own(
    mail: Mail, our_addresses: frozenset[str], is_our_id: Callable[[str], bool]
) -> Verdict | None:
    if mail.message_id and is_our_id(mail.message_id):
        return Verdict(Kind.OWN, "Its Message-ID is one of ours.")
    if mail.sender.key in our_addresses:
        return Verdict(Kind.OWN, "It comes from an address that we send from.")
    return None


def _answer_of_machine(mail: Mail) -> Verdict | None:
    """RFC 3834, and what came before it."""
    submitted = mail.header("Auto-Submitted").lower().split(";")[0].strip()
    if submitted.startswith("auto-replied"):
        return Verdict(Kind.AUTO_REPLY, "It says so: Auto-Submitted.")
    if submitted.startswith("auto-generated") and (mail.in_reply_to or mail.references):
        return Verdict(Kind.AUTO_REPLY, "A machine answered: Auto-Submitted.")
    if named := absences.header_that_says_so(mail):
        return Verdict(Kind.AUTO_REPLY, f"It says so: {named}.")
    if absences.has_such_a_subject(mail):
        return Verdict(Kind.AUTO_REPLY, "Its subject is that of an automatic reply.")
    return _from_nobody(mail)


def _from_nobody(mail: Mail) -> Verdict | None:
    if mail.media_type == "multipart/report":
        if _CHALLENGE.search(mail.text[:20_000]):
            return Verdict(Kind.AUTO_REPLY, "It asks the sender for a confirmation.")
        return Verdict(Kind.REPORT, "It is a report to a machine.")
    if mail.header("Return-Path").strip() == "<>":
        return Verdict(Kind.AUTO_REPLY, "Its return path is empty.")
    return None


def _bulk(mail: Mail) -> Verdict | None:
    name = next((name for name in _LIST_HEADERS if mail.header(name)), "")
    precedence = mail.header("Precedence").lower().strip()
    if name or precedence in _BULK:
        return Verdict(Kind.BULK, f"It comes from a list: {name or 'Precedence'}.", automatic=True)
    return None


def _ordinary(mail: Mail) -> Verdict:
    reason = _why_unanswered(mail)
    return Verdict(Kind.ORDINARY, reason, automatic=bool(reason))


def _why_unanswered(mail: Mail) -> str:
    """Why no machine should answer, though a person should read it; "" where one may."""
    submitted = mail.header("Auto-Submitted").lower().strip()
    suppressed = mail.header("X-Auto-Response-Suppress").lower()
    asked = any(word in suppressed for word in ("all", "autoreply", "oof", "rn", "nrn", "dr"))
    reads_none = _NO_REPLY.fullmatch(mail.sender.address.partition("@")[0]) is not None
    reasons = (
        (bool(submitted) and not submitted.startswith("no"), "A machine wrote it: Auto-Submitted."),
        (asked, "It asks for no automatic answer."),
        (reads_none, "Its sender reads no answers."),
        (len(mail.all_headers("Received")) > MOST_HOPS, "It went through too many servers."),
        (is_daemon(mail), "A mail server sent it, or nobody did."),
        (absences.begins_like_one(mail), "It reads as if a machine wrote it."),
    )
    return next((reason for holds, reason in reasons if holds), "")
