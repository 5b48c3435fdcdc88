"""Nothing that somebody writes is lost, and nothing is sent twice."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.ui.conftest import Small

pytestmark = pytest.mark.browser
DRAFTS = "Object.keys(sessionStorage).filter((key) => key.startsWith('draft ')).length"


@pytest.fixture
def ticket(page: Page, address: str) -> Page:
    page.goto(f"{address}/page/ticket")
    expect(page.locator("html")).to_have_class("has-script")
    return page


def write(page: Page, text: str) -> None:
    page.locator("textarea").press_sequentially(text)


def test_control_enter_sends(ticket: Page, app: Small) -> None:
    write(ticket, "On it")
    ticket.keyboard.press("Control+Enter")
    expect(ticket.locator(".message-text").nth(1)).to_have_text("On it")
    assert app.thread == ["Hello", "On it"]


def test_a_draft_survives_leaving_the_page(ticket: Page) -> None:
    ticket.locator("[value=note]").check(force=True)
    write(ticket, "Ask finance")
    ticket.reload()
    expect(ticket.locator("textarea")).to_have_value("Ask finance")
    expect(ticket.locator("[value=note]")).to_be_checked()


def test_what_arrived_is_no_longer_a_draft(ticket: Page) -> None:
    write(ticket, "Two  words\nand a line")
    ticket.get_by_role("button", name="Send").click()
    expect(ticket.locator(".message-text")).to_have_count(2)
    expect(ticket.locator("textarea")).to_have_value("")


def test_what_was_refused_is_still_there(ticket: Page) -> None:
    write(ticket, "break")
    ticket.get_by_role("button", name="Send").click()
    expect(ticket.locator("h1")).to_contain_text("Something broke")
    ticket.goto(ticket.url.replace("/reply", "/page/ticket"))
    expect(ticket.locator("textarea")).to_have_value("break")


def test_two_presses_send_once(ticket: Page, app: Small) -> None:
    write(ticket, "Once")
    ticket.get_by_role("button", name="Send").dblclick()
    expect(ticket.locator(".message-text").nth(1)).to_have_text("Once")
    assert app.thread == ["Hello", "Once"]


def test_signing_out_leaves_no_draft_on_the_machine(ticket: Page) -> None:
    write(ticket, "Private")
    assert ticket.evaluate(DRAFTS) == 1
    ticket.goto(ticket.url.replace("ticket", "queue"))
    ticket.get_by_role("button", name="Sign out").click()
    ticket.wait_for_load_state()
    assert ticket.evaluate(DRAFTS) == 0


def test_the_composer_works_without_script(
    page_without_script: Page, address: str, app: Small
) -> None:
    page_without_script.goto(f"{address}/page/ticket")
    page_without_script.locator("textarea").fill("By hand")
    page_without_script.get_by_role("button", name="Send").click()
    expect(page_without_script.locator(".message-text").nth(1)).to_have_text("By hand")
    assert app.thread == ["Hello", "By hand"]


def test_a_refusal_behind_the_page_is_told_on_the_page(ticket: Page) -> None:
    ticket.evaluate("htmx.ajax('GET', '/refuse/409', 'main')")
    expect(ticket.locator("#flashes")).to_contain_text("Somebody else changed this")
    expect(ticket.locator("textarea")).to_be_visible()


def test_a_server_that_is_away_is_told_on_the_page(ticket: Page) -> None:
    ticket.context.set_offline(True)
    ticket.evaluate("htmx.ajax('GET', '/page/queue', 'main').catch(() => {})")
    expect(ticket.locator("#flashes")).to_contain_text("We could not be reached")


HANDED = """(place, [kind, text]) => {
  const held = new DataTransfer();
  held.items.add(new File(["x"], `${kind}.png`, { type: "image/png" }));
  if (text) held.setData("text/plain", text);
  const given = { bubbles: true, cancelable: true, dataTransfer: held, clipboardData: held };
  const made = kind === "paste" ? new ClipboardEvent(kind, given) : new DragEvent(kind, given);
  place.dispatchEvent(made);
  return made.defaultPrevented;
}"""
NAMES = "field => [...field.files].map((file) => file.name)"


def test_files_are_dropped_and_pasted(ticket: Page) -> None:
    box, files = ticket.locator("textarea"), ticket.get_by_label("Files")
    assert box.evaluate(HANDED, ["dragover", ""])
    assert box.evaluate(HANDED, ["drop", ""])
    assert box.evaluate(HANDED, ["paste", ""])
    assert files.evaluate(NAMES) == ["drop.png", "paste.png"]
    assert not box.evaluate(HANDED, ["paste", "Words of a spreadsheet"])
    assert not ticket.locator("h1").evaluate(HANDED, ["drop", ""]), "nothing is written there"
    assert files.evaluate(NAMES) == ["drop.png", "paste.png"]
