"""The customer's own new words: what is left of a message without what others wrote.

Everything that is not the writer's own tone is blanked with spaces instead of being cut out,
so that a position in the result is the same position in the message as it is shown.
Every pattern here is linear in the length of the text: what looks long is bounded.
"""

import re
from collections.abc import Iterator

_BLANK = re.compile(r"\S")
_FENCE = re.compile(r"\s{0,3}(?:```|~~~)")
_ATTRIBUTION = re.compile(
    r"\s{0,8}(?:(?:On|Am|Le|El|Il|Op)\s.{4,200}(?:wrote|schrieb.{0,80}|a écrit|escribió|scritto)"
    r"|(?:<\S{1,100}>\s)?wrote)\s?:\s*$"
)
_FORWARDED = re.compile(
    r"\s*(?:-{2,}\s*(?:original message|forwarded message|reply above)|_{20,}\s*$"
    r"|begin forwarded message)",
    re.IGNORECASE,
)
_SENT_FROM = re.compile(r"\s*(?:sent from my |get outlook for |sent with )", re.IGNORECASE)
_CLOSING = re.compile(
    r"\s*(?:(?:with )?(?:(?:kind|best|warm|many|kindest|warmest) )?"
    r"(?:regards|wishes|greetings|thanks)|yours (?:sincerely|faithfully|truly)|sincerely"
    r"|(?:thanks|thank you)(?: (?:in advance|and (?:kind |best )?regards))?|cheers|best)"
    r"\s*[,.!]?\s*$",
    re.IGNORECASE,
)
_LOG_LINE = re.compile(
    r"""\s*(?:
        \[?\d{4}-\d\d-\d\d[T\s]\d\d:\d\d | \d\d:\d\d:\d\d
      | [A-Z][a-z]{2}\s{1,2}\d{1,2}\s\d\d:\d\d:\d\d
      | \[(?:ERROR|WARN|WARNING|INFO|DEBUG|FATAL|TRACE|CRITICAL|\d{4,})
      | (?:ERROR|WARN|WARNING|INFO|DEBUG|FATAL|TRACE|CRITICAL|ERR!)\s?[:\[|-]
      | Traceback\s\(most | File\s"[^"]{1,300}",\sline\s\d | at\s[\w.$<>]{1,200}\( | Caused\sby:
      | Exception\sin\s | [A-Za-z_][\w.]{0,200}(?:Error|Exception|Warning):
      | npm\s(?:ERR|WARN) | HTTP/\d | [$#]\s\w | >>>\s | (?:GET|POST|PUT|DELETE|HEAD)\s/
    )""",
    re.VERBOSE,
)
_CODE_SIGNS = frozenset("{}[];=<>\\|$&*+_^~")
_SAYS = re.compile(
    r"\b(?:error|message|says|reads|displays|output|text|shows|saying|log|following)"
    r"(?: (?:message|code|text|is|\d{1,5})){0,3}\s?:\s(?P<said>[^\n.!?]{1,400})",
    re.IGNORECASE,
)
_QUOTED = re.compile(
    r'"[^"\n]{1,300}"|“[^”\n]{1,300}”|„[^“”\n]{1,300}[“”]|«[^»\n]{1,300}»|`[^`\n]{1,300}`'
    r"|‘[^‘\n]{1,300}’(?!\w)|(?<!\w)'(?!\s)(?:[^'\n]|(?<=\w)'(?=\w)){1,200}'(?!\w)"
)
_TAG = re.compile(r"</?[A-Za-z][^<>\n]{0,200}>")
_CHUNK = re.compile(r"\S+")
_ADDRESS = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}\.\w")
_HANDLE = re.compile(r"(?<![\w@])@\w{1,40}")
_DIGITS = re.compile(r"\d")
_LONGEST_WORD = 40
_LONGEST_SIGNATURE_LINES = 8


def own_words(text: str) -> str:
    """The text with quotes, signatures, code, logs, addresses and ids blanked.

    The result has the same length and line breaks as the text.
    """
    untagged = _HANDLE.sub(_blanked, _TAG.sub(_blanked, text))
    return _without_ids("".join(_own_lines(untagged.splitlines(keepends=True))))


def without_quotations(text: str) -> str:
    """The text with words in quotation marks and messages after "it says:" blanked.

    What a screen or another person said is not the writer's tone. Same length as the text.
    """
    return _SAYS.sub(_said_blanked, _QUOTED.sub(_blanked, text))


def _own_lines(lines: list[str]) -> Iterator[str]:
    """Each line, blanked where it is not the writer's own."""
    fenced = False
    closing = _closing_line(lines)
    for number, line in enumerate(lines):
        if _ends_the_message(lines, number) or number == closing:
            yield from map(_blank, lines[number:])
            return
        fence = _FENCE.match(line) is not None
        fenced ^= fence
        own = not (fence or fenced or _is_quoted(line) or _is_machine_made(line))
        yield line if own else _blank(line)


def _is_quoted(line: str) -> bool:
    return line.lstrip().startswith(">") or _ATTRIBUTION.match(line) is not None


def _is_machine_made(line: str) -> bool:
    """Logs, traces and code: known beginnings, or more signs than a sentence has."""
    if _LOG_LINE.match(line):
        return True
    written = line.strip()
    signs = sum(letter in _CODE_SIGNS for letter in written)
    return len(written) >= 12 and signs * 6 >= len(written)


def _ends_the_message(lines: list[str], number: int) -> bool:
    """Whether nothing of the writer's own follows from this line on."""
    line = lines[number]
    if line.rstrip("\r\n") in ("-- ", "--") or _FORWARDED.match(line) or _SENT_FROM.match(line):
        return True
    return _ATTRIBUTION.match(line) is not None and not _marks_its_quote(lines[number + 1 :])


def _marks_its_quote(following: list[str]) -> bool:
    """Mail programs either mark each quoted line, or quote everything down to the end."""
    first = next((line for line in following if line.strip()), ">")
    return first.lstrip().startswith(">")


def _closing_line(lines: list[str]) -> int | None:
    """Where "Kind regards" and the name below it begin, unless that is the whole message."""
    written = [number for number, line in enumerate(lines) if line.strip()]
    for number in written[1:][-_LONGEST_SIGNATURE_LINES:]:
        line = lines[number]
        if len(line) < 60 and _CLOSING.match(line) and number != written[-1]:
            return number
    return None


def _without_ids(text: str) -> str:
    return _CHUNK.sub(lambda chunk: _blanked(chunk) if _is_id(chunk[0]) else chunk[0], text)


def _is_id(chunk: str) -> bool:
    """Web and mail addresses, paths, tracking numbers, and words too long to be words."""
    if "://" in chunk or chunk[:4].lower() == "www." or "\\" in chunk:
        return True
    if "@" in chunk and _ADDRESS.search(chunk[:200]):
        return True
    if len(chunk) > _LONGEST_WORD:
        return not _is_joined_words(chunk)
    return len(_DIGITS.findall(chunk)) >= 4 or chunk.count("/") >= 3


def _is_joined_words(chunk: str) -> bool:
    """Whether a long chunk is words without a space between ("late...still no answer")."""
    return max(map(len, re.split(r"[.,;:!?/()–—-]+", chunk))) <= _LONGEST_WORD


def _blank(text: str) -> str:
    return _BLANK.sub(" ", text)


def _blanked(found: re.Match[str]) -> str:
    return _blank(found[0])


def _said_blanked(found: re.Match[str]) -> str:
    said = found.start("said") - found.start()
    return found[0][:said] + _blank(found["said"])
