"""From sentences to expressions: negation, strength, contrast, questions, courtesy and sarcasm."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from math import sqrt

from helpdesk.sentiment.inquiry import inquiry_start
from helpdesk.sentiment.lexicon import Effect, Found, Lexicon
from helpdesk.sentiment.negation import negation_of
from helpdesk.sentiment.scoring import Expression, gathered
from helpdesk.sentiment.words import Sentence

_NEGATED_PRAISE = -0.8
_NEGATED_BLAME = -0.6
_LOUD = 1.2
_EXCLAIMED = 0.1
_BEFORE_BUT = 0.5
_AFTER_BUT = 1.2
_MOCKED = -0.9
_COURTESY = 0.25
# What an inquiry leaves of a tone: "How do I report a problem?" is no complaint.
_ASKED = {
    "feeling": 0.6,
    "fault": 0.15,
    "topic": 0.1,
    "thanks": 0.25,
    "general": 0.15,
    "hint": 0.2,
    "pair": 0.2,
}
_ASKED_KINDLY = 0.2
_PRAISE = 1.2
_MAY_BE_FAINT = frozenset(("general", "hint", "pair"))
_FAINT = 0.6
_BLOW = -0.5
_HINT = 0.3
_DENIAL = Effect("hint", -0.5)
_MOST_HINTS = 0.9


@dataclass(frozen=True, slots=True)
class Tone:
    """A phrase that has a tone, within its sentence."""

    found: Found
    factor: float
    """What the words around it make of the phrase's weight."""
    shown_from: int
    """The first word to show, so that the reader sees "not very helpful"."""
    negated: float = 0.0
    """What was learned of the phrase when it is negated."""
    is_negated: bool = False

    @property
    def weight(self) -> float:
        return self.found.effect.weight * self.factor + self.negated

    @property
    def is_faint(self) -> bool:
        """Whether a reader would not call it a tone: learned words and hints that count little."""
        return self.found.effect.kind in _MAY_BE_FAINT and abs(self.weight) < _FAINT


def expressions(
    sentences: Sequence[Sentence], lexicon: Lexicon, more: Sequence[Expression] = ()
) -> list[Expression]:
    """Every phrase of the text that moved its tone, in the order of the text.

    `more` are expressions that were found by other means.
    """
    read = readings(sentences, lexicon)
    return gathered([*(each for reading in read for each in reading.expressions()), *more])


def readings(sentences: Sequence[Sentence], lexicon: Lexicon) -> list["Reading"]:
    """The sentences with the tone of each, seen in the light of the others."""
    read = [Reading(sentence, lexicon) for sentence in sentences]
    for before, reading in pairwise(read):
        if before.is_mocking_alone and reading.total < _BLOW:
            before.mock()
        if reading.opens_with_contrast:
            before.weaken(_BEFORE_BUT)
    _discount_courtesy(read)
    _bound_repeats(read)
    _bound_hints(read)
    return read


