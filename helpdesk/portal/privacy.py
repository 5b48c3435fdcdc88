"""Pages whose address is a key to them."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

from flask import make_response
from werkzeug.wrappers import Response

P = ParamSpec("P")


def private(view: Callable[P, Response]) -> Callable[P, Response]:
    """Let no other site learn the address of this page, no search engine list it, and no cache keep
    what it shows."""

    @wraps(view)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> Response:
        response = make_response(view(*args, **kwargs))
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["X-Robots-Tag"] = "noindex, nofollow"
        response.headers["Cache-Control"] = "no-store"
        return response

    return guarded
