"""What somebody wrote themselves in a mail, told apart from what they quoted and signed with."""

from dataclasses import dataclass
from enum import StrEnum


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

    @property
    def own(self) -> str:
        """The writer's own words alone, wherever they stand; what the mail log shows and what
        sentiment reads. A text of nothing but a quote has none."""
        return "\n".join(self.pieces(Part.OWN)).strip()

    @property
    def interleaved(self) -> bool:
        """Whether own words stand below a quote: then nothing may be folded."""
        parts = [stretch.part for stretch in self.stretches]
        return Part.QUOTE in parts and Part.OWN in parts[parts.index(Part.QUOTE) :]

    @property
    def shown(self) -> str:
        """What a page shows unfolded: everything where own words stand below a quote or where
        there are none, else the own words."""
        return self.text.strip() if self.interleaved or not self.own else self.own

    @property
    def folded(self) -> str:
        """What a page folds below `shown`: "" where everything is shown."""
        if self.interleaved or not self.own:
            return ""
        return "\n".join(self.pieces(Part.QUOTE, Part.SIGNATURE)).strip()

    def pieces(self, *parts: Part) -> list[str]:
        """The text of each stretch of these parts, without blank lines around it."""
        cut = (self.text[s.start : s.end].strip("\n") for s in self.stretches if s.part in parts)
        return [piece for piece in cut if piece.strip()]


def split(text: str) -> Reply:
    """Own words, quotes and signature of a plain text (as in `Mail.text`). Never raises."""
    return Reply(text, (Stretch(Part.OWN, 0, len(text)),))
