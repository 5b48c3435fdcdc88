"""Every page is for everybody: in both themes, on a narrow screen, and without a word of complaint
from the browser."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext
from playwright.sync_api import Page as Tab

from tests.accessibility import AXE, COLOURS, NARROW, violations
from tests.journeys.conftest import House
from tests.journeys.pages import NOT_PAGES, PAGES, Page

pytestmark = [pytest.mark.browser]
FORGET = """if (window.name === "new") { sessionStorage.clear(); window.name = ""; }"""
"""What a page before kept of what was typed in it; told by the name of the window, which stays."""
EXPECTED = ("Failed to load resource: the server responded with a status of 4",)
"""What Chromium says itself about an answer that is meant to be a refusal."""


@pytest.fixture(scope="module")
def watches(browser: Browser, house: House) -> Iterator[dict[str, "Watch"]]:
    """A browser for each person, signed in, with one tab: opening another for every page takes
    longer than the page."""
    contexts = {who: _context(browser, house, who) for who in {page.who for page in PAGES}}
    yield {who: Watch(context.new_page(), house.address) for who, context in contexts.items()}
    for context in contexts.values():
        context.close()


def _context(browser: Browser, house: House, who: str) -> BrowserContext:
    context = browser.new_context(
        base_url=house.address,
        locale="en-GB",
        reduced_motion="reduce",  # or colours are looked at on their way from light to dark
    )
    context.set_default_timeout(10_000)
    context.add_init_script(FORGET)
    context.add_init_script(path=AXE)  # handing it to each page takes longer than reading it
    house.sign_in(context, who)
    return context


class Watch:
    """Keeps what a tab complains of, and what it asks others for, since it was last cleared."""

    def __init__(self, tab: Tab, address: str) -> None:
        self.tab, self.address = tab, address
        self.clear()
        tab.on("console", lambda message: self._note(message.text))
        tab.on("pageerror", lambda error: self._note(str(error)))
        tab.on("request", lambda request: self._must_be_ours(request.url))
        tab.on("response", lambda r: self._remember(r.request.is_navigation_request(), r.status))

    def clear(self) -> None:
        """Begin with another page."""
        self.complaints: list[str] = []
        self.status = 0

    def _note(self, words: str) -> None:
        if not words.startswith(EXPECTED):
            self.complaints.append(words)

    def _must_be_ours(self, url: str) -> None:
        if not url.startswith((f"{self.address}/", "data:")):
            self.complaints.append(f"asked for {url}")

    def _remember(self, navigation: bool, status: int) -> None:
        if navigation and not 300 <= status < 400:
            self.status = status


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_page_is_for_everybody(page: Page, house: House, watches: dict[str, Watch]) -> None:
    watch = watches[page.who]
    tab = watch.tab
    tab.evaluate("window.name = 'new'")
    watch.clear()
    tab.set_viewport_size({"width": 1280, "height": 800})
    tab.emulate_media(color_scheme="light")
    tab.goto(house.path_of(page.path), wait_until="load")
    page.do(tab)
    assert watch.status == page.status, tab.locator("body").inner_text()
    found = violations(tab)
    tab.emulate_media(color_scheme="dark")
    found += [f"dark: {words}" for words in violations(tab, COLOURS)]
    tab.set_viewport_size({"width": 320, "height": 640})
    found += [
        f"narrow and dark: {words}"
        for words in violations(tab, NARROW)
        if not (page.has_open_menu and words.startswith("target-size"))
    ]
    found += [f"sticks out at 320 px: {words}" for words in sticking_out(tab)]
    found += watch.complaints
    assert found == [], "\n".join(found)


STICKING_OUT = """() => {
  const width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= width) return [];
  const cut = e => getComputedStyle(e).overflowX !== "visible";
  const scrolls = e => e && (cut(e) || scrolls(e.parentElement));
  return [...document.body.querySelectorAll("*")]
    .filter(e => e.getBoundingClientRect().right > width + 0.5 && !scrolls(e.parentElement))
    .map(e => e.outerHTML.slice(0, 90));
}"""


def sticking_out(tab: Tab) -> list[str]:
    """What makes a page scroll sideways."""
    width = tab.evaluate("document.documentElement.scrollWidth")
    return tab.evaluate(STICKING_OUT) or ([f"{width} px wide"] if width > 320 else [])


def test_every_page_is_looked_at(house: House) -> None:
    answering = {
        rule.endpoint for rule in house.app.url_map.iter_rules() if "GET" in (rule.methods or ())
    }
    looked_at = {page.endpoint for page in PAGES if page.endpoint}
    assert answering - looked_at - set(NOT_PAGES) == set()
    assert (looked_at | set(NOT_PAGES)) - answering == set()
