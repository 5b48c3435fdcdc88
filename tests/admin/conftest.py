"""What tests of administration can ask for."""

from collections.abc import Callable

import pytest
from flask import Flask

from tests.cast import Cast, cast
from tests.visitor import Visitor


@pytest.fixture
def people(app: Flask) -> Cast:
    """Everybody."""
    return cast()


@pytest.fixture
def ada(people: Cast, client: Visitor) -> Visitor:
    """The administrator at her desk."""
    return client.sign_in(people.ada)


@pytest.fixture
def mikas_client(people: Cast, visit: Callable[[], Visitor]) -> Visitor:
    """An agent at his desk."""
    return visit().sign_in(people.mika)
