"""The analyser reads support messages as a person would, and better than TextBlob alone."""

import pytest
from textblob import Blobber, TextBlob

from helpdesk.sentiment import score
from helpdesk.sentiment.analyzer import SupportAnalyzer
from tests.sentiment.labelled import accuracy, macro_f1, support_messages

MESSAGES = support_messages()
HARD = [message for message in MESSAGES if message.kind not in ("plain", "public")]


def read(text: str) -> str:
    return score(text).label


def read_by_textblob(text: str) -> str:
    polarity = TextBlob(text).sentiment.polarity
    return "positive" if polarity > 0.05 else "negative" if polarity < -0.05 else "neutral"


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("Still not working.", "negative"),
        ("Great, another outage.", "negative"),
        ("Please cancel my account.", "negative"),
        ("I could not be happier", "positive"),
        ("The error message says 'fatal error: bad request'", "neutral"),
        ("The agent was not helpful.", "negative"),
        ("Not bad at all.", "positive"),
    ],
)
def test_sentences_that_mislead_a_word_counter_come_out_as_a_person_would_say(
    text: str, label: str
) -> None:
    assert read(text) == label


@pytest.mark.parametrize(
    ("praise", "blow"),
    [
        ("Good", "took a little while"),
        ("Great", "a bit slow"),
        ("Nice", "somewhat confusing at first"),
        ("Good", "slow though"),
    ],
)
def test_who_qualifies_praise_does_not_mock(praise: str, blow: str) -> None:
    assert dict(score(f"{praise}, {blow}.").phrases)[praise] > 0


@pytest.mark.parametrize("blow", ["another outage", "broken again", "now it is even slower"])
def test_praise_before_a_plain_blow_is_mockery(blow: str) -> None:
    assert read(f"Great, {blow}.") == "negative"


def test_there_are_enough_messages_and_half_of_them_are_hard() -> None:
    assert len(MESSAGES) >= 400
    assert len(HARD) >= len(MESSAGES) / 2


def test_nearly_all_messages_are_read_as_a_person_would() -> None:
    assert accuracy(MESSAGES, read) >= 0.98
    assert macro_f1(MESSAGES, read) >= 0.98


@pytest.mark.parametrize(
    ("kind", "floor"),
    [
        ("plain", 0.98),
        ("negation", 0.97),
        ("sarcasm", 0.92),
        ("polite_anger", 0.95),
        ("quoted_error", 0.95),
        ("how_to", 0.96),
        ("mixed", 0.91),
    ],
)
def test_no_kind_of_message_is_left_behind(kind: str, floor: float) -> None:
    assert accuracy([message for message in MESSAGES if message.kind == kind], read) >= floor


def test_plain_textblob_is_beaten_clearly() -> None:
    assert macro_f1(MESSAGES, read) > macro_f1(MESSAGES, read_by_textblob) + 0.4


def test_the_analyser_works_through_textblob() -> None:
    blob = Blobber(analyzer=SupportAnalyzer())("Nobody answers my mails.")
    assert blob.sentiment == score("Nobody answers my mails.")


@pytest.mark.parametrize(
    ("weaker", "stronger"),
    [
        ("The answer was slightly confusing.", "The answer was confusing."),
        ("The answer was confusing.", "The answer was extremely confusing."),
        ("The answer was confusing.", "The answer was confusing!!!"),
        ("The answer was confusing.", "The answer was CONFUSING."),
        ("The app is slow.", "The app is slow and it crashes."),
    ],
)
def test_words_around_a_phrase_make_it_stronger_or_weaker(weaker: str, stronger: str) -> None:
    assert score(stronger).polarity < score(weaker).polarity < 0


def test_what_follows_but_weighs_more_than_what_stands_before() -> None:
    assert score("The agent was friendly, but the answer was useless.").polarity < 0
    assert score("The answer was useless, but the agent was friendly.").polarity > (
        score("The agent was friendly, but the answer was useless.").polarity
    )


def test_thanks_beside_a_complaint_are_manners() -> None:
    assert read("It still does not work. Thanks.") == "negative"
    assert read("Please send me the invoice. Thanks.") == "neutral"
    assert read("Thanks!") == "positive"
