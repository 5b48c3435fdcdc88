"""The part that is ill is named, quickly, and the process is alive all the same."""

import time
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from helpdesk.core import health
from helpdesk.core.jobs import connection
from tests.servers.valkey import Valkey
from tests.visitor import Visitor


@pytest.fixture
def all_there(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Worker and clock show themselves, and the tables are those of the migrations."""
    health.show_up("worker")
    health.show_up("clock")
    monkeypatch.setitem(health.CHECKS, "migrations", lambda: None)


def findings(client: FlaskClient) -> dict[str, str]:
    """What each part is said to be."""
    found = client.get("/readyz").json
    assert isinstance(found, dict)
    return found


def test_alive_needs_nothing(client: Visitor, redis_server: Valkey) -> None:
    redis_server.kill()
    assert client.get("/healthz").status_code == 200


@pytest.mark.usefixtures("all_there")
def test_ready_when_every_part_is(client: Visitor) -> None:
    assert client.get("/readyz").status_code == 200
    assert set(findings(client)) == {"database", "migrations", "redis", "worker", "clock", "mail"}


@pytest.mark.usefixtures("all_there")
def test_redis_away_is_named_and_nothing_else_of_the_database(
    client: Visitor, redis_server: Valkey
) -> None:
    redis_server.kill()
    assert client.get("/readyz").status_code == 503
    assert findings(client)["redis"].startswith("not ready")
    assert findings(client)["database"] == "ok"


@pytest.mark.usefixtures("all_there")
@pytest.mark.parametrize("part", ["worker", "clock"])
def test_a_process_that_does_not_show_itself_is_missed(client: Visitor, part: str) -> None:
    connection().delete(f"helpdesk:seen:{part}")
    assert findings(client)[part] == "not ready: not seen for 60 seconds"


def test_a_database_of_another_version_is_named(
    client: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health, "_newest", lambda: {"of tomorrow"})
    assert "flask db upgrade" in findings(client)["migrations"]


def test_a_mail_server_that_is_away_is_named(make_app: Callable[..., Flask]) -> None:
    ill = findings(make_app(smtp_url="smtp://127.0.0.1:1").test_client())
    assert ill["mail"].startswith("not ready")


@pytest.mark.usefixtures("all_there")
def test_a_part_that_hangs_keeps_nobody_waiting(
    client: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(health.CHECKS, "mail", lambda: time.sleep(1.5))
    started = time.monotonic()
    assert findings(client)["mail"] == "not ready: no answer in time"
    assert time.monotonic() - started < 1.4


def test_a_probe_need_not_know_our_name(client: Visitor) -> None:
    assert client.get("/readyz", headers={"Host": "10.0.0.7"}).status_code in {200, 503}
