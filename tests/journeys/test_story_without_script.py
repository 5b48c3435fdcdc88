"""The whole story once more, in browsers that run no script."""

import pytest

from tests.journeys import people
from tests.journeys.acting import AgentWithMouse, Customer, Manager
from tests.journeys.conftest import Stage
from tests.journeys.story import play

pytestmark = [pytest.mark.browser, pytest.mark.processes]


def test_from_a_request_to_the_report_without_script(stage_without_script: Stage) -> None:
    stage = stage_without_script
    rosa, nora = Customer(stage.enter()), Manager(stage.enter(), people.NORA)
    play(rosa, AgentWithMouse(stage.enter(), people.MIKA), nora)
