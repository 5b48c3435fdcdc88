"""Pieces of pages that are drawn once for as long as what they show stays the same."""

from __future__ import annotations

from collections.abc import Hashable
from functools import lru_cache

from flask import current_app
from markupsafe import Markup


class Drawing:
    """A template that is drawn once for each set of values it is called with.

    A list that people look at all day shows the same lines again and again, and drawing a line
    takes longer than asking for it. The values are all that the template may show, which is what
    makes a kept piece as true as a fresh one: no filter that looks at the clock, no reader, no
    form's token inside; what depends on them is handed in as words.
    """

    def __init__(self, template: str, *names: str, keep: int = 1024) -> None:
        """`names` are what the template calls the values; `keep` so many pieces are held, the
        latest used."""
        self._template, self._names = template, names
        # Typed: drawn HTML and a text of the same letters are equal, and only one is escaped.
        self._kept = lru_cache(keep, typed=True)(self._draw)

    def __call__(self, *values: Hashable) -> Markup:
        """The piece that shows these values, given in the order of their names."""
        return self._kept(*values)

    def fresh(self, *values: Hashable) -> Markup:
        """The same, neither looked up nor kept: for what is too large to hold."""
        return self._draw(*values)

    def _draw(self, *values: Hashable) -> Markup:
        template = current_app.jinja_env.get_template(self._template)
        context = dict(zip(self._names, values, strict=True))
        # A template of ours, which escapes the values.
        return Markup(template.render(context))  # noqa: S704
