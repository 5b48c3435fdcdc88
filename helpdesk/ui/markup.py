"""Small pieces of HTML that templates ask for by name."""

from __future__ import annotations

from functools import lru_cache

from flask import Flask
from flask_wtf.csrf import generate_csrf
from markupsafe import Markup

from helpdesk.core.settings import settings
from helpdesk.ui.assets import asset

SPRITE = "icons/sprite.svg"
SILENT = Markup('aria-hidden="true"')


def init_app(app: Flask) -> None:
    """Give templates ``csrf()``, ``icon("flag")`` and the name of the ``company``."""
    app.jinja_env.globals["csrf"] = csrf
    app.jinja_env.globals["icon"] = icon
    app.context_processor(lambda: {"company": settings().company_name})


def csrf() -> Markup:
    """The hidden input that proves a form was ours."""
    # A token is made of letters, digits and "-_.", which need no escaping.
    token = generate_csrf()
    return Markup(f'<input type="hidden" name="csrf_token" value="{token}">')  # noqa: S704


def icon(name: str, label: str = "") -> Markup:
    """An icon out of the sprite. Without ``label`` it is decoration and not read aloud."""
    return _drawn(name, label, asset(SPRITE))


@lru_cache(maxsize=512)
def _drawn(name: str, label: str, sprite: str) -> Markup:
    heard = Markup('role="img" aria-label="{}"').format(label) if label else SILENT
    return Markup('<svg class="icon" {}><use href="{}#{}"/></svg>').format(heard, sprite, name)
