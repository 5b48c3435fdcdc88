"""Numbers, sums, names and texts as people read them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal
from functools import lru_cache

from flask import Flask
from markupsafe import Markup, escape

from helpdesk.core.settings import settings

NOTHING = "–"
_LEAST = 0.03
"""Shares nearer to zero than this are not marked."""
MINUS = "\N{MINUS SIGN}"


def init_app(app: Flask) -> None:
    """Give templates the filters about words and numbers."""
    for filter_ in (number, signed, percent, money, worth, initials, size, marked):
        app.jinja_env.filters[filter_.__name__] = filter_


def number(value: float | Decimal | None, digits: int = 0) -> str:
    """``10,214``; an en dash for nothing."""
    return NOTHING if value is None else f"{value:,.{digits}f}".replace("-", MINUS)


def signed(value: float | Decimal | None, digits: int = 0) -> str:
    """``+31``, ``−0.71``, ``0``: a figure that means a direction."""
    if value is None:
        return NOTHING
    text = f"{value:+,.{digits}f}"
    return text[1:] if not float(text.replace(",", "")) else text.replace("-", MINUS)


def percent(share: float | None, digits: int = 0) -> str:
    """``78 %`` out of the share 0.78, with a space that does not break."""
    return NOTHING if share is None else f"{share * 100:.{digits}f}\N{NO-BREAK SPACE}%"


def money(amount: float | Decimal | None, currency: str) -> str:
    """``49.00 EUR``: a price."""
    if amount is None:
        return NOTHING
    return f"{number(amount, 2)}\N{NO-BREAK SPACE}{currency}"


def worth(amount: float | Decimal | None) -> str:
    """``1,519 EUR``: what a contract is worth, in the company's currency, without cents."""
    if amount is None:
        return NOTHING
    return f"{number(amount)}\N{NO-BREAK SPACE}{settings().currency}"


@lru_cache(maxsize=4096)
def initials(name: str | None) -> str:
    """``MK`` for Mika Kallio, ``M`` for Mika; a question mark for nobody."""
    words = [word for word in re.split(r"[\s._@-]+", name or "") if word]
    return "".join(word[0] for word in [*words[:1], *words[1:][-1:]]).upper() or "?"


def size(octets: int | None) -> str:
    """``84 kB``: the size of a file, in steps of a thousand."""
    if octets is None:
        return NOTHING
    if octets < 1000:
        return f"{octets} bytes"
    return f"{octets / 1000:.0f} kB" if octets < 999_500 else f"{octets / 1e6:.1f} MB"


def marked(text: str, phrases: Iterable[tuple[str, float]] | None) -> Markup:
    """``text`` with each phrase marked by the direction of its share of the sentiment."""
    shares = {p.casefold(): share for p, share in phrases or () if p and abs(share) >= _LEAST}
    if not shares:
        return escape(text)
    longest_first = sorted(shares, key=len, reverse=True)
    either = "|".join(map(re.escape, longest_first))
    pattern = re.compile(rf"(?<!\w)({either})(?!\w)", re.IGNORECASE)
    pieces = pattern.split(text)
    return Markup("").join(_mark(piece, shares.get(piece.casefold())) for piece in pieces)


def _mark(piece: str, share: float | None) -> Markup:
    if share is None:
        return escape(piece)
    tone = "bad" if share < 0 else "good"
    # `Markup.format` takes ten times as long; the piece is escaped here.
    return Markup(f'<mark class="tone-{tone}">{escape(piece)}</mark>')  # noqa: S704