class Reading:
    """The tone of one sentence."""

    def __init__(self, sentence: Sentence, lexicon: Lexicon):
        self.sentence = sentence
        self._found = lexicon.find(sentence.words)
        self._learned = lexicon.learned
        self._asked_from = inquiry_start(sentence)
        numbered = enumerate(self._found)
        self.tones = [self._tone(at) for at, found in numbered if found.effect.is_tone]
        self.tones += self._pairs()
        self.tones += self._denials()
        self._weigh_contrast()
        if self._opens_with_mockery and sum(tone.weight for tone in self.tones[1:]) < _BLOW:
            self.mock()

    @property
    def total(self) -> float:
        return sum(tone.weight for tone in self.tones)

    @property
    def opens_with_contrast(self) -> bool:
        first = self._found[0] if self._found else None
        return first is not None and first.effect.kind == "contrast" and first.first == 0

    def weaken_hints(self, factor: float) -> None:
        self.tones = [_times(tone, factor) if _is_hint(tone) else tone for tone in self.tones]

    @property
    def is_mocking_alone(self) -> bool:
        """Whether the sentence is a single word of praise: "Brilliant." """
        return self._opens_with_praise and len(self.sentence.words) <= 2

    @property
    def is_thanks_alone(self) -> bool:
        return len(self.sentence.words) <= 4 and any(map(_is_thanks, self.tones))

    def mock(self) -> None:
        """Turn the praise that opens the sentence into its opposite."""
        self.tones[0] = _times(self.tones[0], _MOCKED)

    def weaken(self, factor: float) -> None:
        self.tones = [_times(tone, factor) for tone in self.tones]

    def weaken_repeats(self, seen: Counter[tuple[str, ...]]) -> None:
        """Let what was learned of a word count less each time it is said again."""
        self.tones = [self._repeated(tone, seen) for tone in self.tones]

    def _repeated(self, tone: Tone, seen: Counter[tuple[str, ...]]) -> Tone:
        if tone.found.effect.kind not in _MAY_BE_FAINT:
            return tone
        found = self.sentence.words[tone.found.first : tone.found.after]
        phrase = tuple(word.text for word in found)
        seen[phrase] += 1
        return tone if seen[phrase] == 1 else _times(tone, 1 / seen[phrase] ** 2)

    def weaken_thanks(self, factor: float) -> None:
        self.tones = [_times(tone, factor) if _is_thanks(tone) else tone for tone in self.tones]

    def expressions(self) -> Iterator[Expression]:
        words = self.sentence.words
        for tone in self.tones:
            if tone.weight:
                first, last = words[tone.shown_from], words[tone.found.after - 1]
                yield Expression(first.start, last.end, tone.weight, tone.is_faint)

    def _tone(self, at: int) -> Tone:
        found = self._found[at]
        factor = self._strength(at)
        if found.effect.kind == "hint":
            asked = self._asked(found.first, "hint", found.effect.weight)
            return Tone(found, _HINT * asked, found.first)
        negation = negation_of(self.sentence.words, self._found, at)
        learned = 0.0
        if negation:
            factor *= _NEGATED_PRAISE if found.effect.weight > 0 else _NEGATED_BLAME
            if found.after - found.first == 1:
                learned = self._learned.negated.get(self.sentence.words[found.first].text, 0.0)
        asked = self._asked(found.first, found.effect.kind, found.effect.weight * factor)
        shown = self._shown_from(at, negation)
        return Tone(found, factor * asked, shown, learned * asked, negation is not None)

    def _asked(self, first: int, kind: str, weight: float) -> float:
        """What is left of a tone that stands in a request for information."""
        if self._asked_from is None or first < self._asked_from:
            return 1.0
        return _ASKED[kind] if weight < 0 else _ASKED_KINDLY

    def _pairs(self) -> Iterator[Tone]:
        """Pairs of neighbouring words of which something was learned."""
        words, pairs = self.sentence.words, self._learned.pairs
        for number, (first, second) in enumerate(pairwise(words)):
            after = pairs.get(first.text)
            weight = after.get(second.text) if after else None
            if weight is not None and first.clause == second.clause:
                found = Found(number, number + 2, Effect("pair", weight))
                if not self._is_negated_from_outside(found):
                    yield Tone(found, self._asked(number, "pair", weight), number)

    def _denials(self) -> Iterator[Tone]:
        """Saying "no" and "not" at all is a hint."""
        for found in self._found:
            if found.effect.kind == "not":
                asked = self._asked(found.first, "hint", _DENIAL.weight)
                yield Tone(replace(found, effect=_DENIAL), _HINT * asked, found.first)

    def _is_negated_from_outside(self, pair: Found) -> bool:
        return any(
            tone.is_negated and tone.shown_from < pair.first <= tone.found.first < pair.after
            for tone in self.tones
        )

    def _shown_from(self, at: int, negation: Found | None) -> int:
        """Where the words begin that made this tone, never within the phrase before it."""
        before = self._found[at - 1] if at else None
        between = (found for found in self._found[max(0, at - 8) : at] if found.effect.is_tone)
        if negation and not any(found.first > negation.first for found in between):
            return negation.first
        return before.first if before and self._strengthens(before, at) else self._found[at].first

    def _strength(self, at: int) -> float:
        """How much louder or softer the words around a phrase make it."""
        found = self._found[at]
        words = self.sentence.words
        strength = 1 + _EXCLAIMED * min(3, self.sentence.end.count("!"))
        if any(word.loud for word in words[found.first : found.after]):
            strength *= _LOUD
        before = self._found[at - 1] if at else None
        if before and self._strengthens(before, at):
            strength *= before.effect.weight
        return strength

    def _strengthens(self, before: Found, at: int) -> bool:
        return before.effect.kind == "more" and self._found[at].first - before.after <= 1

    def _weigh_contrast(self) -> None:
        """What stands before the last "but" counts less, as does what "although" grants."""
        if but := self._last("contrast"):
            self.tones = [_around(tone, but) for tone in self.tones]
        if although := self._last("although"):
            self.tones = [self._granted(tone, although) for tone in self.tones]

    def _last(self, kind: str) -> Found | None:
        return next((found for found in reversed(self._found) if found.effect.kind == kind), None)

    def _granted(self, tone: Tone, although: Found) -> Tone:
        words = self.sentence.words
        within = words[tone.found.first].clause == words[although.first].clause
        after = tone.found.first >= although.after
        return _times(tone, _BEFORE_BUT) if within and after else tone

    @property
    def _opens_with_praise(self) -> bool:
        if not self.tones or self.tones[0].weight < _PRAISE or self.sentence.is_question:
            return False
        first = self.tones[0].found
        return first.effect.kind in ("feeling", "general") and first.first <= 1

    @property
    def _opens_with_mockery(self) -> bool:
        """Praise, a comma, and then the blow: "Great, another outage"."""
        if not self._opens_with_praise or any(f.effect.qualifies for f in self._found):
            return False
        after = self.tones[0].found.after
        words = self.sentence.words
        return after < len(words) and words[after].clause != words[after - 1].clause


