"""Which migration the tables are at, and which is the newest."""

from functools import lru_cache

from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import current_app

from helpdesk.core.db import db


def present() -> set[str]:
    """Where the tables are; empty before the first migration."""
    with db.engine.connect() as connection:
        return set(MigrationContext.configure(connection).get_current_heads())


@lru_cache(maxsize=1)
def newest() -> set[str]:
    """Where they should be."""
    alembic = current_app.extensions["migrate"].migrate.get_config()
    return set(ScriptDirectory.from_config(alembic).get_heads())
