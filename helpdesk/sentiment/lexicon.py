"""Phrases and what they do to the tone, read from the files in `phrases/`.

A line is a weight and phrases with commas between them; a heading in brackets says what kind of
phrase follows. Weights of tone run from -4 to 4. In a phrase, `a|b` is one word or the other
(`a+b` two words), `word?` may be missing, `word~` is the word with its endings, `_` is any word
and `#` a number.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import product
from pathlib import Path

from helpdesk.sentiment.learned import Learned
from helpdesk.sentiment.words import Word

FILES = ("grammar.txt", "sarcasm.txt", "feelings.txt", "faults.txt", "service.txt", "hints.txt")
FOLDER = Path(__file__).parent / "phrases"
TONES = frozenset(("feeling", "fault", "topic", "thanks", "hint", "general"))
LEARNING = frozenset(("feeling", "fault", "general"))
"""Kinds of which a single word takes what was learned of it on top of its own weight."""
_FAINT = 0.8


@dataclass(frozen=True, slots=True)
class Effect:
    """What a phrase does: its kind (the heading it stands under) and how much."""

    kind: str
    weight: float

    @property
    def is_tone(self) -> bool:
        return self.kind in TONES

    @property
    def qualifies(self) -> bool:
        """Whether it weighs one thing against another, as "but", "though" and "a bit" do."""
        return self.kind in ("contrast", "although") or (self.kind == "more" and self.weight < 1)

    @property
    def stops_negation(self) -> bool:
        """Whether a "not" before this says nothing about what follows it."""
        return self.kind in TONES and abs(self.weight) >= _FAINT


@dataclass(frozen=True, slots=True)
class Found:
    """A phrase at words[first:after] of a sentence."""

    first: int
    after: int
    effect: Effect


@dataclass(slots=True)
class _Node:
    following: dict[str, "_Node"] = field(default_factory=dict)
    effect: Effect | None = None


class Lexicon:
    """Finds the longest known phrase at each place, and single words of a general lexicon."""

    def __init__(
        self,
        phrases: Iterator[tuple[str, Effect]],
        general: Mapping[str, float],
        learned: Learned | None = None,
    ):
        self.learned = learned or Learned()
        self._root = _Node()
        self._general = {word: Effect("general", weight) for word, weight in general.items()}
        self.words: set[str] = set(general)
        for phrase, effect in phrases:
            self._add(phrase, effect)

    def find(self, words: Sequence[Word]) -> list[Found]:
        """The phrases of a sentence from left to right, none in another."""
        found: list[Found] = []
        at = 0
        while at < len(words):
            phrase = self._longest(words, at)
            if phrase is None and (effect := self._general.get(words[at].text)):
                phrase = Found(at, at + 1, effect)
            if phrase:
                found.append(phrase)
            at = phrase.after if phrase else at + 1
        return found

    def _longest(self, words: Sequence[Word], at: int) -> Found | None:
        best: Found | None = None
        for after, effect in _walk(self._root, words, at):
            longer = best is None or after > best.after
            if longer and not _pauses_in_a_pair(words, at, after):
                best = Found(at, after, effect)
        return best

    def _add(self, phrase: str, effect: Effect) -> None:
        if not phrase:
            raise ValueError(f"an empty phrase under {effect.kind}")
        for spelling in spellings(phrase):
            node = self._root
            for word in spelling.split():
                node = node.following.setdefault(word, _Node())
                self.words.add(word)
            if node.effect is None:
                node.effect = self._with_what_was_learned(spelling, effect)

    def _with_what_was_learned(self, spelling: str, effect: Effect) -> Effect:
        more = self.learned.words.get(spelling) if effect.kind in LEARNING else None
        return Effect(effect.kind, effect.weight + more) if more else effect


def _walk(node: _Node, words: Sequence[Word], at: int) -> Iterator[tuple[int, Effect]]:
    """Every known phrase that begins here. Phrases are short, so this goes a few words deep."""
    if node.effect:
        yield at, node.effect
    if at == len(words) or not node.following:
        return
    word = words[at]
    if named := node.following.get(word.text):
        yield from _walk(named, words, at + 1)
    if (number := node.following.get("#")) and word.is_number:
        yield from _walk(number, words, at + 1)
    if anything := node.following.get("_"):
        yield from _walk(anything, words, at + 1)


def _pauses_in_a_pair(words: Sequence[Word], first: int, after: int) -> bool:
    """ "No, problem 2 remains" is not "no problem"; longer phrases may have a comma inside."""
    return after - first == 2 and words[first].clause != words[after - 1].clause


def spellings(phrase: str) -> Iterator[str]:
    """Every plain sequence of words that a phrase with marks stands for."""
    for choice in product(*map(_choices, phrase.split())):
        yield " ".join(" ".join(choice).split())


def _choices(slot: str) -> list[str]:
    """The words that may stand in one place of a phrase; "" where it may be left out."""
    words = [form for word in slot.removesuffix("?").split("|") for form in _forms(word)]
    words = [word.replace("+", " ") for word in words]
    return [*words, ""] if slot.endswith("?") else words


def _forms(word: str) -> list[str]:
    """A word marked with ~ and its endings: close~ → close, closes, closed, closing."""
    if not word.endswith("~"):
        return [word]
    stem = word[:-1]
    if stem.endswith("e"):
        return [stem, f"{stem}s", f"{stem}d", f"{stem[:-1]}ing"]
    if stem.endswith("l") and stem[-2:-1] != "i":
        return [stem, f"{stem}s", f"{stem}ed", f"{stem}ing", f"{stem}led", f"{stem}ling"]
    plural = "es" if stem.endswith(("s", "x", "sh", "ch")) else "s"
    return [stem, f"{stem}{plural}", f"{stem}ed", f"{stem}ing"]


def phrases_in(name: str) -> Iterator[tuple[str, Effect]]:
    """Each phrase of a file with its effect. Raises ValueError where a weight is missing."""
    kind = ""
    for line in (FOLDER / name).read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            kind = line.strip("[] ")
        elif line and not line.startswith("# "):
            weight, _, phrases = line.partition(" ")
            effect = Effect(kind, float(weight))
            yield from ((phrase.strip(), effect) for phrase in phrases.split(", "))


@cache
def signal_lexicon() -> Lexicon:
    """The phrases of signals.txt, with the words that negate."""
    return Lexicon(_all_phrases(("signals.txt", "grammar.txt")), {})


def tone_lexicon(general: Mapping[str, float], learned: Learned | None = None) -> Lexicon:
    """The support phrases, and for words that they do not know a general lexicon."""
    return Lexicon(_all_phrases(FILES), general, learned)


def _all_phrases(names: Sequence[str]) -> Iterator[tuple[str, Effect]]:
    for name in names:
        yield from phrases_in(name)
