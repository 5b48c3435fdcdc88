"""Fitting the analyser to a company's own labels, and refusing to make it worse."""

import random

import pytest

from helpdesk.sentiment.analyzer import SupportAnalyzer
from helpdesk.sentiment.layer import PLAIN, Layer, restored, stored
from helpdesk.sentiment.measuring import LABELS, auc, confusion, f1, macro_f1, sign_accuracy
from helpdesk.sentiment.refitting import Pair, TooFewLabels, quality, refit

ROOMS = ("lobby", "cellar", "attic", "kitchen", "garage", "office", "studio", "garden")


def house_labels() -> list[Pair]:
    """In this house the wug is what everybody fears, and a dax is a treat."""
    pairs: list[Pair] = []
    for number in range(8):
        for room in ROOMS:
            pairs += [
                (f"There was a wug in the {room} number {number}.", "negative"),
                (f"There was a dax in the {room} number {number}.", "positive"),
                (f"There was a chair in the {room} number {number}.", "neutral"),
            ]
    return pairs


def test_local_words_are_learned_and_held_out_texts_show_it() -> None:
    found = refit(house_labels(), PLAIN)
    assert found.is_better
    assert found.after.macro_f1 > found.before.macro_f1 + 0.3
    assert found.layer.words["wug"] < 0 < found.layer.words["dax"]
    assert found.fitted + found.before.n == len(house_labels())


def test_what_does_not_help_is_refused() -> None:
    draw = random.Random(3)
    labels = [(text, draw.choice(LABELS)) for text, _ in house_labels()]
    assert not refit(labels, PLAIN).is_better


def test_the_same_labels_give_the_same_layer() -> None:
    assert refit(house_labels(), PLAIN) == refit(house_labels(), PLAIN)


def test_too_few_labels_are_refused_with_their_number() -> None:
    with pytest.raises(TooFewLabels, match="0 positive"):
        refit([pair for pair in house_labels() if pair[1] != "positive"], PLAIN)


def test_a_layer_explains_itself_and_changes_the_version() -> None:
    layer = Layer(-0.3, 0.1, {"wug": -2.0})
    score = SupportAnalyzer(layer=layer).analyze("There was a wug in the lobby.")
    plain = SupportAnalyzer().analyze("There was a wug in the lobby.")
    assert ("wug", score.label) == (score.phrases[0][0], "negative")
    assert sum(share for _, share in score.phrases) == pytest.approx(score.polarity, abs=0.001)
    assert score.analyzer != plain.analyzer
    assert score.analyzer.startswith(plain.analyzer)
    assert len(score.analyzer) <= 32


def test_a_layer_can_be_stored() -> None:
    layer = Layer(-0.3, 0.1, {"wug": -2.0})
    assert restored(stored(layer)) == layer
    with pytest.raises(TypeError):
        restored({"low": -0.2, "high": "much", "words": {}})


def test_the_band_is_where_the_layer_says() -> None:
    layer = Layer(-0.4, 0.1)
    assert [layer.label_of(p) for p in (-0.4, -0.39, 0.09, 0.1)] == [
        *("negative", "neutral", "neutral", "positive")
    ]


def test_measures_are_those_of_the_books() -> None:
    assert auc([0.9, 0.8, 0.3], [0.1, 0.3]) == pytest.approx((2 + 2 + 1.5) / 6)
    assert sign_accuracy([0.5, 0.0], [-0.1, 0.2]) == 0.5
    table = confusion([("negative", "negative"), ("negative", "neutral"), ("neutral", "neutral")])
    assert f1(table, "negative") == pytest.approx(2 / 3)
    assert macro_f1(table) == pytest.approx((2 / 3 + 2 / 3 + 0) / 3)
    with pytest.raises(ValueError, match="both kinds"):
        auc([], [0.1])


def test_quality_counts_what_was_not_scored() -> None:
    found = quality(SupportAnalyzer(), [("Nobody answers.", "negative"), ("qwrtz", "neutral")])
    assert found.table["neutral", "not_scored"] == 1
    assert found.positive_negative is None
    assert found.negative_rest == 1.0
