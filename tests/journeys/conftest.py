"""A helpdesk of real processes in which a story can be played from its first page to its last."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask_migrate import upgrade
from playwright.sync_api import Browser, BrowserContext, Page

from config import Config
from helpdesk import create_app
from helpdesk.accounts import actions as accounts
from helpdesk.accounts.models import Role, Team
from helpdesk.core.db import db, session, transaction
from tests.journeys.people import MIKA, NORA, PASSWORD
from tests.servers.running import Running

OnStage = Callable[[], Page]


@pytest.fixture
def helpdesk(tmp_path: Path) -> Iterator[Running]:
    """Web, worker, clock and Valkey of its own, with an agent and a manager and nothing else.

    It is a demo, so that its mail can be read; it asks a second after resolving.
    """
    running = Running(
        tmp_path / "instance",
        HELPDESK_DEMO="1",
        SMTP_URL="",
        COMPANY_NAME="Acorn Payroll",
        SURVEY_DELAY_SECONDS="1",
        UNDO_SEND_SECONDS="1",
    )
    engage_staff(running)
    with running:
        yield running
    assert "Traceback" not in running.said


def engage_staff(running: Running) -> None:
    """Two accounts; a demo that has any makes up no company."""
    running.folder.mkdir()
    app = create_app(Config.from_env(running.environment))
    with app.app_context():
        upgrade()
        with transaction():
            people = {}
            for name, email, role in (
                ("Mika Kallio", MIKA, Role.AGENT),
                ("Nora Weiss", NORA, Role.MANAGER),
            ):
                people[role] = accounts.open_account(email, name, role, "test")
                accounts.prove(people[role])
                accounts.choose_password(people[role], PASSWORD, "test")
            session.add(Team(name="Billing", members=[people[Role.AGENT]]))
        db.engine.dispose()


class Stage:
    """Browsers of their own for everybody in the story. What a browser complains of is kept."""

    def __init__(self, browser: Browser, address: str, *, script: bool) -> None:
        self.browser, self.address, self.script = browser, address, script
        self.contexts: list[BrowserContext] = []
        self.complaints: list[str] = []

    def enter(self) -> Page:
        """An empty page in a browser of its own."""
        context = self.browser.new_context(
            base_url=self.address,
            java_script_enabled=self.script,
            viewport={"width": 1280, "height": 800},
            locale="en-GB",
        )
        context.set_default_timeout(15_000)
        self.contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: self.complaints.append(message.text))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        context.on("request", lambda request: self._must_be_ours(request.url))
        return page

    def _must_be_ours(self, url: str) -> None:
        if not url.startswith((f"{self.address}/", "data:")):
            self.complaints.append(f"asked for {url}")

    def leave(self) -> None:
        """Close all of them."""
        for context in self.contexts:
            context.close()


@pytest.fixture
def stage(browser: Browser, helpdesk: Running) -> Iterator[Stage]:
    """Where the story is played; nothing may be complained of in it."""
    stage = Stage(browser, helpdesk.url, script=True)
    yield stage
    stage.leave()
    assert stage.complaints == []


@pytest.fixture
def stage_without_script(browser: Browser, helpdesk: Running) -> Iterator[Stage]:
    """The same in browsers that run no script."""
    stage = Stage(browser, helpdesk.url, script=False)
    yield stage
    stage.leave()
    assert stage.complaints == []
