"""What the tests of reports share: a stored history."""

import pytest

from tests.cast import Cast
from tests.conftest import Clock
from tests.reports.history import History


@pytest.fixture
def history(clock: Clock, people: Cast) -> History:
    """Some three hundred tickets and what came of them."""
    return History(people)
