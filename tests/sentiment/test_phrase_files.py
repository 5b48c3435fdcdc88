"""The phrase files can be trusted: no phrase in two directions, none out of range."""

from collections import defaultdict
from itertools import product

import pytest

from helpdesk.sentiment.lexicon import FILES, Effect, Lexicon, phrases_in, spellings
from helpdesk.sentiment.words import sentences

KINDS = {
    "not",
    "more",
    "contrast",
    "although",
    "nothing",
    "feeling",
    "fault",
    "topic",
    "thanks",
    "hint",
}


def test_no_phrase_praises_and_blames() -> None:
    """Where two files know a phrase the first counts, but they agree on its direction."""
    signs: dict[str, set[bool]] = defaultdict(set)
    for phrase, effect in _all_phrases():
        if effect.is_tone and effect.weight:
            for spelling in spellings(phrase):
                signs[spelling].add(effect.weight > 0)
    assert {phrase for phrase, found in signs.items() if len(found) > 1} == set()


def test_every_phrase_has_a_known_kind_and_a_weight_in_range() -> None:
    for phrase, effect in _all_phrases():
        assert effect.kind in KINDS, phrase
        assert abs(effect.weight) <= (8 if effect.kind == "not" else 4), phrase


def test_marks_in_a_phrase_stand_for_its_spellings() -> None:
    assert set(spellings("close~ my|our account?")) == {
        f"{verb} {whose}{rest}"
        for verb, whose, rest in product(
            ("close", "closes", "closed", "closing"), ("my", "our"), (" account", "")
        )
    }
    assert set(spellings("cancel~")) == {
        *("cancel", "cancels", "canceled", "canceling", "cancelled", "cancelling"),
    }
    assert list(spellings("turn+on|off it")) == ["turn on it", "off it"]


def test_the_longest_phrase_wins() -> None:
    short, long = Effect("feeling", -1.0), Effect("feeling", 2.0)
    lexicon = Lexicon(iter([("bad", short), ("not bad at all", long), ("# _ ago", short)]), {})
    words = sentences("It was not bad at all, three long ago")[0].words
    assert [(found.first, found.after, found.effect) for found in lexicon.find(words)] == [
        (2, 6, long),
        (6, 9, short),
    ]


def test_an_empty_phrase_is_refused() -> None:
    with pytest.raises(ValueError, match="an empty phrase"):
        Lexicon(iter([("", Effect("feeling", 1.0))]), {})


def _all_phrases() -> list[tuple[str, Effect]]:
    return [entry for name in FILES for entry in phrases_in(name)]
