"""The part that is ill is named, quickly, and the process is alive all the same."""

import threading
from collections.abc import Callable
from contextvars import Context

import pytest
from flask import Flask
from flask.testing import FlaskClient

from helpdesk.core import health, schema
from helpdesk.core.jobs import connection
from tests.servers.valkey import Valkey
from tests.visitor import Visitor


@pytest.fixture(autouse=True)
def _long_after_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every answer is a new one, and nothing is still starting."""
    monkeypatch.setattr(health, "FRESH", 0.0)
    monkeypatch.setattr(health, "GRACE", 0.0)


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
    monkeypatch.setattr(schema, "newest", lambda: {"of tomorrow"})
    assert "flask db upgrade" in findings(client)["migrations"]


def test_a_mail_server_that_is_away_is_named(make_app: Callable[..., Flask]) -> None:
    ill = findings(make_app(smtp_url="smtp://127.0.0.1:1").test_client())
    assert ill["mail"].startswith("not ready")


@pytest.mark.usefixtures("all_there")
def test_a_part_that_hangs_keeps_nobody_waiting(
    client: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    answered = threading.Event()
    monkeypatch.setitem(health.CHECKS, "mail", lambda: answered.wait(60) and None)
    assert findings(client)["mail"] == "not ready: no answer in time"
    answered.set()


def test_asking_often_costs_nothing(
    make_app: Callable[..., Flask], monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[int] = []
    monkeypatch.setattr(health, "FRESH", 5.0)
    monkeypatch.setitem(health.CHECKS, "mail", lambda: calls.append(1))
    asked = make_app().test_client()
    for _ in range(5):
        findings(asked)
    assert len(calls) == 1


def test_while_one_looks_the_others_get_what_is_known(
    make_app: Callable[..., Flask], monkeypatch: pytest.MonkeyPatch
) -> None:
    app = make_app()
    findings(app.test_client())
    looking, done = threading.Event(), threading.Event()

    def slow() -> None:
        looking.set()
        done.wait(60)

    monkeypatch.setitem(health.CHECKS, "mail", slow)
    monkeypatch.setattr(health, "PATIENCE", 60.0)
    first = threading.Thread(target=Context().run, args=(findings, app.test_client()))
    first.start()
    looking.wait(5)
    findings(app.test_client())
    assert first.is_alive()
    done.set()
    first.join()


@pytest.mark.usefixtures("all_there")
def test_right_after_the_start_nobody_is_missed_yet(
    make_app: Callable[..., Flask], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health, "GRACE", 20.0)
    connection().delete("helpdesk:seen:clock")
    answer = make_app().test_client().get("/readyz")
    assert answer.status_code == 200
    assert answer.json is not None
    assert answer.json["clock"] == "starting"


def test_a_probe_need_not_know_our_name(client: Visitor) -> None:
    assert client.get("/readyz", headers={"Host": "10.0.0.7"}).status_code in {200, 503}
