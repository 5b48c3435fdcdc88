"""Mails that say that a mail did not arrive: delivery status notifications (RFC 3464), and the many
texts of their own that mail servers write."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from helpdesk.mail.diagnosis import Failure, diagnose
from helpdesk.mail.parsing import Mail
from helpdesk.mail.reports import Complaint, Group, complaint_in, groups_in, original_id

__all__ = ["Bounce", "Complaint", "Failure", "bounce_in", "complaint_in", "is_daemon"]

MOST_FAILURES = 100
_LONGEST_NOTICE = 20_000
"""Characters at the top of a text in which a server says what happened."""

_DAEMONS = re.compile(
    r"mailer[-_.]?daemon|mail[-_.]?daemon|post[-_.]?master|mdaemon|mail[-_.]?delivery|bounces?|"
    r"microsoftexchange[0-9a-f]+|mailerdaemon|mmdf|uucp|symantec_?.*|mailsystem|mail[-_.]system",
    re.IGNORECASE,
)
_DAEMON_NAMES = re.compile(
    r"mail (?:delivery|deliver|system|administrator)|mailer-daemon|postmaster|zustellsystem",
    re.IGNORECASE,
)
_SUBJECT = re.compile(
    r"undeliver|un?delivered|undelivr|non[- ]?d[eé]liv|not delivered|failure notice"
    r"|returned mail|returned to sender|mail (?:system )?(?:error|failure)"
    r"|delivery (?:problem|error)"
    r"|delivery (?:status )?(?:notification|failure|failed|report|has failed|subsystem)"
    r"|delivery.{0,40}(?:fail|delay)|(?:could|can) ?not (?:be )?(?:deliver|send)|message not sent"
    r"|mail delivery|nondeliverable|non-deliverable|warning: (?:could not|message)|message status"
    r"|unzustellbar|nicht zugestellt|nicht zustellbar|zustellung|mailzustellung|fehler beim"
    r"|non remis|non distribu|[eé]chec de (?:la )?(?:remise|distribution)|impossible de remettre"
    r"|no se (?:puede|pudo|ha podido) entregar|no entregado|devuelto|error de entrega"
    r"|mancato recapito|non recapitabile|impossibile recapitare|mancata consegna|n[aã]o entregue"
    r"|falha na entrega|n[aã]o foi poss[ií]vel entregar|niet bezorgd|onbestelbaar|niet afgeleverd"
    r"|niedostarczon|nie dostarczono|kan inte levereras|obest[aä]llbar|kunne ikke leveres"
    r"|ikke leveret|ei voitu toimittaa|toimitus ep[aä]onnistui|nedoru[cč]iteln|не доставлен"
    r"|недоставлен|не вдалося доставити|teslim edilemedi|iletilemedi|k[eé]zbes[ií]thetetlen"
    r"|配信不能|配信できません|配達不能|エラーメール"
    r"|无法送达|無法傳遞|退信|投递失败|배달되지|반송|배달 실패",
    re.IGNORECASE,
)
_NOTICE = re.compile(
    r"could not be delivered|couldn't be delivered|was not delivered|wasn't delivered"
    r"|did not reach|undeliverable|unable to deliver|wasn't able to deliver|delivery.{0,60}fail"
    r"|permanent (?:fatal )?error|fatal errors|cannot be delivered|can't be delivered"
    r"|not (?:be )?delivered|no such user|user unknown|unknown user|not a valid user"
    r"|mailbox (?:is )?(?:full|unavailable|not found|exceeds)|exceeds allowed"
    r"|message (?:was )?delayed"
    r"|rejected|returned to (?:the )?sender|returning message|no message collected|bounced"
    r"|nicht zugestellt|konnte nicht|konnten nicht|n'a pas (?:pu|été)|no (?:se )?pudo|non è stato"
    r"|não (?:foi|pôde)|niet (?:worden )?(?:bezorgd|afgeleverd)|не (?:был[оа]? )?доставлен"
    r"|届きません"
    r"|cannot receive|not accepting|does not exist|transcript of (?:the )?(?:session|attempts)",
    re.IGNORECASE,
)
_DELAYED = re.compile(
    r"warning message only|(?:has|have) been delayed|message delayed"
    r"|delayed \d+ hours|will be retried"
    r"|still being retried|still undelivered|not yet been delivered|no action is required on your"
    r"|delivery status notification \(delay\)|will keep trying|zustellung verzögert|retardée",
    re.IGNORECASE,
)
_COPY = re.compile(
    r"(?im)^.{0,8}(?:below this line is a copy|this is a copy of the (?:message|headers)"
    r"|-{3,}.{0,40}(?:original|returned|copy|unsent|forwarded|message header|headers of).{0,60}$"
    r"|original message (?:follows|headers)|message header follows|original message follows"
    r"|received: (?:from|by|\()|return-path: <|ursprüngliche nachricht|message d'origine).*$"
)
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
    if told or (groups and is_daemon(mail)):
        delayed = all(group.is_delay for group in groups if group.recipient or not told)
        return Bounce(tuple(told or _in_text(mail)), original_id(mail) or _copied_id(mail), delayed)
    if mail.header("X-Failed-Recipients") or (is_daemon(mail) and _tells_failure(mail)):
        failures = tuple(_in_text(mail))
        delayed = _DELAYED.search(f"{mail.subject}\n{_notice(mail)}") is not None
        return Bounce(failures, original_id(mail) or _copied_id(mail), delayed)
    return None


def is_daemon(mail: Mail) -> bool:
    """Whether a mail server wrote it itself: by its name, or because nobody may answer."""
    if _is_named_daemon(mail) or _DAEMON_NAMES.search(mail.sender.name):
        return True
    return mail.header("Return-Path").strip() == "<>" or not mail.header("From").strip(" <>")


def _is_named_daemon(mail: Mail) -> bool:
    return _DAEMONS.fullmatch(mail.sender.address.partition("@")[0]) is not None


def _tells_failure(mail: Mail) -> bool:
    """Whether subject or text speak of a failure. Vacation notes may come from nobody as well, so
    a subject alone suffices only from somebody named as a mail server."""
    replied = mail.header("Auto-Submitted").lower().startswith("auto-replied")
    if replied and mail.sender.address and not _is_named_daemon(mail):
        return False  # somebody's vacation note
    subject = _SUBJECT.search(mail.subject) is not None
    text = _NOTICE.search(_notice(mail)) is not None
    named = _is_named_daemon(mail)
    if not mail.sender.address:
        return text and _AT.search(_notice(mail)) is not None
    return (subject and (text or named)) or (text and named)


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
    seen: set[str] = set()
    for address in found:
        key = address.strip(".'").lower()
        if key in seen or (not failed and (key in known or _DAEMONS.match(key))):
            continue
        seen.add(key)
        at = notice.find(address)
        line = notice.rfind("\n", 0, max(at, 0)) + 1  # some tell the reason before the address
        yield diagnose(key, "", notice[line : line + 400])
        if len(seen) >= MOST_FAILURES:
            return


def _copied_id(mail: Mail) -> str:
    """The id of the returned mail where it stands in the text; else what the bounce refers to."""
    found = _MESSAGE_ID.search(mail.text)
    if found is not None:
        return found[1]
    return next(iter((*mail.in_reply_to, *reversed(mail.references))), "")