def _around(tone: Tone, contrast: Found) -> Tone:
    factor = _BEFORE_BUT if tone.found.first < contrast.first else _AFTER_BUT
    return _times(tone, factor)


def _times(tone: Tone, factor: float) -> Tone:
    return replace(tone, factor=tone.factor * factor, negated=tone.negated * factor)


def _is_thanks(tone: Tone) -> bool:
    return tone.found.effect.kind == "thanks"


def _discount_courtesy(read: Sequence[Reading]) -> None:
    """Thanks beside a complaint, or as the last word of a request, are manners."""
    thanks = sum(tone.weight for reading in read for tone in reading.tones if _is_thanks(tone))
    rest = sum(reading.total for reading in read) - thanks
    for number, reading in enumerate(read):
        signs_off = number > 0 and number == len(read) - 1 and reading.is_thanks_alone
        if rest < -0.5 or (signs_off and rest < 0.5):
            reading.weaken_thanks(_COURTESY)


def _is_hint(tone: Tone) -> bool:
    return tone.found.effect.kind == "hint"


def _bound_repeats(read: Sequence[Reading]) -> None:
    """A word that says little says little however often it stands there: 1/n² the n-th time."""
    seen: Counter[tuple[str, ...]] = Counter()
    for reading in read:
        reading.weaken_repeats(seen)


def _bound_hints(read: Sequence[Reading]) -> None:
    """Hints order texts that say little; many of them together are still no more than a hint.

    Their sum H becomes H / sqrt(1 + (H / 0.9)²).
    """
    total = sum(tone.weight for reading in read for tone in reading.tones if _is_hint(tone))
    for reading in read:
        reading.weaken_hints(1 / sqrt(1 + (total / _MOST_HINTS) ** 2))
