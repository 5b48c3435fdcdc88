"""The desk by keyboard, in a real browser."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.ui.conftest import Small

pytestmark = pytest.mark.browser


@pytest.fixture
def queue(page: Page, address: str) -> Page:
    page.goto(f"{address}/page/queue")
    expect(page.locator("html")).to_have_class("has-script")
    return page


@pytest.fixture
def ticket(page: Page, address: str) -> Page:
    page.goto(f"{address}/page/ticket")
    expect(page.locator("html")).to_have_class("has-script")
    return page


def press(page: Page, keys: str) -> None:
    for key in keys.split():
        page.keyboard.press(key)


def test_j_and_k_walk_the_list_and_enter_opens(queue: Page) -> None:
    press(queue, "j j j k")
    expect(queue.locator(".row-what").nth(1)).to_be_focused()
    press(queue, "Enter")
    queue.wait_for_url("**/page/ticket?row=2")


def test_the_place_in_the_list_is_found_again(queue: Page) -> None:
    press(queue, "j j Enter")
    queue.wait_for_url("**/page/ticket?row=2")
    queue.goto(queue.url.replace("/page/ticket?row=2", "/page/queue"))
    press(queue, "j")
    expect(queue.locator(".row-what").nth(1)).to_be_focused()


def test_x_selects_and_shows_what_can_be_done(queue: Page) -> None:
    expect(queue.locator(".queue-bulk")).to_be_hidden()
    press(queue, "j x j x")
    expect(queue.locator(".row-check:checked")).to_have_count(2)
    expect(queue.locator(".queue-bulk")).to_be_visible()


def test_e_acts_on_the_selected_rows(queue: Page, app: Small) -> None:
    press(queue, "j x j x j e")
    expect(queue.locator(".row-check:checked")).to_have_count(0)
    assert app.did == [{"verb": ["resolve"], "ticket": ["1", "2"]}]


def test_e_acts_on_the_row_where_one_is(queue: Page, app: Small) -> None:
    press(queue, "j j")
    with queue.expect_response("**/did"):
        press(queue, "e")
    assert app.did == [{"verb": ["resolve"], "ticket": ["2"]}]


def test_e_without_a_row_does_nothing(queue: Page, app: Small) -> None:
    press(queue, "e")
    press(queue, "j")
    assert app.did == []


def test_n_opens_the_ticket_ready_for_a_note(queue: Page) -> None:
    press(queue, "j n")
    queue.wait_for_url("**/page/ticket?row=1#note")
    expect(queue.locator("textarea")).to_be_focused()
    expect(queue.locator("[value=note]")).to_be_checked()


def test_t_opens_the_ticket_where_its_tags_are_written(queue: Page) -> None:
    press(queue, "j j t")
    queue.wait_for_url("**/page/ticket?row=2#tags")
    expect(queue.get_by_label("Tags")).to_be_focused()


def test_t_with_several_chosen_leads_to_what_changes_them_all(queue: Page, app: Small) -> None:
    press(queue, "j x j x")
    with queue.expect_response("**/did"):
        press(queue, "t")
    assert app.did == [{"verb": ["change"], "ticket": ["1", "2"]}]


def test_s_opens_what_puts_the_ticket_aside(queue: Page) -> None:
    press(queue, "j")
    with queue.expect_request("**/parts") as asked:
        press(queue, "s")
    assert asked.value.url.endswith("/page/ticket?row=1/parts")


def test_one_goes_on_where_one_was_when_the_row_has_moved(queue: Page, app: Small) -> None:
    rows = queue.locator(".row-what")
    press(queue, "j j")
    with queue.expect_response("**/page/queue"):
        press(queue, "a")
    expect(rows.first).to_have_attribute("href", "/page/ticket?row=2")
    expect(rows.first).to_be_focused()
    press(queue, "j")
    expect(queue.locator("[href='/page/ticket?row=3']")).to_be_focused()
    press(queue, "k")
    expect(queue.locator("[href='/page/ticket?row=1']")).to_be_focused()


def test_a_choice_by_keys_waits_for_enter(queue: Page, app: Small) -> None:
    press(queue, "p")
    field, button = queue.get_by_label("Priority"), queue.get_by_role("button", name="Set")
    expect(field).to_be_focused()
    expect(button).to_be_hidden()
    press(queue, "ArrowDown ArrowUp ArrowUp")
    expect(field).to_have_value("low")
    expect(button).to_be_visible()
    assert app.did == []
    with queue.expect_response("**/did"):
        press(queue, "Enter")
    assert app.did == [{"priority": ["low"]}]


def test_a_choice_by_mouse_is_sent_at_once(queue: Page, app: Small) -> None:
    with queue.expect_response("**/did"):
        queue.get_by_label("Priority").select_option("high")
    assert app.did == [{"priority": ["high"]}]


def test_a_slash_goes_to_the_search(queue: Page) -> None:
    press(queue, "/")
    expect(queue.locator("[type=search]")).to_be_focused()
    expect(queue.locator("[type=search]")).to_have_value("")


def test_no_shortcut_fires_while_one_types(queue: Page) -> None:
    press(queue, "/ j x ?")
    expect(queue.locator("[type=search]")).to_have_value("jx?")
    expect(queue.locator("dialog")).to_have_count(0)
    press(queue, "Escape")
    expect(queue.locator("[type=search]")).not_to_be_focused()


def test_the_question_mark_lists_the_keys_of_this_page(queue: Page) -> None:
    press(queue, "?")
    words = queue.locator("dialog").inner_text()
    assert "Next ticket" in words
    assert "Resolve" in words
    assert "Go to Mine" in words
    press(queue, "Escape")
    expect(queue.locator("dialog")).to_have_count(0)


def test_two_strokes_go_somewhere(ticket: Page) -> None:
    press(ticket, "g m")
    ticket.wait_for_url("**/page/queue")


def test_r_and_n_choose_between_reply_and_note(ticket: Page) -> None:
    press(ticket, "n")
    expect(ticket.locator("textarea")).to_be_focused()
    expect(ticket.locator("[value=note]")).to_be_checked()
    press(ticket, "Escape r")
    expect(ticket.locator("[value=reply]")).to_be_checked()
    expect(ticket.locator("textarea")).to_have_value("")


def test_r_leads_to_the_text_when_a_reply_is_chosen_already(ticket: Page) -> None:
    press(ticket, "r")
    ticket.keyboard.type("nee")
    expect(ticket.locator("textarea")).to_have_value("nee")


def test_an_open_menu_closes_with_escape_and_gives_the_focus_back(ticket: Page) -> None:
    ticket.locator("summary", has_text="Open").click()
    press(ticket, "Tab Escape")
    expect(ticket.locator(".menu-list")).to_be_hidden()
    expect(ticket.locator("summary", has_text="Open")).to_be_focused()
