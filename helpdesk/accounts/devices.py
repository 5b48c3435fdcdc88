"""Browsers that somebody has signed in with before.

Whoever guesses passwords comes from a browser that nobody knows. One that proved itself keeps an
allowance of its own, so that nobody can lock another out by guessing wrong in their name
(the "device cookie" of OWASP's notes on slowing down online guessing).
"""

from flask import Response, after_this_request, current_app, request

from helpdesk.core.security import hash_token, new_token, sign, unsign

COOKIE = "known-device"
KEPT = 365 * 24 * 3600
"""Seconds."""
MOST = 5
"""People of whom one browser is known; a shared desk has a few."""
_PURPOSE = "device"


def remember(email: str) -> None:
    """This browser is known from now on as one of whoever has this address."""
    others = [pair for pair in _known().items() if pair[0] != _short(email)]
    kept = [*others[-MOST + 1 :], (_short(email), device_of(email) or new_token()[:22])]
    token = sign(_PURPOSE, [part for pair in kept for part in pair])

    @after_this_request
    def _set(response: Response) -> Response:
        response.set_cookie(
            COOKIE,
            token,
            max_age=KEPT,
            httponly=True,
            samesite="Lax",
            secure=current_app.config["SESSION_COOKIE_SECURE"],
        )
        return response


def device_of(email: str) -> str | None:
    """The name of this browser where whoever has this address signed in with it, else None."""
    return _known().get(_short(email))


def _short(email: str) -> str:
    return hash_token(email)[:22]


def _known() -> dict[str, str]:
    """Names of this browser by the hash of the address."""
    parts = unsign(_PURPOSE, request.cookies.get(COOKIE, ""), max_age=KEPT)
    if not isinstance(parts, list):
        return {}
    words = [str(part) for part in parts]
    return dict(zip(words[::2], words[1::2], strict=False))
