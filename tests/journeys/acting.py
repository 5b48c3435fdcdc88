"""What people do in the story, each on a page of their own."""

import re
import time
from abc import ABC, abstractmethod

from playwright.sync_api import Locator, Page, expect

from tests.journeys import people

PATIENCE = 40.0
"""Seconds for what a worker or the clock does behind the pages."""


def wait_for(page: Page, wanted: Locator, seconds: float = PATIENCE) -> None:
    """Load the page again and again, as a person would, until it shows what is wanted."""
    give_up_at = time.monotonic() + seconds
    while not wanted.count():
        if time.monotonic() > give_up_at:
            raise AssertionError(f"{wanted} did not come in {seconds:.0f} s:\n{words_of(page)}")
        page.wait_for_timeout(250)
        page.reload()
    expect(wanted.first).to_be_visible()


def words_of(page: Page) -> str:
    """What stands on the page."""
    return page.locator("body").inner_text()


class Customer:
    """Rosa, who has no account and reads her mail."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def file_request(self) -> int:
        """Ask for help with a file, and remember the number of the request."""
        page = self.page
        page.goto("/")
        page.get_by_label("Your name").fill("Rosa Lindt")
        page.get_by_label("Your e-mail").fill(people.ROSA)
        page.get_by_label("Subject").fill(people.SUBJECT)
        page.get_by_label("Message").fill(people.PROBLEM)
        page.get_by_label("Files").set_input_files(
            {"name": "invoice.pdf", "mimeType": "application/pdf", "buffer": people.INVOICE}
        )
        page.get_by_role("button", name="Send request").click()
        expect(page.get_by_role("heading", name="We have your request")).to_be_visible()
        number = re.search(r"Its number is (\d+)", words_of(page))
        assert number, words_of(page)
        return int(number[1])

    def open_mail(self, subject: str) -> None:
        """Wait for a mail and open it."""
        self.page.goto(f"/demo/outbox?to={people.ROSA}")
        wait_for(self.page, self._mails(subject))
        self._mails(subject).first.click()
        expect(self.page.get_by_role("heading", name=subject)).to_be_visible()

    def _mails(self, subject: str) -> Locator:
        return self.page.locator(".requests a", has_text=subject)

    @property
    def letter(self) -> Locator:
        """The mail as its reader sees it."""
        return self.page.frame_locator(".letter-frame").locator("body")

    def follow(self, link: str) -> None:
        """Press a link in the mail."""
        self.page.wait_for_load_state()  # of its frame too, which drops what is pressed before
        self.letter.get_by_role("link", name=link, exact=True).click()
        self.page.wait_for_url(lambda url: "/demo/" not in url)

    def confirm_address(self) -> None:
        """The first mail repeats nothing of what a stranger may have typed; its link opens a
        button, and only the button opens the request."""
        self.open_mail("Your request to us")
        expect(self.letter).not_to_contain_text(people.SUBJECT)
        self.follow("Confirm my address")
        assert people.SUBJECT not in words_of(self.page)
        self.page.get_by_role("button", name="Yes, show my request").click()
        expect(self.page.get_by_role("heading", name=people.SUBJECT)).to_be_visible()
        expect(self.page.get_by_role("link", name=re.compile("invoice.pdf"))).to_be_visible()

    def answer_unhappily(self) -> None:
        """Read the reply through the link in its mail, and say what one thinks of it."""
        self.open_mail(f"Re: {people.SUBJECT}")
        expect(self.letter).to_contain_text(people.REPLY)
        self.follow("Answer, or read everything")
        expect(self.page.get_by_text(people.REPLY)).to_be_visible()
        self.page.get_by_label("Your reply").fill(people.ANGER)
        self.page.get_by_role("button", name="Send", exact=True).click()
        expect(self.page.locator(".said-text", has_text=people.ANGER)).to_be_visible()

    def open_survey(self, score: int) -> None:
        """Press a score in the mail that asks how it went."""
        self.open_mail("How was our help")
        self.follow(str(score))
        expect(self.page.get_by_label(f"{score} of 5")).to_be_checked()

    def answer_survey(self, comment: str) -> None:
        """Send the chosen score with a comment."""
        self.page.get_by_label("What went well").fill(comment)
        self.page.get_by_role("button", name="Send my rating").click()
        expect(self.page.get_by_role("heading", name="Thank you")).to_be_visible()


class Staff:
    """Somebody who signs in with a password."""

    def __init__(self, page: Page, email: str) -> None:
        self.page, self.email = page, email

    def sign_in(self) -> None:
        """Through the sign-in page, to the desk."""
        self.page.goto("/sign-in")
        self.page.get_by_label("E-mail").fill(self.email)
        self.page.get_by_label("Password").fill(people.PASSWORD)
        self.page.get_by_role("button", name="Sign in", exact=True).click()
        self.page.wait_for_url("**/desk/**")

    def open_view(self, name: str) -> None:
        """Go to a list of the queue, or to another page of the rail."""
        menu = self.page.get_by_role("button", name="Menu")
        if menu.is_visible():
            menu.click()
        self.page.get_by_role("navigation", name="Views").get_by_role(
            "link", name=re.compile(rf"^{name}\b")
        ).click()
        expect(self.page.locator(".top-title")).to_have_text(name)

    @property
    def row(self) -> Locator:
        """The line of Rosa's ticket."""
        return self.page.locator(".row", has_text=people.SUBJECT)

    def open_customer(self) -> None:
        """From the ticket to the record of its customer."""
        self.page.locator(".aside-name a").click()
        expect(self.page.locator(".top-title")).to_contain_text("Rosa Lindt")


