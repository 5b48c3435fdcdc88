"""A small application of its own: what pages are made of needs no helpdesk around it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask, abort, flash, request
from flask.testing import FlaskClient
from flask.typing import ResponseReturnValue
from flask_login import LoginManager
from flask_wtf import CSRFProtect
from jinja2 import DictLoader

from config import Config
from helpdesk import ui

DESK = """{% extends "layouts/desk.html" %}{% block title %}Mine{% endblock %}
{% block top %}<h1 class="top-title">Mine</h1>{% endblock %}
{% block content %}<p>Rows</p>{% endblock %}"""
PORTAL = """{% extends "layouts/portal.html" %}
{% block content %}<h1>Hello</h1>{% endblock %}"""
PAGES = {
    "page.html": "<title>whole</title>{% include 'piece.html' %}",
    "piece.html": "<p>{{ words }}</p>",
    "desk.html": DESK,
    "portal.html": PORTAL,
}


@pytest.fixture
def app(tmp_path: Path) -> Flask:
    return make_app(tmp_path)


def make_app(folder: Path) -> Flask:
    app = Flask(__name__, static_folder=None)
    app.config.update(SECRET_KEY="s" * 32, TESTING=True, SESSION_COOKIE_SECURE=False)
    app.extensions["helpdesk.config"] = Config(
        secret_key="s" * 32, demo=True, instance_path=folder, company_name="Acorn Payroll"
    )
    CSRFProtect(app)
    LoginManager(app).user_loader(lambda _id: None)
    ui.init_app(app)
    app.jinja_loader = DictLoader(PAGES)
    app.add_url_rule("/show/<page>", view_func=_show)
    app.add_url_rule("/refuse/<int:status>", view_func=_refuse)
    return app


def _show(page: str) -> ResponseReturnValue:
    if "flash" in request.args:
        flash(request.args["flash"], request.args.get("tone", "good"))
    rail = [ui.RailSection("My work", [ui.RailItem("Mine", "/mine", 12, current=True)])]
    return ui.show(f"{page}.html", piece="piece.html", words="some words", rail=rail)


def _refuse(status: int) -> ResponseReturnValue:
    abort(status)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def reading(app: Flask) -> Iterator[None]:
    """Inside a request, as filters are while a page is rendered."""
    with app.test_request_context():
        yield
