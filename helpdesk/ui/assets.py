"""Styles, scripts and icons: read once, kept compressed in memory, cached by browsers for good.

The address of each file carries one version, a hash over all of them, so scripts can import each
other by plain relative paths and still change their address with every change.
"""

from __future__ import annotations

import gzip
import hashlib
import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from flask import Blueprint, Flask, Response, current_app, g
from markupsafe import Markup

from helpdesk.ui.compression import WORTH_IT, takes_gzip
from helpdesk.ui.drawing import Drawing

FOLDER = Path(__file__).parent / "static"
# One style sheet out of these, in this order; the order of precedence is that of the @layers.
STYLES = (
    "tokens",
    "reset",
    "base",
    "layout",
    "components",
    "forms",
    "queue",
    "ticket",
    "desk",
    "portal",
    "survey",
    "report",
    "mail",
    "utilities",
    "print",
)
TYPES = {
    ".css": "text/css",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
    ".txt": "text/plain",
    ".webmanifest": "application/manifest+json",
}
FOR_GOOD = "public, max-age=31536000, immutable"
FOR_NOW = "public, max-age=60"
COMMENT = re.compile(rb"/\*.*?\*/\s*", re.DOTALL)
AROUND_MARKS = re.compile(rb"\s*([{};,])\s*")
FOR_READERS = re.compile(rb"^[ \t]*(?://.*\n|/\*(?s:.*?)\*/\s*)|^[ \t]+", re.MULTILINE)
"""Comments that begin a line of a script, and its indentation: a third of what is sent."""

_SCRIPTS = Drawing("layouts/_scripts.html", "version", keep=8)

bp = Blueprint("ui", __name__, template_folder="templates")


@dataclass(frozen=True)
class Asset:
    """A file as it is sent."""

    mimetype: str
    body: bytes

    @cached_property
    def packed(self) -> bytes:
        """The body as gzip, at the best level since it happens once."""
        return gzip.compress(self.body, 9, mtime=0)


class Assets:
    """All files by their path below ``static/``, and the version they share."""

    def __init__(self, folder: Path) -> None:
        self.files = dict(_read(folder))
        self.files["css/app.css"] = _style_sheet(folder / "css")
        digest = hashlib.sha256()
        for path in sorted(self.files):
            digest.update(path.encode() + b"\0" + self.files[path].body)
        self.version = digest.hexdigest()[:10]

    def url(self, path: str) -> str:
        """The address of a file.

        Raises ``KeyError`` for a file that does not exist, so a wrong name fails in the first
        test that shows the page.
        """
        self.files[path]
        return f"/static/{self.version}/{path}"


def init_app(app: Flask) -> None:
    """Read the files, and give templates ``asset("css/app.css")``."""
    app.extensions["ui.assets"] = Assets(FOLDER)
    app.jinja_env.globals["asset"] = asset
    app.jinja_env.globals["scripts"] = scripts


def scripts() -> Markup:
    """The elements that load all scripts, the same on every page."""
    return _SCRIPTS(assets().version)


def asset(path: str) -> str:
    """The address of a file below ``static/``, which changes when any of them does."""
    return assets().url(path)


def assets() -> Assets:
    """The files of the current app; while debugging, as they are on disk in this request."""
    # A page asks a dozen times, and a proxy takes longer.
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # a proxy has it
    if app.debug and "assets_read" not in g:
        g.assets_read = True
        app.extensions["ui.assets"] = Assets(FOLDER)
    found: Assets = app.extensions["ui.assets"]
    return found


@bp.get("/static/<version>/<path:path>")
def static(version: str, path: str) -> Response:
    """Send a file. One with an outdated version is sent as it is now, and not kept for long."""
    held = assets()
    found = held.files.get(path)
    if found is None:
        # No error page: this endpoint works without a database.
        return Response("There is no such file.\n", 404, mimetype="text/plain")
    response = Response(mimetype=found.mimetype)
    response.headers["Cache-Control"] = FOR_GOOD if version == held.version else FOR_NOW
    response.vary.add("Accept-Encoding")
    if len(found.body) >= WORTH_IT and takes_gzip():
        response.headers["Content-Encoding"] = "gzip"
        response.set_data(found.packed)
    else:
        response.set_data(found.body)
    return response


def _read(folder: Path) -> list[tuple[str, Asset]]:
    files = sorted(path for path in folder.rglob("*") if path.suffix in TYPES)
    return [
        (path.relative_to(folder).as_posix(), Asset(TYPES[path.suffix], _body(path)))
        for path in files
    ]


def _body(path: Path) -> bytes:
    body = path.read_bytes()
    return FOR_READERS.sub(b"", body) if path.parent.name == "js" else body


def _style_sheet(folder: Path) -> Asset:
    parts = [(folder / f"{name}.css").read_bytes() for name in STYLES]
    return Asset("text/css", AROUND_MARKS.sub(rb"\1", COMMENT.sub(b"", b"\n".join(parts))))
