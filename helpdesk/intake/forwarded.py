"""Mails that an agent forwards: who wrote them first, and what they wrote.

Attached as a message it is read like any other; within the text it begins with a few of its
headers, in the language of the agent's mail program.
"""

import re
from dataclasses import dataclass, replace

from helpdesk.core.text import one_line
from helpdesk.intake.letters import Letter
from helpdesk.mail.addresses import Mailbox, mailboxes
from helpdesk.mail.parsing import Attachment, Mail, read
from helpdesk.mail.quotes import PASSED_ON
from helpdesk.mail.reply import split

_LABEL = re.compile(r"[\s>*]*([^\W\d_][\w .'-]{0,30}?)\s*\*?\s*[:：]\s*\*?\s*(.*)")
_FROM = frozenset(
    """from von de da van från fra lähettäjä mittente remitente expéditeur afzender od kimden feladó
    от від 发件人 寄件者 差出人 보낸사람""".split()  # noqa: SIM905 - read as a list of words
)
_SUBJECT = frozenset(
    """subject betreff asunto objet oggetto onderwerp ämne emne aihe assunto temat předmět konu
    tárgy тема 主题 主旨 件名 제목""".split()  # noqa: SIM905
)
LONGEST_HEAD = 12
"""Lines that the headers of a forwarded mail take."""
LOOKED_AT = 400
"""Lines in which they are looked for."""


@dataclass(frozen=True)
class Head:
    """Where a forwarded mail begins in a text: the lines before, its headers, and after."""

    starts: int
    ends: int
    sender: Mailbox
    subject: str


def original_of(letter: Letter) -> Letter | None:
    """The letter that was forwarded, as if it had come by itself; None where none was."""
    attached = _attached(letter.mail)
    if attached is not None:
        return _as(letter, read(attached.content))
    head = _head_in(letter.mail.text) if _is_forwarded(letter.mail) else None
    if head is None:
        return None
    lines = letter.mail.text.splitlines()[head.ends :]
    text = "\n".join(_unquoted(lines)).strip()
    subject = head.subject or PASSED_ON.sub("", letter.mail.subject, count=1)
    return _as(
        letter, replace(letter.mail, sender=head.sender, subject=subject, text=text, html="")
    )


def comment_in(letter: Letter) -> str:
    """What the agent wrote above what they forwarded; "" where nothing."""
    head = _head_in(letter.mail.text)
    if head is None:
        return letter.reply.own
    before = letter.mail.text.splitlines()[: head.starts]
    words = [line for line in before if not re.fullmatch(r"[\s>]*[-_—*]{2,}.*", line)]
    return split("\n".join(words).strip()).own


def _as(letter: Letter, mail: Mail) -> Letter | None:
    if not mail.sender.address:
        return None
    return replace(letter, mail=mail, reply=split(mail.text))


def _attached(mail: Mail) -> Attachment | None:
    """The one message that is attached."""
    found = [file for file in mail.attachments if file.media_type == "message/rfc822"]
    top = [file for file in found if not file.inside]
    return top[0] if len(top) == 1 else None


def _is_forwarded(mail: Mail) -> bool:
    return bool(PASSED_ON.match(mail.subject))


def _head_in(text: str) -> Head | None:
    """The first run of header lines that has a sender with an address and a further header."""
    lines = text.splitlines()[:LOOKED_AT]
    for number, line in enumerate(lines):
        name, value = _label(line)
        if name in _FROM and (boxes := mailboxes(value.replace("[mailto:", "<").replace("]", ">"))):
            return _head_at(lines, number, boxes[0])
    return None


def _head_at(lines: list[str], start: int, sender: Mailbox) -> Head | None:
    subject, count = "", 0
    end = start
    for number in range(start, min(start + LONGEST_HEAD, len(lines))):
        name, value = _label(lines[number])
        if not lines[number].strip(" >*"):
            break
        end = number + 1
        count += bool(name)
        if name in _SUBJECT:
            subject = one_line(value.strip("* "), 200)
    first = start
    while first and re.fullmatch(r"[\s>*]*", lines[first - 1]):
        first -= 1
    return Head(first, end, sender, subject) if count > 1 else None


def _label(line: str) -> tuple[str, str]:
    found = _LABEL.match(line[:1000])
    return (found[1].strip(" *").lower(), found[2].strip("* ")) if found else ("", "")


def _unquoted(lines: list[str]) -> list[str]:
    """Without the marks of a quote, where every line has one."""
    written = [line for line in lines if line.strip()]
    if written and all(line.startswith(">") for line in written):
        return [re.sub(r"^> ?", "", line) for line in lines]
    return lines
