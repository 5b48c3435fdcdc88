"""Bodies of mails, rendered one by one or once for many.

A mould is a pair of templates rendered with a mark in the place of each value that differs from
mail to mail. Filling it joins strings, which takes a tenth of rendering; a value never meets what
another one brought, so nothing that somebody wrote is taken for a mark or for markup.
"""

import re
import secrets
from collections.abc import Callable, Hashable, Mapping
from typing import NamedTuple

from flask import render_template
from markupsafe import escape

Context = Mapping[str, object]


class Body(NamedTuple):
    """A mail in plain text and in HTML."""

    text: str
    html: str


def render(template: str, context: Context) -> Body:
    """Both parts of a mail, of the templates `<template>.txt` and `<template>.html`."""
    return Body(
        render_template(f"{template}.txt", **context),
        render_template(f"{template}.html", **context),
    )


class Mould:
    """A body with gaps. Its templates may write the values that differ, and ask whether one is
    there; `example` says which are."""

    def __init__(self, template: str, shared: Context, example: Context) -> None:
        drawn = secrets.token_hex(16)  # a mark that nobody can have written
        marks = {name: f"{drawn}{name}." for name, value in example.items() if value}
        body = render(template, {**shared, **example, **marks})
        gap = re.compile(rf"{drawn}([a-z_]+)\.")
        self._text, self._html = gap.split(body.text), gap.split(body.html)

    def fill(self, values: Context) -> Body:
        """What rendering the templates with these values gives."""
        plain = {name: str(value) for name, value in values.items()}
        safe = {name: str(escape(value)) for name, value in values.items()}
        return Body(_filled(self._text, plain), _filled(self._html, safe))


def _filled(parts: list[str], values: Mapping[str, str]) -> str:
    pieces = parts.copy()  # words and names of values in turns
    pieces[1::2] = [values[name] for name in parts[1::2]]
    return "".join(pieces)


class Moulds:
    """The moulds of one transaction: what they are made of does not change meanwhile."""

    def __init__(self) -> None:
        self._made: dict[Hashable, Mould] = {}

    def fill(
        self, template: str, kind: Hashable, shared: Callable[[], Context], values: Context
    ) -> Body:
        """A body of the mould for that kind of mail; `shared` says what all of the kind have in
        common."""
        key = (template, kind, *map(bool, values.values()))
        if key not in self._made:
            self._made[key] = Mould(template, shared(), values)
        return self._made[key].fill(values)
