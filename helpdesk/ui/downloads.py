"""Files on their way out: always saved, never opened as a page of ours."""

from pathlib import Path
from typing import Protocol

from flask import Response, send_file


class Kept(Protocol):
    """What is known of a stored file."""

    @property
    def name(self) -> str: ...

    @property
    def media_type(self) -> str: ...

    @property
    def sha256(self) -> str: ...


def as_download(path: Path, kept: Kept) -> Response:
    """The file at `path` as something to save."""
    response = send_file(
        path,
        mimetype=kept.media_type,
        as_attachment=True,
        download_name=kept.name,
        etag=kept.sha256,
    )
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response.headers["Cache-Control"] = "private, no-store"
    return response
