"""Every key that `?` lists does something, and nothing listens to a key that is not listed."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Route
from playwright.sync_api import Page as Tab

from tests.journeys.conftest import House

pytestmark = [pytest.mark.browser]
SCRIPTS = Path("helpdesk/ui/static/js")
LISTENS = re.compile(
    r"(\w+)\??\.addEventListener\(\s*\"key(?:down|up|press)\"|\bonkey(?:down|up)\b"
)

STATE = """() => JSON.stringify([
  location.href,
  document.querySelectorAll("dialog[open]").length,
  [...document.querySelectorAll("*")].indexOf(document.activeElement),
  [...document.querySelectorAll("details")].map((one) => one.open),
  [...document.querySelectorAll("input")].map((one) => one.checked),
])"""
BEFORE = """(key) => {
  document.querySelectorAll("dialog[open]").forEach((one) => one.close());
  document.querySelectorAll("details[open]").forEach((one) => { one.open = false; });
  document.querySelectorAll("form").forEach((one) => { delete one.dataset.sending; });
  document.activeElement.blur();
  document.querySelectorAll(".row-what")[1]?.focus();
  if (key === "Escape") document.querySelector("details.menu").open = true;
  if (key === "Ctrl Enter") {
    const text = document.querySelector("textarea");
    text.value = "Something";
    text.focus();
  }
}"""


@pytest.fixture
def tab(browser: Browser, house: House) -> Iterator[Tab]:
    """Mika's browser, which goes nowhere: what it asks for is only noted."""
    context = browser.new_context(base_url=house.address, locale="en-GB")
    context.set_default_timeout(10_000)
    house.sign_in(context, "mika")
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("path", ["/desk/queue/open", "/desk/tickets/{ticket}"])
def test_every_listed_key_works(path: str, tab: Tab, house: House) -> None:
    tab.goto(house.path_of(path))
    tab.locator("html.has-script").wait_for()
    keys = listed(tab)
    assert {"?", "Escape", "Ctrl k", "g m", "e", "a"} <= keys.keys()
    assert [key for key in keys if not does_something(tab, key)] == []


def listed(tab: Tab) -> dict[str, str]:
    """Keys and words as the list shows them."""
    tab.keyboard.press("?")
    tab.locator("dialog.keys").wait_for()
    terms = tab.locator("dialog.keys dt").all()
    keys = [" ".join(term.locator("kbd").all_inner_texts()) for term in terms]
    words = tab.locator("dialog.keys dd").all_inner_texts()
    tab.keyboard.press("Escape")
    assert len(keys) == len(set(keys)), "A key is listed twice."
    assert all(words), "A key has no words."
    return dict(zip(keys, words, strict=True))


def does_something(tab: Tab, key: str) -> bool:
    """Whether pressing it leads on, sends, opens, chooses or moves."""
    asked: list[str] = []

    def note(route: Route) -> None:
        if route.request.is_navigation_request():
            asked.append(route.request.url)
            route.fulfill(status=204)
        else:
            route.continue_()

    tab.evaluate(BEFORE, key)
    before = tab.evaluate(STATE)
    tab.route("**/*", note)
    for stroke in [key.replace("Ctrl ", "Control+")] if "Ctrl" in key else key.split():
        tab.keyboard.press(stroke)
    tab.wait_for_timeout(60)
    tab.unroute("**/*")
    return bool(asked) or tab.evaluate(STATE) != before


@pytest.mark.parametrize("path", ["/desk/queue/open", "/desk/tickets/{ticket}"])
def test_no_two_things_have_one_key(path: str, tab: Tab, house: House) -> None:
    tab.goto(house.path_of(path))
    keys = tab.locator("[data-key]").evaluate_all("all => all.map((one) => one.dataset.key)")
    assert sorted(keys) == sorted(set(keys))


def test_only_the_list_of_keys_listens_to_keys() -> None:
    """So what handles a key is listed. A dialog has keys of its own while it is open."""
    listening = [
        f"{script.name}: {found[0]}"
        for script in sorted(SCRIPTS.glob("*.js"))
        for found in LISTENS.finditer(script.read_text(encoding="utf-8"))
        if script.name != "keys.js" and found[1] != "dialog"
    ]
    assert listening == []
