"""The doctor has one line for each part and fails when one of them is ill."""

import pytest
from alembic.script import ScriptDirectory
from flask import Flask
from flask_migrate import stamp

from helpdesk.core.db import db
from tests.servers.valkey import Valkey


def lines(app: Flask) -> dict[str, str]:
    result = app.test_cli_runner().invoke(args=["doctor"])
    return {line.split()[1]: line.split()[0] for line in result.output.splitlines()}


@pytest.fixture
def migrated(app: Flask) -> Flask:
    """The tables are the models'; only the note of the migration is missing."""
    stamp()
    return app


def test_everything_is_well(migrated: Flask) -> None:
    assert set(lines(migrated).values()) == {"ok"}
    assert migrated.test_cli_runner().invoke(args=["doctor"]).exit_code == 0


def test_without_redis_only_redis_is_ill(migrated: Flask, redis_server: Valkey) -> None:
    redis_server.kill()
    ill = [name for name, state in lines(migrated).items() if state == "BAD"]
    assert ill == ["redis"]
    assert migrated.test_cli_runner().invoke(args=["doctor"]).exit_code == 1


def test_a_database_that_was_not_migrated_is_ill(migrated: Flask) -> None:
    stamp(revision="base")
    assert lines(migrated)["migrations"] == "BAD"


def test_there_is_one_newest_migration(app: Flask) -> None:
    alembic = app.extensions["migrate"].migrate.get_config()
    assert len(ScriptDirectory.from_config(alembic).get_heads()) == 1
    db.engine.dispose()
