"""What the tests of reports share: a stored history."""

import pytest
from flask import Flask

from helpdesk.core.clock import now
from helpdesk.core.db import db
from tests.cast import Cast
from tests.conftest import Clock
from tests.reports.history import Drawing, History
from tests.servers.tableaux import Tableau

_TOLD: dict[str, tuple[Cast, Tableau]] = {}


@pytest.fixture
def history(app: Flask, clock: Clock, request: pytest.FixtureRequest) -> History:
    """Some three hundred tickets and what came of them: drawn once, put back after that."""
    address = db.engine.url.render_as_string()
    if address in _TOLD and _TOLD[address][1].put_back():
        return History(_TOLD[address][0])
    people: Cast = request.getfixturevalue("people")
    Drawing(people)
    _TOLD.setdefault(address, (people, Tableau(now())))
    return History(people)
