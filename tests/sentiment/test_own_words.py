"""Only the customer's own new words are scored, and they stay where they were."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk.sentiment.own_words import own_words, without_quotations


def left(text: str) -> str:
    return " ".join(own_words(text).split())


@pytest.mark.parametrize(
    ("text", "own"),
    [
        ("Fine.\n> terrible\n>> awful\nThanks", "Fine. Thanks"),
        ("It works.\n\nOn Mon, 4 Mar 2024, Ben wrote:\nOur worst answer\nsecond line", "It works."),
        ("On Mon, 4 Mar 2024, Ben wrote:\n> bad\n\nIt works.", "It works."),
        ("It works.\n-----Original Message-----\nFrom: Ben\nbad", "It works."),
        ("It works.\n-- \nBest Bad Company Ltd", "It works."),
        ("It works.\n\nKind regards\nAnna Best\nHead of Failures", "It works."),
        ("It works.\nSent from my phone", "It works."),
        ("See:\n```\nkill bad processes\n```\nIt works.", "See: It works."),
        ("See:\n2024-03-01 10:22:11 terrible failure\nIt works.", "See: It works."),
        ("[ERROR] bad request\nIt works.", "It works."),
        ("Traceback (most recent call last):\nIt works.", "It works."),
        ("java.lang.BadException: awful\n\tat com.bad.Main(Main.java:3)\nIt works.", "It works."),
        ('{"bad": [1, 2], "worse": {"a": 1}};\nIt works.', "It works."),
        ("See https://bad.example/awful?x=1 now", "See now"),
        ("Ask worst.service@bad.example now", "Ask now"),
        ("Order BAD-48213-XX is here", "Order is here"),
        (r"The file C:\bad\awful.txt is here", "The file is here"),
        ("<b>It</b> works.", "It works."),
        ("> all of it is quoted", ""),
    ],
)
def test_what_others_and_machines_wrote_is_left_out(text: str, own: str) -> None:
    assert left(text) == own


@pytest.mark.parametrize(
    "text",
    [
        "It works and/or not, 24/7.",
        "Thanks\nIt still does not work",
        "Kind regards",
        "late...still no answer...for three weeks...I am waiting...and waiting",
        "The price is $5, 10% more & rising :-(",
    ],
)
def test_ordinary_words_are_kept(text: str) -> None:
    assert left(text) == " ".join(text.split())


@pytest.mark.parametrize(
    ("text", "own"),
    [
        ("It says 'bad request' again", "It says again"),
        ("It says “bad request” again", "It says again"),
        ('The button "Love it!" is gone', "The button is gone"),
        ("I can't and won't do 'that's bad' today", "I can't and won't do today"),
        ("error message: terrible failure. It is gone", "error message: . It is gone"),
    ],
)
def test_what_a_screen_says_is_not_the_writers_tone(text: str, own: str) -> None:
    assert " ".join(without_quotations(text).split()) == own


@given(st.text(st.sampled_from("a bG>-\n\"'`<:/@.9“”O🙂\0")))
def test_what_is_kept_stays_in_its_place(text: str) -> None:
    for kept in (own_words(text), without_quotations(text)):
        assert len(kept) == len(text)
        assert all(new in (old, " ") for new, old in zip(kept, text, strict=True))
