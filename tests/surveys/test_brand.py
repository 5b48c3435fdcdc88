"""A company's colour, as long as people can read on it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk.core.errors import Invalid
from helpdesk.surveys import brand

COLOURS = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")


def test_black_on_white_has_the_greatest_contrast() -> None:
    assert brand.contrast("#000000", "#ffffff") == pytest.approx(21)
    assert brand.contrast("#777777", "#ffffff") == pytest.approx(4.478, abs=0.001)
    assert brand.contrast("#abcdef", "#abcdef") == 1


@pytest.mark.parametrize("colour", ["", "red", "#12345", "#12345g", "url(x)", "#ffffff", "#ffcc00"])
def test_what_is_no_colour_or_too_pale_is_refused(colour: str) -> None:
    with pytest.raises(Invalid):
        brand.checked(colour)


def test_a_refusal_names_a_darker_one_that_would_do() -> None:
    with pytest.raises(Invalid) as refused:
        brand.checked("#ffcc00")
    offered = refused.value.message.split(". ")[1].split(" ")[0]
    assert brand.checked(offered) == offered


def test_a_good_colour_is_taken_however_it_is_written() -> None:
    assert brand.checked(" 00686B ") == "#00686b"


@given(COLOURS)
def test_every_colour_can_be_read_in_both_themes(colour: str) -> None:
    assert brand.contrast(brand.darker(colour), brand.PAPER) >= brand.LEAST
    night = brand.lighter(colour)
    assert brand.contrast(night, brand.NIGHT) >= brand.LEAST
    assert brand.contrast(brand.ink_on(night), night) >= brand.LEAST
    assert brand.contrast(brand.ink_on(brand.darker(colour)), brand.darker(colour)) >= brand.LEAST
