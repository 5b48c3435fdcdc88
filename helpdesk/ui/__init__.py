"""What pages are made of: layouts, components, styles, scripts, and how a view shows a page."""

from __future__ import annotations

from flask import Flask

from helpdesk.ui import assets, compression, errors, headers, markup, rail, times, words
from helpdesk.ui.drawing import Drawing
from helpdesk.ui.pages import show
from helpdesk.ui.rail import RailItem, RailSection
from helpdesk.ui.undo import Undoable

__all__ = ["Drawing", "RailItem", "RailSection", "Undoable", "errors", "init_app", "show"]


def init_app(app: Flask) -> None:
    """Register the blueprint ``ui``, its filters, its error pages and what every answer carries."""
    app.register_blueprint(assets.bp)
    assets.init_app(app)
    for part in (times, words, markup, rail, errors):
        part.init_app(app)
    # Flask runs these last to first: headers are complete before the body is compressed.
    app.after_request(compression.compress)
    app.after_request(headers.add)
