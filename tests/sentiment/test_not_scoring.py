"""Where nothing can be said, nothing is said, and why is."""

import pytest

from helpdesk.sentiment import score


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "too short"),
        ("  \n ", "too short"),
        ("?!", "too short"),
        ("x", "too short"),
        ("48213", "no words of the customer's own"),
        ("Invoicing", "too short"),
        (
            "Ich warte seit drei Wochen auf eine Antwort und bin sehr enttäuscht.",
            "another language",
        ),
        ("Bonjour, je ne suis pas content de votre service.", "another language"),
        ("Hola, no funciona nada, es horrible.", "another language"),
        ("Non funziona niente, sono molto deluso.", "another language"),
        ("Het werkt niet en ik krijg geen antwoord.", "another language"),
        ("Nie działa, proszę o pomoc.", "another language"),
        ("サービスがひどいです。", "another language"),
        ("Ничего не работает, это ужасно.", "another language"),
        ("qwrtz asdfg yxcvb mnbvc", "no known words"),
        ("> I hate this\n> and that", "no words of the customer's own"),
        ("https://example.org/bad", "no words of the customer's own"),
    ],
)
def test_a_text_without_a_readable_tone_is_not_scored_with_the_reason(text: str, why: str) -> None:
    given = score(text)
    assert (given.label, given.why, given.polarity, given.phrases) == ("not_scored", why, 0.0, ())


def test_not_scored_is_not_neutral() -> None:
    assert score("My order number is 48213.").label == "neutral"
    assert score("My order number is 48213.").why == ""


@pytest.mark.parametrize("text", ["Thanks!", "Terrible.", "👍", "Super service, merci!", "thx"])
def test_a_single_telling_word_is_enough(text: str) -> None:
    assert score(text).label in ("positive", "negative")


def test_coverage_is_the_share_of_known_words() -> None:
    assert score("The agent was helpful.").coverage == 1.0
    assert 0 < score("The frobnicator was helpful.").coverage < 1
