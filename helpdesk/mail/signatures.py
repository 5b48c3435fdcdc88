"""Where the signature begins in the words that somebody wrote."""

import re

from helpdesk.mail import farewells
from helpdesk.mail.quotes import is_rule

LONGEST = 60
"""Lines below "-- " (RFC 3676, 4.3) that are taken for a signature."""
_LONGEST_UNMARKED = 15
_LONGEST_FOOTER = 8
_LONGEST_CLOSING = 6
_MOST_PARTS = 3
"""A telephone's line, a name, a closing."""

_DASHED_NAME = re.compile(r"-{1,2}[^\W\d_][\w'’.]{0,30}(?: [^\W\d_][\w'’.]{0,30}){0,3}")
_UNDERLINE = re.compile(r"\s{0,3}_{2,}\s*")
_FOOTER = re.compile(
    r"https?://|www\.|@|unsubscribe|mailing list|abmelden|désabonner|confidential|vertraulich",
    re.IGNORECASE,
)
_LINK = re.compile(r"\s*[<(\[]https?://[^\s<>()\[\]]{1,300}[>)\]]")
_SENT_FROM = re.compile(rf"(?:{'|'.join(farewells.SENT_FROM)})")
_SENT = re.compile(rf"(?:{'|'.join(farewells.SENT)})$")
_FENCE = "```"
_CLOSING_MARKS = " ,.!;:\t"


def signature_start(lines: list[str]) -> int:
    """The line that the signature begins with, len(lines) if there is none."""
    end = _without_blank(lines, len(lines))
    end = min(end, _marked(lines, end))
    for _ in range(_MOST_PARTS):
        end = _trimmed(lines, end)
    return end if end < _without_blank(lines, len(lines)) else len(lines)


def _marked(lines: list[str], end: int) -> int:
    """The first line that marks a signature; none where too much stands below it."""
    first = max(0, end - LONGEST)
    fenced = sum(line.lstrip().startswith(_FENCE) for line in lines[:first]) % 2 == 1
    for number in range(first, end):
        line, below = lines[number], end - number - 1
        fenced ^= line.lstrip().startswith(_FENCE)
        if fenced:
            continue
        if line in {"-- ", "--\u00a0"} or (line.rstrip() == "--" and below <= _LONGEST_UNMARKED):
            return number
        footer = _UNDERLINE.fullmatch(line) is not None and below <= _LONGEST_FOOTER
        if footer and any(_FOOTER.search(text[:400]) for text in lines[number + 1 : end]):
            return number
    return end


def _trimmed(lines: list[str], end: int) -> int:
    """Without the telephone's line, the name after a dash, or the closing at its end."""
    end = _without_blank(lines, end)
    if end < 1:
        return end
    last = lines[end - 1].strip()
    if _is_from_telephone(last):
        return _without_blank(lines, end - 1)
    if end > 1 and _DASHED_NAME.fullmatch(last) and _stands_alone(lines, end - 1):
        return _without_blank(lines, end - 1)
    if end > 1 and is_rule(last):
        return _without_blank(lines, end - 1)
    return _closing(lines, end)


def _is_from_telephone(line: str) -> bool:
    text = _LINK.sub("", line.lstrip("*_>[(- ")).rstrip("])* .。").lower()
    if len(text) > 160 or line.endswith("?"):
        return False
    if text.startswith(farewells.SENT_ALWAYS):
        return True
    first = text.partition(",")[0]
    named = any(device in first for device in farewells.DEVICES) and len(text.split()) < 16
    return (named and _is_sent(text)) or _is_recommended(text, linked=bool(_LINK.search(line)))


def _is_sent(text: str) -> bool:
    """Whether it says that something was sent; where the verb comes last, people write sentences
    about their devices that are longer."""
    return bool(_SENT_FROM.match(text) or (len(text.split()) < 10 and _SENT.search(text)))


def _is_recommended(text: str, *, linked: bool) -> bool:
    """Whether it names a program for a system, with a link or with little more than a verb."""
    program = next((name for name in farewells.PROGRAMS if name in text), "")
    system = next((name for name in farewells.SYSTEMS if name in text), "")
    if not program or not system or len(text.split()) > 8:
        return False
    ends = max(text.find(program) + len(program), text.find(system) + len(system))
    before = text.startswith(farewells.GET) and not text[ends:].strip(" 版").count(" ")
    return linked or before or not text[ends:].strip() or text.endswith(farewells.GOT)


def _stands_alone(lines: list[str], number: int) -> bool:
    """Whether a line is a name below a text, and not the last of a list."""
    above = lines[_without_blank(lines, number) - 1].strip() if number else ""
    capital = lines[number].strip().lstrip("-")[:1].isupper()
    return capital and not lines[number - 1].strip() and not above.endswith((":", "-"))


def _closing(lines: list[str], end: int) -> int:
    """Where "kind regards" stands alone on a line with nothing but a name below it."""
    filled = 0
    for number in range(end - 1, max(0, end - 2 * _LONGEST_CLOSING) - 1, -1):
        line = lines[number].strip()
        if not line:
            continue
        if line.strip(_CLOSING_MARKS).lower() in farewells.CLOSINGS:
            return _without_blank(lines, number)
        filled += 1
        if filled > _LONGEST_CLOSING or _is_sentence(line):
            return end
    return end


def _is_sentence(line: str) -> bool:
    """Whether a line says something, instead of who somebody is and where."""
    afterthought = re.match(r"p\.? ?s\b", line, re.IGNORECASE) is not None
    return afterthought or len(line) > 70 or len(line.split()) > 8 or line.endswith(("?", ".", ";"))


def _without_blank(lines: list[str], end: int) -> int:
    while end and not lines[end - 1].strip():
        end -= 1
    return end
