"""A real browser: the Chromium of this machine, that can reach nothing but this machine."""

import os
import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

FLAGS = [
    "--no-sandbox",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-quic",
    "--disable-gpu",
    "--disable-extensions",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1, EXCLUDE [::1]",
]
NAMES = (
    "chromium-headless-shell",  # the same without windows: a third quicker
    *("chromium", "chromium-browser", "google-chrome", "google-chrome-stable"),
)


def find_chromium() -> str | None:
    """The browser to use: CHROMIUM, else one on PATH."""
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A running Chromium; skips where there is none, fails where HELPDESK_REQUIRE_BROWSER=1."""
    path = find_chromium()
    if path is None:
        if os.environ.get("HELPDESK_REQUIRE_BROWSER") == "1":
            pytest.fail("There is no Chromium on PATH or in CHROMIUM, and one is required.")
        pytest.skip("not run: there is no Chromium on PATH or in CHROMIUM")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A fresh profile, wide and in English."""
    context = browser.new_context(viewport={"width": 1280, "height": 800}, locale="en-GB")
    context.set_default_timeout(10_000)
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    """An empty page of a fresh profile."""
    return context.new_page()


@pytest.fixture
def page_without_script(browser: Browser) -> Iterator[Page]:
    """An empty page of a browser that runs no script."""
    context = browser.new_context(java_script_enabled=False, locale="en-GB")
    context.set_default_timeout(10_000)
    yield context.new_page()
    context.close()
