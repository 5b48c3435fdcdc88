"""What people read when something did not work: what happened, what was kept, what to do now."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Flask, Response, make_response, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException


@dataclass(frozen=True, slots=True)
class Words:
    """The three sentences of an error page."""

    what: str
    kept: str
    now: str


WORDS = {
    400: Words(
        "We could not read that request.",
        "Nothing was changed.",
        "Go back, reload the page and try once more. What you wrote is still in the form.",
    ),
    401: Words("Please sign in first.", "Nothing was changed.", "Sign in, and open this again."),
    403: Words(
        "This is not yours to open.",
        "Nothing was changed.",
        "If you think it should be, ask whoever looks after your account.",
    ),
    404: Words(
        "There is nothing here.",
        "Nothing was lost: the link may be old, or the page may have moved.",
        "Check the address, or start again from the first page.",
    ),
    405: Words(
        "That cannot be done at this address.",
        "Nothing was changed.",
        "Go back to the page before and use its buttons.",
    ),
    409: Words(
        "Somebody else changed this while you were writing.",
        "Nothing of yours was sent yet, and nothing of theirs was overwritten.",
        "Go back, reload, read what is new, and send yours again.",
    ),
    410: Words(
        "This link is no longer valid.",
        "Nothing was changed.",
        "Links work once and for a limited time. Ask for a new one.",
    ),
    413: Words(
        "That was too large for us to take.",
        "Nothing was saved from this attempt; what you wrote is still in the form.",
        "Go back, take out the largest file, and send again.",
    ),
    422: Words(
        "Something in that form does not fit yet.",
        "Nothing was saved; what you wrote is still in the form.",
        "Go back and look at the fields with a remark.",
    ),
    429: Words(
        "That was a little too often.",
        "Nothing was changed.",
        "Wait a minute, then try again.",
    ),
    500: Words(
        "Something broke on our side.",
        "What you sent just now was not saved; everything before it is safe.",
        "Go back and try once more. We have written down what happened.",
    ),
    503: Words(
        "We are away for a moment.",
        "What you sent just now was not saved; everything before it is safe.",
        "Go back, and try once more in a minute.",
    ),
}
INTO_THE_FLASHES = {"HX-Retarget": "#flashes", "HX-Reswap": "innerHTML"}
OUTDATED = "This form is out of date, perhaps because you signed in or out meanwhile."


def init_app(app: Flask) -> None:
    """Answer every HTTP error, and every fault in our own code, with a page of words."""
    app.register_error_handler(HTTPException, _answer)


def error_page(status: int, what: str | None = None) -> Response:
    """The page for an error, ``what`` in place of its first sentence.

    The script gets one line for the place of flashes, a program that wants no HTML plain text.
    """
    words = WORDS.get(status) or WORDS[500 if status >= 500 else 400]
    what = what or words.what
    if request.headers.get("HX-Request") == "true":
        line = render_template("errors/_line.html", words=words, what=what)
        return Response(line, status, headers=INTO_THE_FLASHES)
    if not _wants_html():
        return Response(f"{what} {words.now}\n", status, mimetype="text/plain")
    page = render_template("errors/error.html", status=status, words=words, what=what)
    return make_response(page, status)


def _answer(error: HTTPException) -> ResponseReturnValue:
    if error.response is not None or (error.code or 500) < 400:
        return error
    response = error_page(error.code or 500, _what(error))
    for name, value in error.get_headers():
        if name not in ("Content-Type", "Content-Length"):
            response.headers[name] = value
    return response


def _what(error: HTTPException) -> str | None:
    if isinstance(error, CSRFError):
        return OUTDATED
    # Only what `abort(400, "…")` was given; the words that come with the class are not ours.
    said: str | None = vars(error).get("description")
    return said


def _wants_html() -> bool:
    accepted = request.accept_mimetypes
    return not accepted or accepted.accept_html
