"""Mails that machines write about mails, to be read by machines (RFC 6522): what became of one
(RFC 3464), who complained (RFC 5965), and what was counted (DMARC, RFC 7489; TLS, RFC 8460)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from helpdesk.core.text import one_line
from helpdesk.mail.addresses import address_in
from helpdesk.mail.mime.headers import read_head
from helpdesk.mail.mime.words import eight_bits, text_of
from helpdesk.mail.parsing import Attachment, Mail

_JUNK_MAIL_PROGRAM = "complaint about message from"
"""How the reports of Microsoft's programme begin, which are no ARF."""
LONGEST_REPORT = 500_000
"""Bytes of a report that are read."""
MOST_GROUPS = 200

_MESSAGE_ID = re.compile(rb"(?im)^message-id:\s*(<[^<>\s]{1,500}>)")
_HEADERS = ("rfc822-headers", "global-headers")
_AGGREGATE = re.compile(
    r"[^!\s]{1,255}!(?:[^!\s]{1,255}!){2,4}[^!\s]{0,255}\.(?:xml|json)?(?:\.?gz|\.?zip)?"
)
_AGGREGATE_SUBJECT = re.compile(
    r"report[- ]?domain:\s*\S+.*(?:submitter|report-?id)|dmarc aggregate report|tls report",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Group:
    """What a delivery status says of one recipient."""

    recipient: str
    """In lower case, "" if it is not told."""
    action: str
    """failed, delayed, delivered, relayed or expanded, "" if it is not told."""
    status: str
    diagnostic: str

    @property
    def is_success(self) -> bool:
        """The mail arrived, or went on to a place that tells no more."""
        return self.action in {"delivered", "relayed", "expanded"}

    @property
    def is_delay(self) -> bool:
        """It is still being tried."""
        return self.action == "delayed"


@dataclass(frozen=True)
class Complaint:
    """Somebody called a mail of ours spam."""

    address: str
    """Who complained, in lower case; "" where the report hides it."""
    original_message_id: str
    feedback: str
    """Such as "abuse", "not-spam", "unsubscribe" (RFC 5965, 7.3)."""


def groups_in(mail: Mail) -> list[Group]:
    """What the delivery status in a mail says, a group for each recipient; one without a recipient
    where it names none."""
    found: list[Group] = []
    for file in _parts(mail, "delivery-status"):
        fields = [_fields(block) for block in _blocks(file.content[:LONGEST_REPORT])]
        told = [_group(block) for block in fields if _is_about_recipient(block)]
        found += told or [_group(block) for block in fields if "action" in block]
        if not found and fields:
            found.append(Group("", "", "", ""))
    return found[:MOST_GROUPS]


def complaint_in(mail: Mail) -> Complaint | None:
    """The complaint that a mail is, or None. A report of failed authentication is none."""
    for file in _parts(mail, "feedback-report"):
        fields = _fields(file.content[:LONGEST_REPORT])
        feedback = fields.get("feedback-type", "abuse").lower()
        if feedback.startswith("auth-failure"):
            return None
        who = fields.get("original-rcpt-to", "") or fields.get("removal-recipient", "")
        return Complaint(address_in(who).lower() or _first_to(mail), original_id(mail), feedback)
    if mail.subject.lower().startswith(_JUNK_MAIL_PROGRAM) and original_id(mail):
        return Complaint(_first_to(mail), original_id(mail), "abuse")
    return None


def is_count(mail: Mail) -> bool:
    """Whether it is an aggregate report, of DMARC or TLS, or one of failed authentication."""
    if any(_AGGREGATE.fullmatch(file.name) for file in mail.attachments if not file.inside):
        return True
    if any("tlsrpt" in file.media_type for file in mail.attachments):
        return True
    if _AGGREGATE_SUBJECT.search(mail.subject) and any(
        file.media_type.endswith(("zip", "xml", "octet-stream")) for file in mail.attachments
    ):
        return True
    return next(_parts(mail, "feedback-report"), None) is not None and complaint_in(mail) is None


def is_receipt(mail: Mail) -> bool:
    """Whether it says that a mail was opened or thrown away (MDN, RFC 8098)."""
    return next(_parts(mail, "disposition-notification"), None) is not None


def original_id(mail: Mail) -> str:
    """The Message-ID of the mail that a report returns, "" if it returns none."""
    for file in mail.attachments:
        if file.media_type.endswith(("/rfc822", "/global", *_HEADERS)):
            found = _MESSAGE_ID.search(file.content[:LONGEST_REPORT].replace(b"\r", b"\n"))
            if found is not None:
                return found[1].decode("ascii", "replace")
    return ""


def _parts(mail: Mail, kind: str) -> Iterator[Attachment]:
    """The attachments whose media type names that kind; some write it a little differently."""
    return (
        file
        for file in mail.attachments
        if not file.inside and file.media_type.startswith("message/") and kind in file.media_type
    )


def _blocks(content: bytes) -> list[bytes]:
    text = content.replace(b"\r\n", b"\n").replace(b"\r", b"\n").strip()
    return [block for block in re.split(rb"\n[ \t]*\n+", text)[: 2 * MOST_GROUPS] if block.strip()]


def _fields(block: bytes) -> dict[str, str]:
    """The first value of each field, names in lower case."""
    found: dict[str, str] = {}
    for field in read_head(block.lstrip()).fields:
        found.setdefault(field.name.lower(), text_of(field.value))
    return found


def _is_about_recipient(fields: dict[str, str]) -> bool:
    return "final-recipient" in fields or "original-recipient" in fields


def _group(fields: dict[str, str]) -> Group:
    named = fields.get("final-recipient", "") or fields.get("original-recipient", "")
    original = fields.get("original-recipient", "")
    address = _address(named) or _address(original)
    diagnostic = fields.get("diagnostic-code", "").partition(";")[2].strip()
    return Group(
        address,
        fields.get("action", "").split(" ")[0].strip("();").lower(),
        fields.get("status", ""),
        one_line(diagnostic or fields.get("diagnostic-code", "") or fields.get("status", ""), 500),
    )


def _address(value: str) -> str:
    """The address in a field such as "rfc822; rosa@harbor.example"; as it stands if it has no
    domain."""
    bare = value.partition(";")[2].strip() or value.strip()
    return address_in(bare).lower() or bare.strip("<> ").lower()[:320]


def _first_to(mail: Mail) -> str:
    """Whom the mail went to that somebody complained of."""
    for file in mail.attachments:
        if file.media_type.endswith(("/rfc822", *_HEADERS)):
            head = read_head(file.content[:LONGEST_REPORT])
            return address_in(eight_bits(head.first("to"))).lower()
    return ""
