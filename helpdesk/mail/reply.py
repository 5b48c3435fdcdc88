"""What somebody wrote themselves in a mail, told apart from what they quoted and signed with."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from itertools import pairwise

from helpdesk.mail.pointing import points_into_quote
from helpdesk.mail.quotes import forwarded_at, is_quoted, openings, passes_on
from helpdesk.mail.signatures import signature_start

MOST_LINES = 50_000
"""Lines of a text that is told apart; one with more is shown as it is."""
MOST_STRETCHES = 2_000
"""Changes between own words and quotes; a text with more of them is shown as it is."""


class Part(StrEnum):
    """What a stretch of a mail is."""

    OWN = "own"
    QUOTE = "quote"
    SIGNATURE = "signature"


@dataclass(frozen=True)
class Stretch:
    """Characters `start` to `end` of the text; stretches follow one another and cover it all."""

    part: Part
    start: int
    end: int


@dataclass(frozen=True)
class Reply:
    """A text and what its lines are."""

    text: str
    stretches: tuple[Stretch, ...]

    @cached_property
    def own(self) -> str:
        """The writer's own words alone, wherever they stand; what the mail log shows and what
        sentiment reads. A text of nothing but a quote has none."""
        return "\n".join(self.pieces(Part.OWN)).strip()

    @cached_property
    def interleaved(self) -> bool:
        """Whether own words stand below a quote, or the writer says that they stand in it: then
        nothing may be folded."""
        parts = [
            stretch.part
            for stretch in self.stretches
            if self.text[stretch.start : stretch.end].strip()
        ]
        if Part.QUOTE not in parts:
            return False
        return Part.OWN in parts[parts.index(Part.QUOTE) :] or points_into_quote(self.own)

    @cached_property
    def shown(self) -> str:
        """What a page shows unfolded: everything where own words stand below a quote or where
        there are none, else the own words."""
        return self.text.strip() if self.interleaved or not self.own else self.own

    @cached_property
    def folded(self) -> str:
        """What a page folds below `shown`: "" where everything is shown."""
        if self.interleaved or not self.own:
            return ""
        return "\n".join(self.pieces(Part.QUOTE, Part.SIGNATURE)).strip()

    def pieces(self, *parts: Part) -> list[str]:
        """The text of each stretch of these parts, without blank lines around it."""
        cut = (self.text[s.start : s.end].strip("\n") for s in self.stretches if s.part in parts)
        return [piece for piece in cut if piece.strip()]


def split(text: str, subject: str = "") -> Reply:
    """Own words, quotes and signature of a plain text (as in `Mail.text`). Never raises.

    Where the subject says that a mail is passed on, that mail is what the writer means.
    """
    whole = Reply(text, (Stretch(Part.OWN, 0, len(text)),))
    if text.count("\n") > MOST_LINES:
        return whole
    lines = text.split("\n")
    kinds = _quotes(lines, passed_on=passes_on(subject))
    if sum(one is not other for one, other in pairwise(kinds)) > MOST_STRETCHES:
        return whole  # nobody answers so often
    return Reply(text, tuple(_stretches(lines, _with_signatures(lines, kinds))))


def _quotes(lines: list[str], *, passed_on: bool) -> list[Part]:
    """What each line is, by marks and by what announces a quote."""
    forwarded = forwarded_at(lines)
    if passed_on:
        headers = (found.start for found in openings(lines) if not found.by_hand)
        forwarded = next(headers, forwarded)
    kinds = [
        Part.QUOTE if number < forwarded and is_quoted(line) else Part.OWN
        for number, line in enumerate(lines)
    ]
    for number in range(1, len(lines)):
        if not lines[number].strip():
            kinds[number] = kinds[number - 1]  # an empty line belongs to what stands above it
    last_mark = max((n for n, kind in enumerate(kinds) if kind is Part.QUOTE), default=-1)
    for opening in openings(lines[:forwarded] if passed_on else lines):
        following = _next_filled(lines, opening.end)
        marked = following < len(lines) and kinds[following] is Part.QUOTE
        if marked or (opening.by_hand and last_mark > opening.end and opening.strong):
            kinds[opening.start : opening.end] = [Part.QUOTE] * (opening.end - opening.start)
        if marked or not opening.strong or (opening.by_hand and last_mark > opening.end):
            continue  # where it is not strong, somebody may have written it
        return [*kinds[: opening.start], *[Part.QUOTE] * (len(lines) - opening.start)]
    return kinds


def _next_filled(lines: list[str], at: int) -> int:
    while at < len(lines) and not lines[at].strip():
        at += 1
    return at


def _with_signatures(lines: list[str], kinds: list[Part]) -> list[Part]:
    """The same with the signature, which ends the writer's last words; where those are nothing but
    a signature (below a quote), the words before them may have one too."""
    made = list(kinds)
    own = [
        (start, end)
        for start, end in _runs(kinds)
        if kinds[start] is Part.OWN and any(line.strip() for line in lines[start:end])
    ]
    for start, end in reversed(own):
        signed = start + signature_start(lines[start:end])
        made[signed:end] = [Part.SIGNATURE] * (end - signed)
        if any(line.strip() for line in lines[start:signed]):
            break
    return made


def _runs(kinds: list[Part]) -> Iterator[tuple[int, int]]:
    """Start and end of neighbouring lines of one kind."""
    start = 0
    for number in range(1, len(kinds) + 1):
        if number == len(kinds) or kinds[number] is not kinds[start]:
            yield start, number
            start = number


def _stretches(lines: list[str], kinds: list[Part]) -> Iterator[Stretch]:
    at = 0
    for start, end in _runs(kinds):
        after = at + sum(len(line) + 1 for line in lines[start:end]) - (end == len(lines))
        yield Stretch(kinds[start], at, after)
        at = after
