"""What customers and the staff do most, without a mouse."""

from collections.abc import Iterator
from pathlib import Path
from typing import TypedDict

import pytest
from playwright.sync_api import Browser, expect
from playwright.sync_api import Page as Tab

from tests.journeys.conftest import House
from tests.journeys.pages import PAGES, Page

pytestmark = [pytest.mark.browser]
KEY_PAGES = (
    "home",
    "sign in",
    "by link",
    "survey",
    "preferences",
    "all open",
    "ticket",
    "stale reply",
    "flag",
    "imports",
    "overview",
)
MOST = 150
SCRIPT = Path(__file__).with_name("tabbing.js")


@pytest.fixture
def tab(browser: Browser, house: House) -> Iterator[Tab]:
    """A browser of nobody in particular."""
    context = browser.new_context(base_url=house.address, locale="en-GB")
    context.set_default_timeout(10_000)
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("name", KEY_PAGES)
def test_tab_leads_to_everything_in_the_order_of_the_page(
    name: str, tab: Tab, house: House
) -> None:
    page = page_called(name)
    house.sign_in(tab.context, page.who)
    tab.goto(house.path_of(page.path))
    page.do(tab)
    steps = walk(tab)
    assert [step["what"] for step in steps if not step["seen"]] == []
    assert [step["place"] for step in steps] == sorted(step["place"] for step in steps)
    assert tab.evaluate("tabbing.missed()") == []


def page_called(name: str) -> Page:
    return next(page for page in PAGES if page.name == name)


class Step(TypedDict):
    """Where Tab led: the element, its place in the page, and whether one sees that it is there."""

    what: str
    place: int
    seen: bool


def walk(tab: Tab) -> list[Step]:
    """Where Tab leads, from the top of the page until it leaves it."""
    tab.wait_for_load_state()  # the page's own scripts may put the focus somewhere until then
    tab.evaluate(SCRIPT.read_text(encoding="utf-8"))
    steps: list[Step] = []
    for _ in range(MOST):
        tab.keyboard.press("Tab")
        if (step := tab.evaluate("tabbing.step()")) is None:
            break
        if step != "inside":
            steps.append(step)
    return steps


def test_a_request_is_filed_by_keyboard_alone(tab: Tab) -> None:
    tab.goto("/")
    fields = ("Vera Vale", "vera@vale.example", "What does it cost?", "Please tell me.")
    press_until_focused(tab, "Your name")
    for words in fields:
        tab.keyboard.type(words)
        tab.keyboard.press("Tab")
    expect(tab.get_by_label("Files")).to_be_focused()
    tab.keyboard.press("Tab")
    tab.keyboard.press("Enter")
    expect(tab.get_by_role("heading", name="We have your request")).to_be_visible()


def test_a_refused_form_puts_the_focus_on_what_is_wrong(tab: Tab) -> None:
    tab.goto("/")
    press_until_focused(tab, "Your name")
    tab.keyboard.press("Enter")
    expect(tab.get_by_role("alert")).to_be_focused()
    tab.keyboard.press("Tab")
    tab.keyboard.press("Enter")
    expect(tab.get_by_label("Your name")).to_be_focused()


def test_a_survey_is_answered_by_keyboard_alone(tab: Tab, house: House) -> None:
    tab.goto(house.path_of("/surveys/{nps}?score=5"))
    while not tab.get_by_label("5 of 10").evaluate("e => e === document.activeElement"):
        tab.keyboard.press("Tab")
    tab.keyboard.press("ArrowRight")
    expect(tab.get_by_label("6 of 10")).to_be_checked()
    tab.keyboard.press("Tab")
    tab.keyboard.type("It is fine.")
    tab.keyboard.press("Tab")
    tab.keyboard.press("Enter")
    expect(tab.get_by_role("heading", name="Thank you")).to_be_visible()
    expect(tab.get_by_text("You gave 6 of 10")).to_be_visible()


def press_until_focused(tab: Tab, label: str) -> None:
    """Go on with Tab to the field with this label."""
    field = tab.get_by_label(label)
    for _ in range(MOST):
        tab.keyboard.press("Tab")
        if field.evaluate("e => e === document.activeElement"):
            return
    raise AssertionError(f"Tab does not lead to {label!r}.")


def test_a_list_is_worked_off_from_ticket_to_ticket(tab: Tab, house: House) -> None:
    house.sign_in(tab.context, "mika")
    tab.goto("/desk/queue/open")
    tab.locator("html.has-script").wait_for()
    first, second = (row.get_attribute("href") for row in tab.locator(".row-what").all()[:2])
    tab.keyboard.press("j")
    tab.keyboard.press("Enter")
    tab.wait_for_url(f"**{first}")
    tab.locator("html.has-script").wait_for()
    tab.keyboard.press("j")
    tab.wait_for_url(f"**{second}")
    tab.locator("html.has-script").wait_for()
    tab.keyboard.press("u")
    tab.wait_for_url("**/desk/queue/open")


def test_the_palette_does_what_has_a_key_on_the_page(tab: Tab, house: House) -> None:
    house.sign_in(tab.context, "mika")
    tab.goto(house.path_of("/desk/tickets/{ticket}"))
    tab.locator("html.has-script").wait_for()
    for typed, place in (("pri", "Priority"), ("not", "Message")):
        tab.keyboard.press("Control+k")
        tab.keyboard.type(typed)
        tab.keyboard.press("Enter")  # at once, before anything was found
        expect(tab.get_by_label(place, exact=True)).to_be_focused()
        tab.keyboard.press("Escape")
    tab.keyboard.press("Control+k")
    tab.keyboard.type("macros and")
    tab.keyboard.press("Enter")
    expect(tab.get_by_role("combobox", name="Macros and canned replies")).to_be_focused()


def test_s_leads_from_the_list_to_the_choice_of_how_long(tab: Tab, house: House) -> None:
    house.sign_in(tab.context, "mika")
    tab.goto("/desk/queue/open")
    tab.locator("html.has-script").wait_for()
    tab.keyboard.press("j")
    tab.keyboard.press("s")
    expect(tab.get_by_role("button", name="For 3 hours")).to_be_focused()
