"""Whoever reads it can read it: text has 4.5:1 and marks have 3:1, in both themes."""

from __future__ import annotations

import pytest

from tests.ui.palette import THEMES, contrast, linear, palette

PLACES = ("ground", "surface", "rail", "hover", "selected", "note")
EVERYWHERE = [(text, place) for text in ("text", "muted") for place in PLACES]
MEANINGS = ("accent", "bad", "warn", "good")
COLOURED = [(tone, place) for tone in MEANINGS for place in (*PLACES, f"{tone}-soft")]
SOFT = [("text", f"{tone}-soft") for tone in MEANINGS]
SOFT += [("muted", "accent-soft"), ("on-accent", "accent"), ("on-accent", "accent-strong")]
MARKS = [(mark, place) for mark in ("control", "faint") for place in ("ground", "surface")]


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(("text", "behind"), EVERYWHERE + COLOURED + SOFT)
def test_text_can_be_read(theme: str, text: str, behind: str) -> None:
    colours = palette(theme)
    assert contrast(colours[text], colours[behind]) >= 4.5


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(("mark", "behind"), MARKS)
def test_marks_can_be_seen(theme: str, mark: str, behind: str) -> None:
    colours = palette(theme)
    assert contrast(colours[mark], colours[behind]) >= 3


def test_the_conversion_knows_white_black_and_red() -> None:
    assert linear(100, 0, 0) == pytest.approx((1, 1, 1), abs=1e-3)
    assert linear(0, 0, 0) == (0, 0, 0)
    assert linear(62.796, 0.25768, 29.234) == pytest.approx((1, 0, 0), abs=2e-3)
    assert contrast((1, 1, 1), (0, 0, 0)) == pytest.approx(21)
