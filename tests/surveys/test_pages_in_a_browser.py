"""The pages of a survey in a real browser, with and without script."""

from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page

from helpdesk.core.db import session, transaction
from helpdesk.surveys.jobs import send_due
from helpdesk.surveys.models import Response
from tests.accessibility import violations
from tests.cast import Cast
from tests.conftest import Clock
from tests.servers.serving import served_as_its_own
from tests.surveys.stage import asked, invited_to_nps, link

pytestmark = [pytest.mark.browser, pytest.mark.databases("sqlite")]
RTL = "لقد تم خصم المبلغ مرتين من بطاقتي لشهر أكتوبر"


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    """Where the application of this test answers."""
    with served_as_its_own(app) as url:
        yield url


def given() -> list[int]:
    session.rollback()
    return [each.score for each in session.query(Response)]


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_a_customer_answers_and_changes_their_mind(
    script: bool, people: Cast, clock: Clock, address: str, browser: Browser
) -> None:
    path = link(asked(people, clock), "?score=2")
    context = browser.new_context(
        java_script_enabled=script, viewport={"width": 390, "height": 760}
    )
    page = context.new_page()
    page.goto(address + path)
    assert page.get_by_label("2 of 5").is_checked()
    assert given() == []  # looking is not answering
    page.get_by_label("What went well").fill("Too slow.")
    page.get_by_role("button", name="Send my rating").click()
    page.get_by_role("heading", name="Thank you").wait_for()
    assert given() == [2]
    page.get_by_role("link", name="Change my answer").click()
    page.get_by_label("4 of 5").check()
    page.get_by_role("button", name="Change my rating").click()
    page.get_by_role("heading", name="Thank you").wait_for()
    assert given() == [4]
    page.get_by_role("link", name="Ask me less often").click()
    page.get_by_label("Never").check()
    page.get_by_role("button", name="Save").click()
    page.get_by_text("You will not be asked again.").wait_for()
    context.close()


def test_a_long_subject_from_right_to_left_leaves_pages_accessible(
    people: Cast, clock: Clock, address: str, browser: Browser
) -> None:
    with transaction():
        people.ticket.subject = f"{RTL} {'W' * 60}"
    csat = link(asked(people, clock))
    nps = invited_to_nps(people.sam.id)
    assert nps is not None
    nps_id = nps.id
    send_due()
    context = browser.new_context(color_scheme="dark", viewport={"width": 320, "height": 700})
    page = context.new_page()
    for path in (f"{csat}?score=4", link(nps_id), f"{csat}/preferences", "/surveys/forged"):
        page.goto(address + path)
        assert violations(page) == [], path
        assert fits(page), path
    context.close()


def fits(page: Page) -> bool:
    """Nothing sticks out at the side."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


def test_a_browser_that_runs_scripts_but_presses_nothing_gives_no_vote(
    people: Cast, clock: Clock, address: str, browser: Browser
) -> None:
    path = link(asked(people, clock), "?score=1")
    page = browser.new_page()
    page.goto(address + path, wait_until="networkidle")
    page.mouse.wheel(0, 400)
    page.keyboard.press("Tab")
    page.close()
    assert given() == []
