"""A view shows a page, or the piece of it that the script asked for."""

from __future__ import annotations

from flask.testing import FlaskClient

SCRIPT = {"HX-Request": "true"}


def test_a_browser_gets_the_whole_page(client: FlaskClient) -> None:
    assert client.get("/page/whole").text == "<title>whole</title><p>some words</p>"


def test_the_script_gets_the_piece(client: FlaskClient) -> None:
    assert client.get("/page/whole", headers=SCRIPT).text == "<p>some words</p>"


def test_a_page_out_of_the_history_is_whole(client: FlaskClient) -> None:
    headers = SCRIPT | {"HX-History-Restore-Request": "true"}
    assert "whole" in client.get("/page/whole", headers=headers).text


def test_caches_keep_page_and_piece_apart(client: FlaskClient) -> None:
    assert "HX-Request" in client.get("/page/whole").vary


def test_a_flash_is_announced_and_escaped(client: FlaskClient) -> None:
    page = client.get("/page/portal?flash=<b>Sent&tone=bad").text
    assert 'role="status"' in page
    assert 'class="flash flash-bad"' in page
    assert "&lt;b&gt;Sent" in page


def test_the_rail_shows_views_with_their_counts(client: FlaskClient) -> None:
    page = client.get("/page/queue").text
    assert '<a class="rail-item" href="/page/queue" aria-current="page"' in page
    assert '<span class="rail-count">12</span>' in page


def test_the_name_of_the_company_stands_on_the_page(client: FlaskClient) -> None:
    assert "Acorn Payroll" in client.get("/page/portal").text
