"""The check of accessibility itself: it finds what is wrong, and is what we vendored."""

from playwright.sync_api import Page

from tests.accessibility import vendored_as_noted, violations

GOOD = """<!doctype html><html lang="en"><title>Requests</title>
<main><h1>Requests</h1><p>None yet.</p></main>"""


def test_axe_is_the_file_we_vendored() -> None:
    assert vendored_as_noted()


def test_a_plain_page_is_in_order(page: Page) -> None:
    page.set_content(GOOD)
    assert violations(page) == []


def test_an_unnamed_field_is_found_with_its_place(page: Page) -> None:
    page.set_content(GOOD.replace("None yet.", "<input id=field>"))
    assert any(line.startswith("label:") and "#field" in line for line in violations(page))


def test_the_browser_reaches_no_other_machine(page: Page) -> None:
    with page.expect_event("requestfailed") as failed:
        page.set_content(GOOD.replace("None yet.", '<img alt="" src="https://example.com/x.png">'))
    assert failed.value.url == "https://example.com/x.png"