class Agent(Staff, ABC):
    """Mika, who works the ticket, in one way or another."""

    @abstractmethod
    def open_first(self) -> None:
        """Open the first ticket of the list."""

    @abstractmethod
    def take(self) -> None:
        """Assign the ticket to oneself."""

    @abstractmethod
    def reply(self, text: str) -> None:
        """Answer the customer and wait for what they say."""

    @abstractmethod
    def resolve(self) -> None:
        """Say that it is solved."""


class AgentWithKeyboard(Agent):
    """Mika, who never lets go of the keyboard."""

    def press(self, *keys: str) -> None:
        """Press some keys once the page listens to them."""
        self.page.locator("html.has-script").wait_for()
        for key in keys:
            self.page.keyboard.press(key)

    def open_view(self, name: str) -> None:
        self.press("g", name[0].lower())
        expect(self.page.locator(".top-title")).to_have_text(name)

    def open_first(self) -> None:
        self.press("j")
        expect(self.row.locator(".row-what")).to_be_focused()
        self.press("Enter")
        self.page.wait_for_url("**/desk/tickets/*")

    def take(self) -> None:
        self.press("a")
        expect(self.page.get_by_text("has #")).to_be_visible()

    def reply(self, text: str) -> None:
        self.press("r")
        self.page.keyboard.type(text)
        self.page.get_by_role("button", name="Send and wait").press("Enter")
        expect(self.page.locator(".message-agent", has_text=text)).to_be_visible()

    def resolve(self) -> None:
        self.press("e")
        expect(self.page.get_by_text("is resolved.")).to_be_visible()


class AgentWithMouse(Agent):
    """Mika, in a browser that runs no script."""

    def open_first(self) -> None:
        self.row.locator(".row-what").click()
        self.page.wait_for_url("**/desk/tickets/*")

    def take(self) -> None:
        self.page.locator("summary", has_text="No team").click()
        self.page.get_by_role("button", name="Take it").click()
        expect(self.page.get_by_text("has #")).to_be_visible()

    def reply(self, text: str) -> None:
        self.page.get_by_role("textbox", name="Message").fill(text)
        self.page.get_by_role("button", name="Send and wait").click()
        expect(self.page.locator(".message-agent", has_text=text)).to_be_visible()

    def resolve(self) -> None:
        self.page.get_by_role("button", name=re.compile("^Resolve")).click()
        expect(self.page.get_by_text("is resolved.")).to_be_visible()


class Manager(Staff):
    """Nora, who reads what became of it."""

    def open_flag(self) -> None:
        """From the list of those who may leave to Rosa's flag."""
        self.open_view("May leave")
        line = self.page.get_by_role("row", name=re.compile("Rosa Lindt"))
        expect(line).to_contain_text("Spoke of cancelling")
        line.get_by_role("link", name="Rosa Lindt").click()

    def acknowledge(self) -> None:
        """Say that one looks after it."""
        self.page.get_by_role("button", name="Look after it").click()
        expect(self.page.get_by_text("You look after this customer now.")).to_be_visible()
        expect(self.page.locator(".top")).to_contain_text("acknowledged")

    def open_report(self, name: str) -> None:
        """One of the reports, from the rail."""
        self.page.goto("/reports?period=30days")
        self.page.get_by_role("navigation", name="Views").get_by_role(
            "link", name=name, exact=True
        ).click()
        self.page.locator(".report").wait_for()

    def tile(self, label: str) -> Locator:
        """The figure in large type with this label."""
        has_label = self.page.locator(".stat-label", has_text=re.compile(f"^{label}$"))
        return self.page.locator(".stat").filter(has=has_label)
