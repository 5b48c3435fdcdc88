"""The whole story in one go, in a real browser, with real processes behind it."""

import pytest

from tests.journeys import people
from tests.journeys.acting import AgentWithKeyboard, Customer, Manager
from tests.journeys.conftest import Stage
from tests.journeys.story import play

pytestmark = [pytest.mark.browser, pytest.mark.processes]


def test_from_a_request_to_the_report(stage: Stage) -> None:
    rosa, nora = Customer(stage.enter()), Manager(stage.enter(), people.NORA)
    play(rosa, AgentWithKeyboard(stage.enter(), people.MIKA), nora)
