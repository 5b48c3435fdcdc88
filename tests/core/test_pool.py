"""A database that was restarted is found again."""

from typing import Any, cast

import pytest
from flask import Flask
from sqlalchemy import text

from helpdesk.core import pool
from helpdesk.core.db import db


@pytest.mark.databases("postgresql")
def test_a_connection_that_broke_while_it_rested_is_replaced(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pool, "RESTED", 0.0)
    with app.app_context():
        engine = db.engine
    with engine.connect() as connection:
        held = cast(Any, connection.connection.dbapi_connection)
    held.close()
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT 1")) == 1
