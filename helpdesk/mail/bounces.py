"""Mails that say that a mail did not arrive: delivery status notifications (RFC 3464), and the many
texts of their own that mail servers write."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from helpdesk.mail.diagnosis import Failure, diagnose
from helpdesk.mail.failures import CODE, DELAYED, NOTICE, SUBJECT
from helpdesk.mail.parsing import Mail
from helpdesk.mail.reports import Complaint, Group, complaint_in, groups_in, original_id

__all__ = [
    "Bounce",
    "Complaint",
    "Failure",
    "bounce_in",
    "complaint_in",
    "is_daemon",
    "is_named_daemon",
]

MOST_FAILURES = 100
_LONGEST_NOTICE = 20_000
"""Characters at the top of a text in which a server says what happened."""

_DAEMONS = re.compile(
    r"mailer[-_.]?daemon|mail[-_.]?daemon|post[-_.]?master|mdaemon|mail[-_.]?delivery|bounces?|"
    r"microsoftexchange[0-9a-f]+|mailerdaemon|mmdf|uucp|symantec_?.*|mailsystem|mail[-_.]system",
    re.IGNORECASE,
)
_NEVER_PEOPLE = re.compile(
    r"mailer[-_.]?daemon|mail[-_.]?daemon|mdaemon|microsoftexchange[0-9a-f]+|mailsystem",
    re.IGNORECASE,
)
"""Names under which nobody writes by hand, as some postmasters do."""
_DAEMON_NAMES = re.compile(
    r"mail (?:delivery|deliver|system|administrator)|mailer[- ]daemon|postmaster|zustellsystem",
    re.IGNORECASE,
)
_COPY = re.compile(
    r"(?im)^.{0,8}(?:below this line is a copy|this is a copy of the (?:message|headers)"
    r"|-{3,}.{0,40}(?:original|returned|copy|unsent|forwarded|message header|headers of).{0,60}$"
    r"|original message (?:follows|headers)|message header follows|original message follows"
    r"|received: (?:from|by|\()|return-path: <|ursprüngliche nachricht|message d'origine).*$"
)
_NEWS = ("List-Unsubscribe", "List-Id", "Feedback-ID")
"""Who sends to many may do so from bounces@…"""
_MESSAGE_ID = re.compile(r"(?im)^\s*(?:>\s?)*message-id:\s*(<[^<>\s]{1,500}>)")
_AT = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){0,8}")
_CHALLENGE = re.compile(
    r"requires? confirmation|to confirm (?:this|your)|confirm that you|guest list|waitlisted"
    r"|challenge.response|verify that you are (?:a )?human|click the link below to be added",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Bounce:
    """Whom a mail did not reach, and which mail that was."""

    failures: tuple[Failure, ...]
    """May be empty: some machines do not say whom."""
    original_message_id: str
    """Of the mail that was sent, with angle brackets; "" if it is not told."""
    delayed: bool
    """It is still being tried: nothing is lost yet."""

    @property
    def hard(self) -> bool:
        """Whether at least one recipient can never be reached."""
        return any(failure.hard for failure in self.failures)


def bounce_in(mail: Mail) -> Bounce | None:
    """The bounce that a mail is, or None. A notice of success is none; nor is one that asks the
    sender to prove that it is a person, whatever form it has."""
    if _CHALLENGE.search(mail.text[:_LONGEST_NOTICE]):
        return None
    groups = [group for group in groups_in(mail) if not group.is_success]
    if groups_in(mail) and not groups:
        return None
    told = [_failure(group) for group in groups if group.recipient][:MOST_FAILURES]
    by_somebody = mail.media_type != "multipart/report" and _is_from_somebody(mail)
    if not by_somebody and (told or (groups and is_daemon(mail))):
        delayed = all(group.is_delay for group in groups if group.recipient or not told)
        return Bounce(tuple(told or _in_text(mail)), original_id(mail) or _copied_id(mail), delayed)
    if mail.header("X-Failed-Recipients") or (is_daemon(mail) and _tells_failure(mail)):
        failures = tuple(_in_text(mail))
        delayed = DELAYED.search(f"{mail.subject}\n{_notice(mail)}") is not None
        return Bounce(failures, original_id(mail) or _copied_id(mail), delayed)
    return None


def is_daemon(mail: Mail) -> bool:
    """Whether a mail server wrote it itself: by its name, or because nobody may answer."""
    name = mail.sender.name if mail.sender.address else mail.header("From")
    if is_named_daemon(mail) or _DAEMON_NAMES.search(name):
        return True
    return mail.header("Return-Path").strip() == "<>" or not mail.header("From").strip(" <>")


def is_named_daemon(mail: Mail) -> bool:
    """Whether its address is that of a mail server."""
    return _DAEMONS.fullmatch(mail.sender.address.partition("@")[0]) is not None


def _is_from_somebody(mail: Mail) -> bool:
    """Whether its return path leads to a mailbox, or its answers to another one: then somebody
    passes on what a server wrote, or merely has such an address."""
    path = mail.header("Return-Path").strip(" <>").lower()
    others = [path, *(box.key for box in mail.reply_to if box.key != mail.sender.key)]
    return any("@" in one and _DAEMONS.fullmatch(one.partition("@")[0]) is None for one in others)


def _tells_failure(mail: Mail) -> bool:
    """Whether subject or text speak of a failure. Vacation notes may come from nobody as well, so
    a subject alone suffices only from somebody named as a mail server."""
    replied = mail.header("Auto-Submitted").lower().startswith("auto-replied")
    if replied and mail.sender.address and not is_named_daemon(mail):
        return False  # somebody's vacation note
    if any(mail.header(name) for name in _NEWS) or _is_from_somebody(mail):
        return False
    subject = SUBJECT.search(mail.subject) is not None
    text = NOTICE.search(_notice(mail)) is not None
    named = is_named_daemon(mail)
    if not mail.sender.address:
        return text and _AT.search(_notice(mail)) is not None
    if (subject and (text or named)) or (text and named):
        return True
    return (subject or _writes_by_itself(mail)) and CODE.search(_notice(mail)) is not None


def _writes_by_itself(mail: Mail) -> bool:
    return _NEVER_PEOPLE.fullmatch(mail.sender.address.partition("@")[0]) is not None


def _failure(group: Group) -> Failure:
    return diagnose(group.recipient, group.status, group.diagnostic)


def _notice(mail: Mail) -> str:
    """What the server itself says, without the mail that it returns."""
    text = mail.text[:_LONGEST_NOTICE]
    copy = _COPY.search(text)
    return text[: copy.start()] if copy and _AT.search(text, 0, copy.start()) else text


def _in_text(mail: Mail) -> Iterator[Failure]:
    """The recipients that a header or the text names, each with the words after it."""
    notice = _notice(mail)
    known = {mail.sender.key, *(mailbox.key for mailbox in (*mail.to, *mail.cc))}
    failed = _AT.findall(mail.header("X-Failed-Recipients"))
    found = failed or [match[0] for match in _AT.finditer(notice)]
    if mail.sender.key in map(str.lower, found) and known.issuperset(map(str.lower, found)):
        known = set()  # some servers write in the name of the one whom they could not reach
    seen: set[str] = set()
    for address in found:
        key = address.strip(".'").lower()
        if key in seen or (not failed and (key in known or _DAEMONS.match(key))):
            continue
        seen.add(key)
        yield diagnose(key, "", _words_about(address, notice))
        if len(seen) >= MOST_FAILURES:
            return


def _words_about(address: str, notice: str) -> str:
    """What is said of an address: on its line and below, else above it."""
    at = max(notice.find(address), 0)
    line = notice.rfind("\n", 0, at) + 1
    said = notice[line : line + 400]
    return (
        said if re.search(r"\w", said.replace(address, "")) else notice[max(0, line - 200) :][:600]
    )


def _copied_id(mail: Mail) -> str:
    """The id of the returned mail where it stands in the text; else what the bounce refers to."""
    found = _MESSAGE_ID.search(mail.text)
    if found is not None:
        return found[1]
    return next(iter((*mail.in_reply_to, *reversed(mail.references))), "")
