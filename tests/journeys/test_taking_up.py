"""Macros, drafts and bulk edits with the keys, in a browser."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, expect
from playwright.sync_api import Page as Tab

from helpdesk.core.db import session, transaction
from helpdesk.tickets import conversation
from helpdesk.tickets.models import Message, MessageKind
from tests.journeys.conftest import House

pytestmark = [pytest.mark.browser]
NewTab = Callable[[], Tab]


@pytest.fixture
def new_tab(browser: Browser, house: House) -> Iterator[NewTab]:
    """Another browser of Mika's, each time it is called."""
    contexts = []

    def enter() -> Tab:
        context = browser.new_context(base_url=house.address, locale="en-GB")
        context.set_default_timeout(10_000)
        house.sign_in(context, "mika")
        contexts.append(context)
        return context.new_page()

    yield enter
    for context in contexts:
        context.close()


@pytest.fixture
def number(house: House) -> int:
    """A ticket of its own, for nothing else in the house may change."""
    with house.app.app_context(), transaction():
        ticket = conversation.file(house.scene.people.sam, "To be worked on", "Please help.")
        return ticket.id


def replies(house: House, number: int) -> list[str]:
    with house.app.app_context():
        found = session.query(Message).filter_by(ticket_id=number, kind=MessageKind.AGENT)
        return [message.body for message in found]


def test_a_macro_is_found_read_over_and_sent(house: House, number: int, new_tab: NewTab) -> None:
    tab = new_tab()
    tab.goto(f"/desk/tickets/{number}")
    tab.keyboard.press("r")
    tab.keyboard.type("Good morning. ")
    tab.keyboard.press("Escape")
    tab.keyboard.press("m")
    tab.locator("dialog.palette input").press_sequentially("refu")
    expect(tab.locator(".palette-choice").first).to_contain_text("Refund")
    tab.keyboard.press("Enter")
    text = tab.get_by_role("textbox", name="Message")
    expect(text).to_have_value("Good morning. Hello Sam")
    expect(tab.locator(".taken-list")).to_contain_text("resolve")
    expect(tab.get_by_role("button", name="Send and resolve")).to_be_hidden()
    text.press("Control+Enter")
    expect(tab.get_by_text("used the macro “Refund”")).to_be_visible()
    assert replies(house, number) == ["Good morning. Hello Sam"]


def test_a_slash_at_the_start_of_a_line_finds_texts_and_is_replaced(
    number: int, new_tab: NewTab
) -> None:
    tab = new_tab()
    tab.goto(f"/desk/tickets/{number}")
    text = tab.get_by_role("textbox", name="Message")
    text.press_sequentially("and/or /etc")
    expect(tab.locator("dialog.palette input")).to_have_count(0)
    text.fill("")
    text.press_sequentially("/")
    tab.locator("dialog.palette input").press_sequentially("refund")
    expect(tab.locator(".palette-choice").first).to_contain_text("/refund")
    tab.keyboard.press("Enter")
    expect(text).to_have_value("Hello Sam")


def test_a_draft_goes_on_elsewhere_and_two_windows_lose_nothing(
    number: int, new_tab: NewTab
) -> None:
    one, other = new_tab(), new_tab()
    one.goto(f"/desk/tickets/{number}")
    other.goto(f"/desk/tickets/{number}")
    one.get_by_role("textbox", name="Message").press_sequentially("Begun at home")
    expect(one.get_by_text("Draft saved")).to_be_visible()
    text = other.get_by_role("textbox", name="Message")
    text.press_sequentially("Begun at work")
    expect(other.get_by_role("alert")).to_contain_text("Begun at home")
    other.get_by_role("button", name="Put both together").click()
    expect(text).to_have_value("Begun at home\n\nBegun at work")
    expect(other.get_by_text("Draft saved")).to_be_visible()
    one.context.close()
    third = new_tab()
    third.goto(f"/desk/tickets/{number}")
    expect(third.get_by_role("textbox", name="Message")).to_have_value(
        "Begun at home\n\nBegun at work"
    )


def test_tickets_are_chosen_and_changed_by_keys(number: int, new_tab: NewTab) -> None:
    tab = new_tab()
    tab.goto("/desk/queue/open")
    tab.keyboard.press("j")
    tab.keyboard.press("x")
    tab.keyboard.press("b")
    expect(tab.get_by_role("heading", name="Change 1 ticket")).to_be_visible()
    tab.get_by_label("Priority").select_option("low")
    tab.get_by_role("button", name="Look at it").click()
    expect(tab.get_by_role("heading", name="Look before it is done")).to_be_visible()
    tab.go_back()
    tab.go_back()
    tab.keyboard.press("B")
    expect(tab.get_by_text("is:open -is:snoozed", exact=True)).to_be_visible()
