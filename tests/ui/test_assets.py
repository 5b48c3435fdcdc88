"""Styles and scripts are small, kept for good by browsers, and never stale."""

from __future__ import annotations

import gzip
import hashlib
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from helpdesk.ui import assets

GZIP = {"Accept-Encoding": "gzip"}


def addresses(page: str) -> set[str]:
    return {found.split("#")[0] for found in re.findall(r'(?:src|href)="(/static/[^"]+)"', page)}


def test_an_address_changes_with_its_files_and_is_kept_for_good(
    app: Flask, client: FlaskClient
) -> None:
    with app.app_context():
        address = assets.asset("css/app.css")
    answer = client.get(address)
    assert answer.mimetype == "text/css"
    assert "immutable" in answer.headers["Cache-Control"]


def test_an_outdated_address_still_answers_but_is_not_kept(client: FlaskClient) -> None:
    answer = client.get("/static/0123456789/css/app.css")
    assert answer.status_code == 200
    assert "immutable" not in answer.headers["Cache-Control"]


@pytest.mark.parametrize("path", ["css/none.css", "../__init__.py", "css/../../assets.py"])
def test_only_files_of_ours_are_served(client: FlaskClient, path: str) -> None:
    assert client.get(f"/static/x/{path}").status_code == 404


def test_a_wrong_name_fails_at_once(app: Flask) -> None:
    with app.app_context(), pytest.raises(KeyError):
        assets.asset("css/nothing.css")


def test_the_desk_costs_little_on_a_cold_cache(client: FlaskClient) -> None:
    answer = client.get("/page/queue", headers=GZIP)
    page = gzip.decompress(answer.data).decode()
    files = [client.get(address, headers=GZIP) for address in addresses(page)]
    assert all(file.status_code == 200 for file in files)
    assert len(answer.data) + sum(len(file.data) for file in files) < 50_000


def test_a_browser_without_gzip_gets_plain_text(client: FlaskClient) -> None:
    answer = client.get("/static/x/css/app.css")
    assert "Content-Encoding" not in answer.headers
    assert "@layer" in answer.text


def test_a_compressed_page_has_no_telling_length(client: FlaskClient) -> None:
    sizes = {len(client.get("/page/queue", headers=GZIP).data) for _ in range(20)}
    assert len(sizes) > 3


def test_small_answers_are_left_alone(client: FlaskClient) -> None:
    assert "Content-Encoding" not in client.get("/page/whole", headers=GZIP).headers


def test_the_vendored_script_is_the_published_one() -> None:
    folder = assets.FOLDER / "vendor"
    known = re.findall(r"\| (\S+\.js) \|.*\b([0-9a-f]{64}) \|", (folder / "README.md").read_text())
    assert {name for name, _ in known} == {file.name for file in folder.glob("*.js")}
    for name, checksum in known:
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == checksum


def test_every_icon_that_a_template_of_ours_names_is_in_the_sprite() -> None:
    sprite = (assets.FOLDER / "icons" / "sprite.svg").read_text()
    known = set(re.findall(r'<symbol id="([\w-]+)"', sprite))
    package = assets.FOLDER.parents[1]
    named = {
        name
        for template in package.rglob("templates/**/*.html")
        for name in re.findall(r'icon\("([\w-]+)"', template.read_text())
    }
    assert named
    assert named <= known
