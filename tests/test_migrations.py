"""Migrations build what the models say, and take filled tables down and up again."""

from collections.abc import Callable, Iterator
from pathlib import Path

import flask_migrate
import psycopg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask
from sqlalchemy import func, inspect, select, table

from helpdesk.cli.seed.bulk import fill
from helpdesk.core.db import Model, db
from helpdesk.core.search import INDEXES

KEPT = ("account", "customer", "ticket", "message", "journal_entry", "survey_response")
"""Tables that the first migration made: no row of theirs may be lost on the way."""


@pytest.fixture
def fresh(
    app: Flask, make_app: Callable[..., Flask], tmp_path: Path, request: pytest.FixtureRequest
) -> Iterator[Flask]:
    """The application on a database that holds nothing at all, not even tables."""
    with db.engine.connect() as connection:
        server = connection.engine.url
    if server.get_backend_name() == "sqlite":
        url = f"sqlite:///{tmp_path / 'fresh.db'}"
    else:
        plain = server.set(drivername="postgresql").render_as_string(hide_password=False)
        with psycopg.connect(plain, autocommit=True) as connection:
            connection.execute("DROP DATABASE IF EXISTS fresh")
            connection.execute("CREATE DATABASE fresh")
        url = server.set(database="fresh").render_as_string(hide_password=False)
    made = make_app(database_url=url)
    with made.app_context():
        yield made


def counts() -> dict[str, int]:
    with db.engine.connect() as connection:
        return {
            name: connection.scalar(select(func.count()).select_from(table(name))) or 0
            for name in KEPT
        }


def differences() -> list[object]:
    def is_ours(name: str | None, kind: str, _parents: object) -> bool:
        return kind != "table" or not (name or "").startswith((*INDEXES, "alembic"))

    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"include_name": is_ours})
        return list(compare_metadata(context, Model.metadata))


def revisions(app: Flask) -> list[str]:
    """From the newest to the first."""
    config = app.extensions["migrate"].migrate.get_config()
    return [step.revision for step in ScriptDirectory.from_config(config).walk_revisions()]


def test_they_build_what_the_models_say(fresh: Flask) -> None:
    flask_migrate.upgrade()
    assert differences() == []


def test_they_take_filled_tables_down_and_up_again(fresh: Flask) -> None:
    flask_migrate.upgrade()
    fill(40, say=lambda _line: None)
    before = counts()
    assert all(before.values())
    for revision in revisions(fresh)[1:]:
        flask_migrate.downgrade(revision=revision)
        assert counts() == before, revision
    flask_migrate.upgrade()
    assert counts() == before
    assert differences() == []
    flask_migrate.downgrade(revision="base")
    assert inspect(db.engine).get_table_names() == ["alembic_version"]
