"""Where a quote begins in a plain text: its mark, the line that names its writer, or the header
that a program sets above it."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from helpdesk.mail import wordings

_LONGEST_LINE = 400
_LONGEST_NAMING = 4
_LONGEST_HEADER = 14
_MOST_LINES = 5_000
"""Lines that are searched; quotes further below are known by their marks alone."""
_DECORATION = "\\s*_>|\u200e\u200f\u202a-\u202e\u2066-\u2069"

_TURNING = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_TELLING = re.compile(r"[\d@:：]|^\s*[-‐_=*~–—#]")
"""What every line has that announces a quote or begins to."""
_QUOTED = re.compile(r"[ \t]{0,3}>")
_EDGE = re.compile(rf"^[{_DECORATION}]+|[{_DECORATION}]+$")


def _any_of(words: Iterable[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(set(words), key=len, reverse=True))


_VERB = re.compile(rf"(?:^|[\s>\"”)\]’'])(?:{_any_of(wordings.WROTE)})\b", re.IGNORECASE)
_CJK_VERB = re.compile("ने लिखा|写道|寫道|写到|のメール|のメッセージ|書きました|작성|쓴 글")
_BEGINNING = re.compile(
    rf"[-–—\s\"'(\[]*(?:(?:{_any_of(wordings.BEGINS)})(?=[\s\d])"
    rf"|(?i:{_any_of(wordings.DAYS)})(?=[\s.,])"
    rf"|\d{{1,4}}[-./年년월\s,:]|ในวันที่|Kontakt|[\d٠-٩]{{1,2}} )"
)
_ADDRESS = re.compile(r"[^\s<>@]{1,100}@[^\s<>@]{1,200}\.?\w")
_NUMBER = re.compile(r"\d{1,4}|[٠-٩]{1,4}|[۰-۹]{1,4}")
_TIME = re.compile(r"\d{1,2}[:h]\d\d|\b(?:kl|klo|kello)\.? ?\d{1,2}\.\d\d|[٠-٩]:[٠-٩]")
_DATE = re.compile(
    r"\d{1,4}[-./]\s?\d{1,2}[-./]\s?\d{1,4}|(?:19|20)\d\d.{0,30}?\d{1,2}[:.]\d\d"
    r"|\d{1,2}[:.]\d\d.{0,40}?(?:19|20)\d\d"
)
PASSED_ON = re.compile(rf"\s*(?:{'|'.join(wordings.PASSED_ON)})\s*[:：]\s*", re.IGNORECASE)
"""How the subject of a mail begins that is passed on."""
_RULE = re.compile(r"\s*[-‐_=*~–—]{3,}\s*")
_BETWEEN_MARKS = re.compile(r">>> .{3,200} >>>\s*")
"""How GroupWise announces a quote that carries no marks."""
_TIME_ALONE = re.compile(r"(?<![\d.])\d{1,2}[:.h]\d\d(?![.\d])|[٠-٩]:[٠-٩]")
_DATED = re.compile(r"(?:\W|\d|kl|klo|kello|um|at|kell){6,60}")
_LABEL = re.compile(rf"[{_DECORATION}]*([^:：\n]{{1,30}}?)[{_DECORATION}]*[:：](.*)", re.DOTALL)
_BETWEEN_RULES = re.compile(r"\s{0,9}-{4,90}\s{0,9}[^\W\d_][^\n]{2,50}?-{4,90}\s{0,9}")
_LABELS = {
    **dict.fromkeys(wordings.BESIDE, "beside"),
    **dict.fromkeys(wordings.SUBJECT, "subject"),
    **dict.fromkeys(wordings.TO, "to"),
    **dict.fromkeys(wordings.SENT, "sent"),
    **dict.fromkeys(wordings.FROM, "from"),
}
_ALSO_TO = frozenset(wordings.TO) & frozenset(wordings.FROM)


@dataclass(frozen=True)
class Opening:
    """Lines `start` to `end` (not included) that announce a quote.

    `strong`: hardly anybody but a program writes so; then what follows is quoted even without
    marks. `by_hand`: it is a sentence that somebody may have left standing above an answer.
    """

    start: int
    end: int
    strong: bool
    by_hand: bool = False


def is_quoted(line: str) -> bool:
    """Whether a line carries the mark of a quote."""
    return _QUOTED.match(line) is not None and not _is_between_marks(line)


def _is_between_marks(line: str) -> bool:
    short = line[:_LONGEST_LINE]
    return _BETWEEN_MARKS.fullmatch(short) is not None and _DATE.search(short) is not None


def is_rule(line: str) -> bool:
    """Whether a line is nothing but a rule."""
    return _RULE.fullmatch(line[:_LONGEST_LINE]) is not None


def is_forwarding(line: str) -> bool:
    """Whether a line says that a mail is passed on below: that mail is what the writer means."""
    return len(line) < 200 and line.strip("-_=*>~ \t").lower().startswith(wordings.FORWARDED)


def passes_on(subject: str) -> bool:
    """Whether a subject says that a mail is passed on; not "VS:", by which Finns answer."""
    found = PASSED_ON.match(subject)
    return found is not None and not subject.strip().lower().startswith("vs")


def forwarded_at(lines: list[str]) -> int:
    """The first line that says that a mail is passed on, len(lines) if none does."""
    searched = enumerate(lines[:_MOST_LINES])
    return next((number for number, line in searched if is_forwarding(line)), len(lines))


def openings(lines: list[str]) -> Iterator[Opening]:
    """What announces a quote, in order, up to a line that says that a mail is passed on."""
    at, end = 0, min(forwarded_at(lines), _MOST_LINES)
    while at < end:
        found = None if is_quoted(lines[at]) else _opening(lines, at)
        if found is not None:
            yield found
        at = found.end if found else at + 1


def _opening(lines: list[str], at: int) -> Opening | None:
    line = lines[at]
    if not _TELLING.search(line[:_LONGEST_LINE]):
        cut = len(line) < 40 and _BEGINNING.match(line) is not None
        return _naming(lines, at) if cut else None
    if _is_between_marks(line):
        return Opening(at, at + 1, strong=True)
    if _says_original(line) or (_is_framed(line) and _is_above_quote(lines, at + 1)):
        header = _header(lines, at + 1, framed=True)
        return Opening(at, header.end if header else at + 1, strong=True)
    if is_rule(line):
        header = _header(lines, at + 1, framed=True)
        return Opening(at, header.end, strong=True) if header else None
    return _header(lines, at) or _naming(lines, at)


def _says_original(line: str) -> bool:
    if len(line) > 120 or not line.strip().startswith(tuple("-‐_=*–—#")):
        return False
    words = line.strip("-‐_=*~–—:> \t#").lower()
    framed = line.strip().endswith(("--", "==", "__", "**", "##", "-#"))
    if framed and _ADDRESS.search(line):
        verb = _VERB.search(words)
        return verb is not None and not words[verb.end() :]  # as Lotus Notes writes
    return words in wordings.ORIGINAL or (framed and any(at in words for at in wordings.ABOVE))


def _is_framed(line: str) -> bool:
    """Whether a few words stand between two rules."""
    return len(line) <= 120 and _BETWEEN_RULES.fullmatch(line) is not None


def _is_above_quote(lines: list[str], at: int) -> bool:
    return _is_above_marks(lines, at) or _header(lines, at) is not None


def _naming(lines: list[str], at: int) -> Opening | None:
    """ "On that day she wrote:", on up to four lines that begin at `at`."""
    first = _TURNING.sub("", lines[at][: _LONGEST_LINE + 1])
    if len(first) > _LONGEST_LINE:
        return None
    begins = _BEGINNING.match(first) is not None
    text = ""
    for count in range(1, 1 + (_LONGEST_NAMING if begins or _ADDRESS.search(first) else 1)):
        line = _TURNING.sub("", lines[at + count - 1]) if at + count <= len(lines) else ""
        if not line.strip() or is_quoted(line) or len(text) + len(line) > _LONGEST_LINE:
            return None
        text = f"{text} {line.strip()}".strip()
        above = _is_above_marks(lines, at + count)
        if _names_writer(text, begins=begins, above=above):
            strong = bool(_ADDRESS.search(text) or _TIME.search(text) or "you wrote" in text)
            return Opening(at, at + count, strong, by_hand=True)
    return None


def _is_above_marks(lines: list[str], at: int) -> bool:
    """Whether the next line that is not empty carries the mark of a quote."""
    following = next((line for line in lines[at : at + 6] if line.strip()), "")
    return is_quoted(following)


def _names_writer(text: str, *, begins: bool, above: bool) -> bool:
    bare = text.rstrip("-–—_*> ")
    ends = bare.endswith((":", "："))
    verb = _VERB.search(text) or _CJK_VERB.search(text)
    rest = bare[verb.end() :].strip(" :：") if verb else ""
    closes = verb is not None and not rest
    if not ends and not closes:
        return False
    address = _ADDRESS.search(text) is not None
    if verb is not None and (begins or above or (ends and _is_moment(rest))):
        return _NUMBER.search(text) is not None or (above and ends and address)
    dated = _DATE.search(text) is not None or (above and _NUMBER.search(text) is not None)
    timed = above and _TIME.search(text) is not None  # whatever language it is in
    return address and dated and (begins or verb is not None or timed)


def _is_moment(text: str) -> bool:
    """Whether nothing but a date with its time stands there."""
    return bool(_DATED.fullmatch(text) and _DATE.search(text) and _TIME.search(text))


def _header(lines: list[str], at: int, *, framed: bool = False) -> Opening | None:
    """A block of "From:", "Sent:", "To:", "Subject:" that begins at `at` or after empty lines;
    without an address or a time in it only where it is `framed` by what stands above."""
    first = at
    while at < len(lines) and not lines[at].strip() and at < first + 2:
        at += 1
    seen: list[str] = []
    address, timed, end, others = False, False, at, 0
    for number in range(at, min(at + _LONGEST_HEADER, len(lines))):
        line = lines[number]
        if not line.strip() or others > 1:
            break
        label = _label(line, seen)
        if label is None and not seen:
            return None
        others = 0 if label else others + 1
        if label:
            seen.append(label)
            end = number + 1
        address = address or _ADDRESS.search(line[:_LONGEST_LINE]) is not None
        timed = timed or _TIME_ALONE.search(line[:_LONGEST_LINE]) is not None
    kinds = set(seen)
    told = address or ("subject" in kinds and (timed or framed))
    whole = "from" in kinds and len(kinds - {"beside"}) >= 3 and told
    return Opening(at, end, strong=True) if whole else None


def _label(line: str, seen: list[str]) -> str | None:
    """What a line of a header block tells, None if it is none."""
    match = _LABEL.match(line[:_LONGEST_LINE])
    if match is None:
        return None
    word = _EDGE.sub("", match[1]).strip().replace("\u3000", "").lower()
    kind = _LABELS.get(word)
    if kind == "from" and "from" in seen and word in _ALSO_TO:
        return "to"
    return kind
