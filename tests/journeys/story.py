"""The story, act by act; `acting.py` knows where one has to press."""

import re

from playwright.sync_api import expect

from tests.journeys import people
from tests.journeys.acting import Agent, Customer, Manager, wait_for


def play(rosa: Customer, mika: Agent, nora: Manager) -> None:
    """From a request to the report."""
    number = rosa.file_request()
    rosa.confirm_address()
    help_at_once(mika)
    rosa.answer_unhappily()
    notice_and_resolve(mika)
    rate(rosa, mika)
    know_the_customer(mika)
    look_after(nora, number)
    read_reports(nora, number)


def help_at_once(mika: Agent) -> None:
    """The agent finds the request, takes it and answers."""
    mika.sign_in()
    mika.open_view("Unassigned")
    wait_for(mika.page, mika.row)
    expect(mika.row.locator(".row-tone")).not_to_contain_text("unhappy")
    mika.open_first()
    expect(mika.page.locator(".message-text").first).to_have_text(people.PROBLEM)
    with mika.page.expect_download() as download:
        mika.page.get_by_role("link", name=re.compile("invoice.pdf")).click()
    assert download.value.path().read_bytes() == people.INVOICE
    mika.take()
    mika.reply(people.REPLY)
    expect(mika.page.locator(".top-actions")).to_contain_text("Waiting for the customer")


def notice_and_resolve(mika: Agent) -> None:
    """The answer reopened the ticket, a job understood its tone, and the agent resolves."""
    mika.open_view("Mine")
    wait_for(mika.page, mika.row.locator(".row-tone", has_text="unhappy"))
    mika.open_first()
    said = mika.page.locator(".message-customer", has_text=people.ANGER)
    expect(said.locator(".message-head")).to_contain_text("unhappy")
    expect(said.locator("mark").first).to_be_visible()
    mika.resolve()


def rate(rosa: Customer, mika: Agent) -> None:
    """The survey counts once its button is pressed, and not before."""
    rated = mika.page.locator(".facts", has_text="2 of 5")
    rosa.open_survey(2)
    mika.page.reload()
    expect(mika.page.locator(".facts").first).to_contain_text("Survey")
    expect(rated).to_have_count(0)
    rosa.answer_survey(people.COMMENT)
    wait_for(mika.page, rated)


def know_the_customer(mika: Agent) -> None:
    """Score, tone and danger stand on the record."""
    mika.open_customer()
    answer = mika.page.locator(".moment-surveys", has_text="Answered 2 of 5")
    wait_for(mika.page, answer.locator(".pill", has_text="unhappy"))
    expect(answer).to_contain_text(people.COMMENT)
    wait_for(mika.page, mika.page.get_by_role("link", name="may leave"))


def look_after(nora: Manager, number: int) -> None:
    """The manager reads why the flag rose, and takes it."""
    nora.sign_in()
    nora.open_flag()
    reasons = nora.page.locator(".points").first
    expect(reasons).to_contain_text(f"Spoke of cancelling or of a competitor on #{number}")
    expect(reasons).to_contain_text(f"The last rating was 2 of 5 on #{number}")
    nora.acknowledge()


def read_reports(nora: Manager, number: int) -> None:
    """One unhappy customer, one answer out of one question, one who may leave; and the ticket
    behind the number."""
    nora.open_report("Churn")
    expect(nora.tile("May leave")).to_contain_text("1")
    expect(nora.page.get_by_role("row", name=re.compile("Rosa Lindt"))).to_contain_text(
        "acknowledged"
    )
    nora.open_report("Response")
    expect(nora.tile("Response rate")).to_contain_text("100 %")
    nora.open_report("Satisfaction")
    expect(nora.tile("CSAT")).to_contain_text("0 %")
    expect(nora.tile("CSAT")).to_contain_text("n 1")
    nora.tile("CSAT").get_by_role("link", name="n 1").click()
    nora.page.get_by_role("link", name=re.compile(f"#{number} ")).click()
    nora.page.wait_for_url(f"**/desk/tickets/{number}")
    expect(nora.page.locator(".facts").first).to_contain_text("2 of 5")
