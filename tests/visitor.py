"""The client that tests open pages with; like a browser, it sends the CSRF token of its forms."""

from __future__ import annotations

from contextvars import Context
from typing import Any

import flask
from flask.testing import FlaskClient
from flask_wtf.csrf import generate_csrf
from werkzeug.test import TestResponse

from helpdesk.accounts.models import Account
from helpdesk.core import db


class Visitor(FlaskClient):
    """Forms are protected in tests as they are outside; `csrf=False` leaves the token out."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        kwargs.setdefault("buffered", True)  # read to its end and closed, as by a server
        if kwargs.pop("csrf", True) and kwargs.get("method", "GET") not in {"GET", "HEAD"}:
            headers = dict(kwargs.get("headers") or {})
            headers.setdefault("X-CSRFToken", self._token())
            kwargs["headers"] = headers
        # In a context of its own, as outside: neither `g` nor the database session of the test.
        answer = Context().run(super().open, *args, **kwargs)
        if flask.has_app_context():
            db.session.rollback()  # the test sees what the request changed
        return answer

    def _token(self) -> str:
        with self.session_transaction() as session:
            kept = dict(session)
        token, fresh = Context().run(self._make_token, kept)
        with self.session_transaction() as session:
            session["csrf_token"] = fresh
        return token

    def _make_token(self, kept: dict[str, Any]) -> tuple[str, str]:
        with self.application.test_request_context():
            flask.session.update(kept)
            return str(generate_csrf()), flask.session["csrf_token"]

    def sign_in(self, account: Account) -> Visitor:
        """Be signed in as `account`, without the sign-in page; returns the client itself."""
        with self.session_transaction() as session:
            session.clear()
            session["_user_id"] = account.get_id()
            session["_fresh"] = True
            session["staff"] = account.is_staff
        return self

    def sign_out(self) -> None:
        """Forget who we are."""
        with self.session_transaction() as session:
            session.clear()
