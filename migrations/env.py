"""How migrations reach the database: through the application's own engine."""

from typing import Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from flask import current_app
from sqlalchemy import JSON, Connection, Engine

from helpdesk.core.db import Model, UTCDateTime
from helpdesk.core.search import INDEXES
from helpdesk.reports.rollups.marks import unwatch, watch


def render_item(kind: str, item: object, autogen_context: AutogenContext) -> str | Literal[False]:
    """Our own column types are written as what they are made of, so that migrations stand alone."""
    if kind == "type" and isinstance(item, UTCDateTime):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(item, JSON):
        autogen_context.imports.add("from sqlalchemy.dialects import postgresql")
        return 'sa.JSON().with_variant(postgresql.JSONB(), "postgresql")'
    return False


def compare_type(
    migration_context: object,
    column: object,
    metadata_column: object,
    database_type: object,
    model_type: object,
) -> bool | None:
    """UTCDateTime and the DateTime it is stored as are the same; leave the rest to Alembic."""
    return False if isinstance(model_type, UTCDateTime) else None


def is_ours(name: str | None, kind: str, parents: object) -> bool:
    """Tables of full text are no models: each database has its own kind, made by a migration."""
    return kind != "table" or not (name or "").startswith(tuple(INDEXES))


def run(connection: Connection) -> None:
    """Run the migrations in one transaction, whole or not at all.

    A batch migration on SQLite makes a table anew; with foreign keys on, dropping the old one
    would delete its child rows. The pragma must go past SQLAlchemy: inside its transaction it
    would do nothing. With the table its triggers would go, so they are taken off and put back.
    """
    sqlite = connection.dialect.name == "sqlite"
    if sqlite:
        driver = connection.connection.dbapi_connection
        assert driver is not None
        driver.execute("PRAGMA foreign_keys=OFF")
    context.configure(
        connection=connection,
        target_metadata=Model.metadata,
        render_as_batch=sqlite,
        render_item=render_item,
        compare_type=compare_type,
        include_name=is_ours,
    )
    with context.begin_transaction():
        unwatch(connection)
        context.run_migrations()
        watch(connection)
        if sqlite:
            broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
            if broken:
                raise RuntimeError(f"The migration left rows that point nowhere: {broken[:5]}")
    if sqlite:
        driver.execute("PRAGMA foreign_keys=ON")


engine: Engine = current_app.extensions["migrate"].db.engine
with engine.connect() as connection:
    run(connection)
