"""A small application of its own: what pages are made of needs no helpdesk around it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask, abort, flash, redirect, request
from flask.testing import FlaskClient
from flask.typing import ResponseReturnValue
from flask_login import LoginManager
from flask_wtf import CSRFProtect
from jinja2 import ChoiceLoader, DictLoader, FileSystemLoader
from wtforms import BooleanField, Form, StringField
from wtforms.validators import DataRequired

from config import Config
from helpdesk import ui
from tests.servers.serving import served

PAGES = {
    "whole.html": "<title>whole</title>{% include 'piece.html' %}",
    "piece.html": "<p>{{ words }}</p>",
}


@dataclass(frozen=True)
class Row:
    """A ticket in a list."""

    who: str
    what: str
    said: str
    at: datetime = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


ROWS = (
    Row("Harbor Coffee", "Charged twice for October", "I have been waiting for three weeks"),
    Row("مريم الخطيب", "لا أستطيع تسجيل الدخول", "منذ أمس"),
    Row("Donaudampfschifffahrtsgesellschaft & Sons", "Two hundred letters " * 10, "x" * 400),
)


class Letter(Form):
    """A form with something to mend."""

    subject = StringField("Subject", [DataRequired("Please say what it is about.")])
    copy = BooleanField("Send me a copy")


class Small(Flask):
    """The application; ``thread`` holds what was sent to it, ``did`` which buttons were pressed,
    ``order`` in which order the list is."""

    def __init__(self, folder: Path) -> None:
        super().__init__(__name__, static_folder=None)
        self.thread: list[str] = ["Hello"]
        self.did: list[dict[str, list[str]]] = []
        self.order = [1, 2, 3]
        self.config.update(SECRET_KEY="s" * 32, TESTING=True, SESSION_COOKIE_SECURE=False)
        self.extensions["helpdesk.config"] = Config(
            secret_key="s" * 32, demo=True, instance_path=folder, company_name="Acorn Payroll"
        )
        CSRFProtect(self)
        LoginManager(self).user_loader(lambda _id: None)
        ui.init_app(self)
        pages = FileSystemLoader(Path(__file__).parent / "pages")
        self.jinja_loader = ChoiceLoader([DictLoader(PAGES), pages])
        self.add_url_rule("/page/<page>", view_func=self.page)
        self.add_url_rule("/refuse/<int:status>", view_func=self.refuse)
        self.add_url_rule("/reply", view_func=self.reply, methods=["POST"])
        self.add_url_rule("/did", view_func=self.note_what_was_done, methods=["POST"])

    def page(self, page: str) -> ResponseReturnValue:
        """Show one of the pages above, or of the folder beside."""
        if "flash" in request.args:
            flash(request.args["flash"], request.args.get("tone", "good"))
        form = Letter()
        form.validate()
        mine = ui.RailItem("Mine", "/page/queue", 12, current=True, key="g m")
        return ui.show(
            f"{page}.html",
            piece="piece.html",
            words="some words",
            rail=[ui.RailSection("My work", [mine])],
            slim_rail=page == "ticket",
            rows=ROWS,
            order=self.order,
            thread=self.thread,
            form=form,
            sign_out_url="/did",
            portal_nav=[ui.RailItem("My requests", "/page/portal")],
        )

    def refuse(self, status: int) -> ResponseReturnValue:
        """Answer with an error, in words of our own when there are some."""
        abort(status, request.args.get("what"))

    def reply(self) -> ResponseReturnValue:
        """Take what the composer sends, unless it says so itself."""
        if request.form["body"] == "break":
            abort(500)
        self.thread.append(request.form["body"])
        return redirect("/page/ticket", 303)

    def note_what_was_done(self) -> ResponseReturnValue:
        """Remember the form."""
        self.did.append({k: v for k, v in request.form.lists() if k != "csrf_token"})
        if request.form.get("verb") == "touch":  # latest activity first
            self.order.sort(key=lambda number: str(number) not in request.form.getlist("ticket"))
        return redirect("/page/queue", 303)


@pytest.fixture
def app(tmp_path: Path) -> Small:
    return Small(tmp_path)


@pytest.fixture
def client(app: Small) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def reading(app: Small) -> Iterator[None]:
    """Inside a request, as filters are while a page is rendered."""
    with app.test_request_context():
        yield


@pytest.fixture
def address(app: Small) -> Iterator[str]:
    """Where a browser finds the small application."""
    with served(app) as url:
        yield url
