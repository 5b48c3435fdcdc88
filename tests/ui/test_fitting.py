"""Pages fit the window they are in, obey their own policy, and can be used there."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect

pytestmark = pytest.mark.browser
PAGES = ("queue", "ticket", "portal", "report")


@pytest.mark.parametrize("name", PAGES)
def test_nothing_must_be_scrolled_sideways(page: Page, address: str, name: str) -> None:
    page.goto(f"{address}/page/{name}")
    for width in (320, 390, 820, 1440):
        page.set_viewport_size({"width": width, "height": 700})
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_on_a_phone_the_rail_opens_without_script(browser: Browser, address: str) -> None:
    context = browser.new_context(java_script_enabled=False, viewport={"width": 390, "height": 800})
    page = context.new_page()
    page.goto(f"{address}/page/queue")
    expect(page.get_by_role("link", name="Mine")).to_be_hidden()
    page.get_by_role("button", name="Menu").click()
    expect(page.get_by_role("link", name="Mine")).to_be_visible()
    context.close()


SMALL = """least => [...document.querySelectorAll(
    "main button, main a.button, main textarea, main select, main .score, main .requests a"
)].filter(e => e.offsetParent && Math.min(e.offsetWidth, e.offsetHeight) < least)
  .map(e => `${e.outerHTML.slice(0, 60)} ${e.offsetWidth}×${e.offsetHeight}`)"""


@pytest.mark.parametrize(("name", "least"), [("queue", 24), ("ticket", 24), ("portal", 44)])
def test_targets_are_large_enough(page: Page, address: str, name: str, least: int) -> None:
    page.set_viewport_size({"width": 390, "height": 800})
    page.goto(f"{address}/page/{name}")
    assert page.evaluate(SMALL, least) == []


def test_the_first_tab_skips_to_the_content(page: Page, address: str) -> None:
    page.goto(f"{address}/page/queue")
    page.keyboard.press("Tab")
    expect(page.get_by_text("Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()


def test_dark_is_dark_and_a_page_may_choose(browser: Browser, address: str) -> None:
    context = browser.new_context(color_scheme="dark")
    page = context.new_page()
    page.goto(f"{address}/page/queue")
    ground = "getComputedStyle(document.documentElement).backgroundColor"
    dark = page.evaluate(ground)
    page.evaluate("document.documentElement.dataset.theme = 'light'")
    assert page.evaluate(ground) != dark
    context.close()
