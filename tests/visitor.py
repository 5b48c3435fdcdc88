"""The client that tests open pages with; like a browser, it sends the CSRF token of its forms."""

from __future__ import annotations

from typing import Any

from flask.testing import FlaskClient
from flask_wtf.csrf import generate_csrf
from werkzeug.test import TestResponse

from helpdesk.accounts.models import Account


class Visitor(FlaskClient):
    """Forms are protected in tests as they are outside; `csrf=False` leaves the token out."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        if kwargs.pop("csrf", True) and kwargs.get("method", "GET") not in {"GET", "HEAD"}:
            headers = dict(kwargs.get("headers") or {})
            headers.setdefault("X-CSRFToken", self._token())
            kwargs["headers"] = headers
        return super().open(*args, **kwargs)

    def _token(self) -> str:
        with self.session_transaction() as session:
            kept = dict(session)
        with self.application.test_request_context():
            import flask

            flask.session.update(kept)
            token = generate_csrf()
            fresh = flask.session["csrf_token"]
        with self.session_transaction() as session:
            session["csrf_token"] = fresh
        return str(token)

    def sign_in(self, account: Account) -> Visitor:
        """Be signed in as `account`, without the sign-in page; returns the client itself."""
        with self.session_transaction() as session:
            session.clear()
            session["_user_id"] = account.get_id()
            session["_fresh"] = True
        return self

    def sign_out(self) -> None:
        """Forget who we are."""
        with self.session_transaction() as session:
            session.clear()
