"""The palette of ``tokens.css``, as a browser computes it."""

from __future__ import annotations

import math
import re
from pathlib import Path

from helpdesk.ui import assets

OKLCH = r"oklch\(\s*([\d.]+)%\s+([\d.]+)\s+([\d.]+)\s*\)"
TOKEN = re.compile(rf"--([\w-]+):\s*light-dark\(\s*{OKLCH}\s*,\s*{OKLCH}\s*\)")
Linear = tuple[float, float, float]
THEMES = ("light", "dark")


def palette(theme: str) -> dict[str, Linear]:
    """Each token's colour in linear sRGB."""
    text = (Path(assets.FOLDER) / "css" / "tokens.css").read_text()
    start = 1 if theme == "light" else 4
    return {
        found[1]: linear(*(float(found[start + part]) for part in (1, 2, 3)))
        for found in TOKEN.finditer(text)
    }


def linear(lightness: float, chroma: float, hue: float) -> Linear:
    """OKLCH to linear sRGB, cut to the gamut (Björn Ottosson, "A perceptual color space", 2020)."""
    a = chroma * math.cos(math.radians(hue))
    b = chroma * math.sin(math.radians(hue))
    light = lightness / 100
    long = (light + 0.3963377774 * a + 0.2158037573 * b) ** 3
    middle = (light - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (light - 0.0894841775 * a - 1.2914855480 * b) ** 3
    red = 4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short
    green = -1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short
    blue = -0.0041960863 * long - 0.7034186147 * middle + 1.7076147010 * short
    return (_cut(red), _cut(green), _cut(blue))


def contrast(one: Linear, other: Linear) -> float:
    """The contrast ratio of WCAG 2.2, 1 to 21."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: Linear) -> float:
    return 0.2126 * colour[0] + 0.7152 * colour[1] + 0.0722 * colour[2]


def _cut(value: float) -> float:
    return min(max(value, 0.0), 1.0)
