"""Whatever the text is: bounded, the same every time, explained by its own words, and fast."""

import json
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk.sentiment import score, signals
from helpdesk.sentiment.scoring import NEUTRAL_BAND, label_of
from tests.growth import assert_in_step

WORDS = [
    *("not", "never", "very", "but", "thanks", "great", "terrible", "broken", "works", "again"),
    *("the", "is", ",", ".", "!", "?", ":", "\n", ">", '"', "'", "nobody", "answers", "GREAT"),
    *("3", "waiting", "for", "how", "do", "i", "cancel", "😡", ":)", "refund", "although", "don't"),
]
SENTENCES = st.lists(st.sampled_from(WORDS), max_size=40).map(" ".join)
TEXTS = st.text(st.characters()) | SENTENCES

PRAISE = [
    *("helpful", "friendly", "polite", "good", "great", "happy", "satisfied", "useful"),
    *("very clear", "professional", "reliable"),
]
BLAME = [
    *("bad", "terrible", "broken", "slow", "rude", "useless", "annoying", "disappointing"),
    *("wrong", "confusing"),
]


@given(TEXTS)
def test_a_score_is_bounded_and_its_label_fits(text: str) -> None:
    given_score = score(text)
    assert -1 <= given_score.polarity <= 1
    assert 0 <= given_score.coverage <= 1
    assert (given_score.label == "not_scored") == bool(given_score.why)
    if given_score.label != "not_scored":
        assert given_score.label == label_of(given_score.polarity)


@given(TEXTS)
def test_the_same_text_has_the_same_score(text: str) -> None:
    assert score(text) == score(text)


@given(TEXTS)
def test_phrases_are_pieces_of_the_text_and_can_be_stored(text: str) -> None:
    phrases = score(text).phrases
    assert all(phrase in text for phrase, _ in phrases)
    json.dumps(phrases, ensure_ascii=False).encode()


@pytest.mark.parametrize(
    ("text", "phrases"),
    [
        ("The agent was NOT very helpful.", ["NOT very helpful"]),
        ("I don't think this is acceptable.", ["don't think this is acceptable"]),
        ("An extremely rude reply.", ["extremely rude"]),
        ("It was not quick or friendly.", ["not quick", "friendly"]),
        ("Thanks, but it doesn't work", ["doesn't work", "Thanks"]),
    ],
)
def test_phrases_show_what_a_reader_would_mark(text: str, phrases: list[str]) -> None:
    assert sorted(phrase for phrase, _ in score(text).phrases) == sorted(phrases)


@given(TEXTS)
def test_shares_are_sorted_and_explain_the_polarity(text: str) -> None:
    given_score = score(text)
    shares = [share for _, share in given_score.phrases]
    assert [abs(share) for share in shares] == sorted(map(abs, shares), reverse=True)
    if len(shares) < 12:
        assert sum(shares) == pytest.approx(given_score.polarity, abs=0.001)


@pytest.mark.parametrize("word", PRAISE + BLAME)
@pytest.mark.parametrize("template", ["The agent was {}.", "I think the answer is {}, Ben."])
def test_a_negation_turns_the_sign(template: str, word: str) -> None:
    plain = score(template.format(word)).polarity
    negated = score(template.format(f"not {word}")).polarity
    assert plain * negated < 0


@pytest.mark.parametrize(
    "piece",
    [
        *("(", ">", ">\n", '"', "'a ", "\0", "\ud800", "😀", "<a", "a@", "`", "“", "\n", " ", "1/"),
        *("not ", "but good ", "good or ", "never had a single ", "charged me my twice ", "a."),
        *("error: ", "says: a", "On x wrote:\n>a\n", "On " + "x" * 190 + " schrieb", "wow! "),
        *(
            "error message message message :",
            'File "',
            "thanks for ",
            "how do i? ",
            "[ERROR",
            "$ a",
        ),
    ],
)
def test_a_hostile_megabyte_is_read_quickly(piece: str) -> None:
    def judge(text: str) -> None:
        assert -1 <= score(text).polarity <= 1
        assert signals(text) == frozenset()

    score("warm")
    assert_in_step(lambda size: piece * (size // len(piece) + 1), judge, 1_000_000)


@pytest.mark.parametrize("word", ["word", "table", "invoice"])
def test_a_word_that_says_little_says_little_a_thousand_times(word: str) -> None:
    assert score(f"{word} " * 1_000).label == "neutral"


def test_only_the_beginning_of_a_long_text_is_read() -> None:
    assert score("fine words " * 5_000 + "terrible") == score("fine words " * 5_000)


def test_the_version_names_the_analyser() -> None:
    version = score("Thanks!").analyzer
    assert version.startswith("support-")
    assert len(version) <= 32
    assert score("").analyzer == version


def test_small_tones_are_neutral() -> None:
    assert label_of(NEUTRAL_BAND) == "positive"
    assert label_of(-NEUTRAL_BAND) == "negative"
    assert label_of(NEUTRAL_BAND - 0.001) == "neutral"


def test_textblob_is_loaded_by_the_first_score_and_not_before() -> None:
    script = (
        "import sys; from helpdesk.sentiment import score, signals; signals('cancel my account');"
        "assert 'textblob' not in sys.modules and 'nltk' not in sys.modules;"
        "score('Thanks'); assert 'textblob' in sys.modules"
    )
    subprocess.run([sys.executable, "-c", script], check=True, timeout=60)
