"""Every answer tells the browser what to refuse."""

from __future__ import annotations

import re

import pytest
from flask import Flask, Response
from flask.testing import FlaskClient


@pytest.mark.parametrize("address", ["/page/whole", "/refuse/404", "/static/x/css/app.css"])
def test_no_answer_lets_foreign_or_inline_code_in(client: FlaskClient, address: str) -> None:
    headers = client.get(address).headers
    policy = headers["Content-Security-Policy"]
    assert "script-src 'self'" in policy
    assert "style-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"


def test_a_stricter_view_keeps_its_own_headers(app: Flask) -> None:
    @app.get("/secret")
    def secret() -> Response:
        return Response(
            "x", headers={"Referrer-Policy": "no-referrer", "Cache-Control": "no-store"}
        )

    headers = app.test_client().get("/secret").headers
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cache-Control"] == "no-store"


def test_a_page_for_somebody_signed_in_is_never_stored(client: FlaskClient) -> None:
    with client.session_transaction() as session:
        session["_user_id"] = "1"
    assert client.get("/page/whole").headers["Cache-Control"] == "no-store"


def test_a_page_for_nobody_in_particular_is_asked_for_again(client: FlaskClient) -> None:
    assert client.get("/page/whole").headers["Cache-Control"] == "private, no-cache"


@pytest.mark.parametrize("secure", [True, False])
def test_https_is_insisted_on_exactly_where_there_is_https(app: Flask, secure: bool) -> None:
    app.config["SESSION_COOKIE_SECURE"] = secure
    assert ("Strict-Transport-Security" in app.test_client().get("/page/whole").headers) == secure


@pytest.mark.parametrize("page", ["queue", "ticket", "portal", "report"])
def test_layouts_hold_no_inline_style_or_script(client: FlaskClient, page: str) -> None:
    html = client.get(f"/page/{page}").text
    assert not re.search(r"<script(?![^>]*\bsrc=)", html)
    assert not re.search(r"<[^>]+\s(style|on\w+)=", html)
    assert not re.search(r'(src|href)="(https?:)?//', html)
