"""Doors: answering by a mailed link, choosing when to be asked, and who was asked and who not."""

from flask import Blueprint, Response, request

bp = Blueprint("surveys", __name__, template_folder="../templates")


@bp.after_request
def keep_to_yourself(response: Response) -> Response:
    """A page behind a signed link is nobody else's: not stored, not indexed, not told to others."""
    if "token" in (request.view_args or {}):
        response.headers["Cache-Control"] = "no-store"
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


from helpdesk.surveys.views import (  # noqa: E402 - they use bp
    answering,
    branding,
    deciding,
    decisions,
    designing,
    following,
    ruling,
    trying,
    wishing,
)

__all__ = [
    "answering",
    "bp",
    "branding",
    "deciding",
    "decisions",
    "designing",
    "following",
    "ruling",
    "trying",
    "wishing",
]
