"""The entries of the rail at the left of the desk; ``layouts/desk.html`` draws them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from flask import Flask
from markupsafe import Markup

from helpdesk.ui.drawing import Drawing


@dataclass(frozen=True, slots=True)
class RailItem:
    """One link. ``count`` may be a string such as ``"999+"``; ``tone`` is ``""`` or ``"bad"``.

    ``key`` is the shortcut that goes there, for example ``"g m"``.
    """

    label: str
    url: str
    count: int | str | None = None
    current: bool = False
    tone: str = ""
    key: str = ""


@dataclass(frozen=True, slots=True)
class RailSection:
    """Some links under one small heading; an empty heading shows none."""

    label: str
    items: Sequence[RailItem]


_ITEMS = Drawing("layouts/_rail_items.html", "sections", keep=512)


def init_app(app: Flask) -> None:
    """Give templates ``rail_items(rail)``."""
    app.jinja_env.globals["rail_items"] = rail_items


def rail_items(rail: Iterable[RailSection]) -> Markup:
    """The links of a rail, drawn once for as long as the counts in it stay the same."""
    return _ITEMS(tuple((section.label, tuple(section.items)) for section in rail))
