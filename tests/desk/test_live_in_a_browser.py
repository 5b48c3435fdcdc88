"""An open page stays true while somebody works on it, and takes nothing away from them."""

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from flask import session as cookie
from playwright.sync_api import Page, expect

from helpdesk.accounts.models import Account
from helpdesk.accounts.sessions import begin
from helpdesk.core.db import session, transaction
from helpdesk.notifications.actions import tell
from helpdesk.notifications.models import Kind
from helpdesk.tickets import actions, conversation
from helpdesk.tickets.models import Priority
from tests.cast import Cast
from tests.servers.ports import free_port
from tests.servers.serving import served

pytestmark = [pytest.mark.browser, pytest.mark.databases("sqlite")]
ASK = "document.dispatchEvent(new Event('ask-now'))"


@pytest.fixture
def open_page(
    make_app: Callable[..., Flask], people: Cast, page: Page
) -> Iterator[Callable[[str], Page]]:
    """Mika's browser at an address of a server that runs; it says of what it complained."""
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    app = make_app(public_url=address)
    with app.test_request_context(base_url=address):
        begin(session.get_one(Account, people.ids["mika"]))
        signer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]  # Flask's sessions in cookies have it
        kept = signer.dumps(dict(cookie))
    name = app.config["SESSION_COOKIE_NAME"]
    page.context.add_cookies([{"name": name, "value": kept, "url": address}])
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))

    def go(path: str) -> Page:
        with page.expect_response("**/desk/live/**"):
            page.goto(f"{address}{path}")
        return page

    with served(app, port):
        yield go
        page.context.close()
    assert complaints == []


def test_a_list_gets_new_rows_and_keeps_focus_and_choice(
    open_page: Callable[[str], Page], people: Cast
) -> None:
    page = open_page("/desk/queue/open")
    number = people.ticket.id
    page.locator(f"[name=ticket][value='{number}']").check()
    page.keyboard.press("j")
    with transaction():
        conversation.file(people.sam, "Quite new", "Hello?")
        conversation.write(people.ticket, "Are you there?", people.rosa)
    page.evaluate(ASK)
    expect(page.locator(".row")).to_have_count(2)
    mine = page.locator(".row", has_text="Are you there?")
    expect(mine.locator(".row-check")).to_be_checked()
    expect(mine.locator(".row-what")).to_be_focused()
    expect(page.locator("[data-total]")).to_have_text("2 tickets")
    expect(page.locator("a[href='/desk/queue/open'] .rail-count")).to_have_text("2")


def test_a_chosen_row_that_left_the_list_stays_until_it_is_let_go(
    open_page: Callable[[str], Page], people: Cast
) -> None:
    with transaction():
        other = conversation.file(people.sam, "The other", "Hello?").id
    page = open_page("/desk/queue/open")
    page.locator(f"[name=ticket][value='{people.ticket.id}']").check()
    with transaction():
        actions.resolve(people.ticket, by=people.ben)
    page.evaluate(ASK)
    expect(page.locator(".row.is-gone")).to_have_count(1)
    expect(page.locator(f"[name=ticket][value='{other}']")).to_have_count(1)


def test_a_new_message_stands_in_place_and_warns_whoever_writes(
    open_page: Callable[[str], Page], people: Cast
) -> None:
    page = open_page(f"/desk/tickets/{people.ticket.id}")
    text = page.get_by_role("textbox", name="Message")
    text.fill("We have sent the money ba")
    with transaction():
        conversation.write(people.ticket, "It came back by itself.", people.rosa)
    page.evaluate(ASK)
    expect(page.locator(".message", has_text="It came back by itself.")).to_be_visible()
    expect(page.locator("[data-news]")).to_contain_text("1 new message from Rosa Lindt")
    expect(text).to_have_value("We have sent the money ba")
    expect(text).to_be_focused()
    page.get_by_role("button", name="Send, keep open").click()
    expect(page.get_by_role("alert")).to_contain_text("Something new came")


def test_whoever_has_seen_what_is_new_sends_with_one_press(
    open_page: Callable[[str], Page], people: Cast
) -> None:
    page = open_page(f"/desk/tickets/{people.ticket.id}")
    page.get_by_role("textbox", name="Message").fill("Thank you for waiting.")
    with transaction():
        conversation.write(people.ticket, "Are you there?", people.rosa)
    page.evaluate(ASK)
    page.get_by_role("button", name="I have seen it").click()
    page.get_by_role("button", name="Send, keep open").click()
    expect(page.locator(".message", has_text="Thank you for waiting.")).to_be_visible()


def test_an_open_menu_and_half_typed_tags_stay(
    open_page: Callable[[str], Page], people: Cast
) -> None:
    page = open_page(f"/desk/tickets/{people.ticket.id}")
    page.locator(".menu > summary").first.click()
    page.locator(".edit-tags > summary").click()
    page.locator("[name=tags]").fill("refu")
    page.locator(".menu > summary").first.click()
    page.locator(".menu > summary").first.focus()
    with transaction():
        actions.set_priority(people.ticket, Priority.URGENT, by=people.ben)
    page.evaluate(ASK)
    expect(page.locator(".happening", has_text="Ben Lund raised the priority")).to_be_visible()
    expect(page.locator("[name=tags]")).to_have_value("refu")


def test_a_page_says_so_when_its_reader_was_signed_out(
    open_page: Callable[[str], Page], people: Cast
) -> None:
    page = open_page("/desk/queue/open")
    with transaction():
        people.mika.session_key = "another one"
    page.evaluate(ASK)
    expect(page.locator("[data-live-note]")).to_contain_text("You are signed out.")


def test_whoever_opens_a_ticket_has_read_what_they_were_told_about_it(
    open_page: Callable[[str], Page], people: Cast
) -> None:
    with transaction():
        number = people.ids["ticket"]
        tell(people.mika, Kind.REPLIED, "The customer wrote", "a test", ticket_id=number)
    page = open_page("/desk/queue/open")
    bell = page.locator('a[href="/notifications"] .rail-count')
    expect(bell).to_have_text("1")
    open_page(f"/desk/tickets/{number}")
    expect(bell).to_have_text("0")


def test_a_key_pressed_while_another_is_under_way_is_done_afterwards(
    open_page: Callable[[str], Page], people: Cast
) -> None:
    with transaction():
        actions.assign(people.ticket, None, by=people.ben)
    page = open_page("/desk/queue/unassigned")
    page.keyboard.press("j")
    page.evaluate(
        """() => ["a", "e"].forEach((key) => document.activeElement.dispatchEvent(
             new KeyboardEvent("keydown", { key, bubbles: true })))"""
    )
    expect(page.locator("#flashes")).to_contain_text("resolved")
    session.rollback()
    assert people.ticket.status == "resolved"
    assert people.ticket.assignee_id == people.ids["mika"]


def test_one_is_still_at_the_ticket_afterwards_and_escape_drops_what_was_chosen(
    open_page: Callable[[str], Page], people: Cast
) -> None:
    page = open_page("/desk/queue/open")
    page.keyboard.press("j")
    page.keyboard.press("x")
    expect(page.locator(".row-check")).to_be_checked()
    page.keyboard.press("Escape")
    expect(page.locator(".row-check")).not_to_be_checked()
    with page.expect_navigation():
        page.keyboard.press("a")
    expect(page.locator(".row-what")).to_be_focused()
