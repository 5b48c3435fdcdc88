"""Numbers and texts read as people write them."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest
from flask import Flask

from helpdesk.ui import words


@pytest.mark.parametrize(
    ("value", "text"), [(10214, "10,214"), (0, "0"), (-3, "−3"), (None, "–"), (Decimal(7), "7")]
)
def test_numbers(value: float | Decimal | None, text: str) -> None:
    assert words.number(value) == text


@pytest.mark.parametrize(
    ("value", "digits", "text"),
    [(31, 0, "+31"), (-0.71, 2, "−0.71"), (0, 0, "0"), (-0.001, 2, "0.00"), (None, 0, "–")],
)
def test_signed_numbers_show_their_direction(value: float | None, digits: int, text: str) -> None:
    assert words.signed(value, digits) == text


def test_a_share_is_a_percentage() -> None:
    assert words.percent(0.784) == "78\u00a0%"


@pytest.mark.databases("sqlite")
def test_a_contract_is_worth_so_much_of_the_companys_currency(
    make_app: Callable[..., Flask],
) -> None:
    with make_app(currency="NOK").app_context():
        assert words.worth(Decimal("1519.00")) == "1,519\u00a0NOK"
        assert words.worth(None) == "–"


def test_a_price_shows_cents() -> None:
    assert words.money(Decimal("49.00"), "EUR") == "49.00\u00a0EUR"


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Mika Kallio", "MK"),
        ("Ana María de la Cruz", "AC"),
        ("rosa@harbor.example", "RE"),
        ("Mika", "M"),
        ("", "?"),
        (None, "?"),
    ],
)
def test_initials(name: str | None, letters: str) -> None:
    assert words.initials(name) == letters


@pytest.mark.parametrize(
    ("octets", "text"),
    [(84_210, "84 kB"), (999_999, "1.0 MB"), (12, "12 bytes"), (20_000_000, "20.0 MB")],
)
def test_sizes_of_files(octets: int, text: str) -> None:
    assert words.size(octets) == text


def test_phrases_are_marked_by_their_direction() -> None:
    marked = words.marked(
        "Nobody answers, but thank you", [("nobody answers", -0.5), ("Thank you", 0.3)]
    )
    assert marked == (
        '<mark class="tone-bad">Nobody answers</mark>, but <mark class="tone-good">thank you</mark>'
    )


def test_marked_text_is_escaped_inside_and_outside_of_marks() -> None:
    marked = words.marked("<b>bad</b> <i>", [("<b>bad", -1.0)])
    assert marked == '<mark class="tone-bad">&lt;b&gt;bad</mark>&lt;/b&gt; &lt;i&gt;'


@pytest.mark.parametrize("phrases", [None, [], [("", -1.0)]])
def test_text_without_phrases_is_only_escaped(phrases: list[tuple[str, float]] | None) -> None:
    assert words.marked("a < b", phrases) == "a &lt; b"
