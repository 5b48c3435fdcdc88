"""The company's colour and picture on mails and pages of surveys. A colour on which nobody could
read is refused (WCAG 2.2, 1.4.3 and its definitions of relative luminance and contrast ratio)."""

import re

from helpdesk.core.errors import Invalid

OURS = "#00686b"
"""Ours, where the company chose none."""
LEAST = 4.5
"""The contrast that text needs."""
PAPER, NIGHT = "#ffffff", "#161e21"
"""What lies behind it in the light and in the dark theme."""
_COLOUR = re.compile(r"#[0-9a-f]{6}")
_STEPS = 20


def checked(colour: str) -> str:
    """A colour as #rrggbb. Raises Invalid for none, and for one too pale to be read on white."""
    colour = colour.strip().lower()
    colour = colour if colour.startswith("#") else f"#{colour}"
    if not _COLOUR.fullmatch(colour):
        raise Invalid("A colour is written like #00686b.")
    ratio = contrast(colour, PAPER)
    if ratio < LEAST:
        raise Invalid(
            f"White text on {colour} has a contrast of {ratio:.1f}; people need {LEAST} to read "
            f"it. {darker(colour)} would do."
        )
    return colour


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours, 1 to 21."""
    darker_one, lighter_one = sorted((_luminance(one), _luminance(other)))
    return (lighter_one + 0.05) / (darker_one + 0.05)


def darker(colour: str) -> str:
    """The colour, mixed with black until white can be read on it."""
    return _mixed_until(colour, "#000000", PAPER)


def lighter(colour: str) -> str:
    """The colour, mixed with white until it can be read on the dark theme's ground."""
    return _mixed_until(colour, "#ffffff", NIGHT)


def ink_on(colour: str) -> str:
    """Black or white, whichever can be read better on it."""
    return max(("#ffffff", "#08191a"), key=lambda ink: contrast(ink, colour))


def _mixed_until(colour: str, into: str, ground: str) -> str:
    shades = (_mix(colour, into, step / _STEPS) for step in range(_STEPS + 1))
    return next(shade for shade in shades if contrast(shade, ground) >= LEAST)


def _mix(one: str, other: str, share: float) -> str:
    pairs = zip(_channels(one), _channels(other), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


def _channels(colour: str) -> tuple[int, int, int]:
    red, green, blue = (int(colour[place : place + 2], 16) for place in (1, 3, 5))
    return red, green, blue


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(channel / 255) for channel in _channels(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4


def style_sheet(colour: str) -> str:
    """The colour as tokens of a page, in both themes."""
    night = lighter(colour)
    pairs = {
        "accent": (colour, night),
        "accent-strong": (_mix(colour, "#000000", 0.12), _mix(night, "#ffffff", 0.15)),
        "accent-soft": (_mix(colour, PAPER, 0.9), _mix(night, NIGHT, 0.8)),
        "on-accent": (ink_on(colour), ink_on(night)),
    }
    tokens = "".join(f"--{name}:light-dark({day},{dark});" for name, (day, dark) in pairs.items())
    return f":root{{{tokens}}}\n"
