"""How a view answers with a page."""

from __future__ import annotations

from flask import Response, make_response, render_template, request


def show(page: str, /, piece: str | None = None, status: int = 200, **context: object) -> Response:
    """Answer with a page, or with one piece of it when the script asked for the piece.

    ``piece`` is the template that ``page`` includes at the same place, so both have one source.
    A page that the browser restores from its history is always whole.
    """
    wanted = piece if piece and _asked_for_a_piece() else page
    response = make_response(render_template(wanted, **context), status)
    if piece:
        response.vary.add("HX-Request")
    return response


def _asked_for_a_piece() -> bool:
    restoring = request.headers.get("HX-History-Restore-Request") == "true"
    return request.headers.get("HX-Request") == "true" and not restoring
