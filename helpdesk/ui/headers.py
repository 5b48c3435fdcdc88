"""What every answer tells the browser to refuse."""

from __future__ import annotations

from flask import Response, current_app, session

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "connect-src 'self'",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-src 'none'",
        "frame-ancestors 'none'",
    )
)

ALWAYS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
TWO_YEARS = "max-age=63072000; includeSubDomains"


def add(response: Response) -> Response:
    """Add the security headers, leaving alone what a view has set itself (stricter, it knows why).

    A page without its own ``Cache-Control`` is never stored when somebody is signed in, and
    always asked for again when nobody is.
    """
    there = {name.lower() for name, _ in response.headers}
    missing = [(name, value) for name, value in ALWAYS.items() if name.lower() not in there]
    response.headers.extend(missing)
    # The cookie is Secure exactly where the public address is https.
    if current_app.config["SESSION_COOKIE_SECURE"]:
        response.headers.setdefault("Strict-Transport-Security", TWO_YEARS)
    if "Cache-Control" not in response.headers:
        response.headers["Cache-Control"] = "no-store" if _signed_in() else "private, no-cache"
    return response


def _signed_in() -> bool:
    # Flask-Login's own key: looking at current_user here would load a row for every answer.
    return "_user_id" in session
