"""The pages of the portal in a real browser: without script, on a small phone, read aloud."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy import select

from helpdesk.accounts.passwords import hash_password
from helpdesk.core.db import session, transaction
from helpdesk.tickets.models import Ticket
from tests.cast import Cast
from tests.letters import link_in
from tests.portal.forms import LENA, PNG, REQUEST
from tests.servers.serving import served_as_its_own
from tests.servers.smtp import Sink
from tests.work import Work

pytestmark = [pytest.mark.browser, pytest.mark.databases("sqlite")]
PASSWORD = "a kettle of tea"


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    """Where the application of this test answers."""
    with served_as_its_own(app) as url:
        yield url


def fill_in(page: Page, **changes: str) -> None:
    for name in ("name", "email", "subject", "message"):
        page.locator(f"[name={name}]").fill({**REQUEST, **changes}[name])


def test_without_script_a_refused_request_loses_neither_words_nor_files(
    page_without_script: Page, address: str, tmp_path: Path
) -> None:
    page, picture = page_without_script, tmp_path / "invoice.png"
    picture.write_bytes(PNG)
    page.goto(address)
    fill_in(page, subject="")
    page.locator("[name=files]").set_input_files(picture)
    page.get_by_role("button", name="Send request").click()
    expect(page.get_by_role("alert")).to_contain_text("What you wrote is still here")
    expect(page.locator("[name=message]")).to_have_value(REQUEST["message"])
    expect(page.locator(".kept-files")).to_contain_text("invoice.png")
    page.get_by_label("Subject").fill("The invoice is wrong")
    page.get_by_role("button", name="Send request").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("We have your request")
    message = session.scalars(select(Ticket)).one().messages[0]
    assert [a.name for a in message.attachments] == ["invoice.png"]


def test_without_script_the_mailed_link_is_confirmed_and_the_talk_goes_on(
    page_without_script: Page, address: str, work: Work, outbox: Sink
) -> None:
    page = page_without_script
    page.goto(address)
    fill_in(page)
    page.get_by_role("button", name="Send request").click()
    work()
    page.goto(address + link_in(outbox.to(LENA)[-1]))
    page.get_by_role("button", name="Yes, show my request").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("The invoice is wrong")
    page.get_by_label("Your reply").fill("It works now, thank you.")
    page.get_by_role("button", name="This is solved").click()
    expect(page.get_by_role("status")).to_contain_text("Good to hear")
    expect(page.locator("[data-thread]")).to_contain_text("It works now, thank you.")
    page.get_by_role("button", name="It is not solved").click()
    expect(page.get_by_role("status")).to_contain_text("We take it up again")


def test_by_keyboard_alone_one_signs_in_and_opens_a_request(
    page: Page, address: str, people: Cast
) -> None:
    with transaction():
        people.rosas_account.password_hash = hash_password(PASSWORD)
    page.goto(f"{address}/sign-in")
    page.get_by_label("E-mail").focus()
    page.keyboard.type("rosa@harbor.example")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Charged twice for October").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Charged twice for October")
