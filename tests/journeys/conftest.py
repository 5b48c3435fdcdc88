"""A helpdesk of real processes in which a story can be played from its first page to its last, and
one in this process with something of everything, to look at every page."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from flask import session as cookie
from flask_migrate import stamp
from playwright.sync_api import Browser, BrowserContext, Page

from config import Config
from helpdesk import create_app
from helpdesk.accounts import actions as accounts
from helpdesk.accounts.models import Account, Role, Team
from helpdesk.accounts.sessions import begin
from helpdesk.core.db import session, transaction
from tests.journeys.people import MIKA, NORA, PASSWORD
from tests.journeys.scene import Scene
from tests.servers.databases import build_schema, let_go
from tests.servers.ports import free_port
from tests.servers.running import Running
from tests.servers.serving import served
from tests.servers.valkey import Valkey


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
    build_schema(app)
    with app.app_context():
        stamp()  # a start finds nothing left to migrate; tests of migrations stand elsewhere
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
    let_go(app)


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


class House:
    """The application with the scene in it, answering at `address`."""

    def __init__(self, app: Flask, valkey: Valkey, address: str) -> None:
        self.app, self.address = app, address
        with app.app_context():
            build_schema(app)
            self.scene = Scene(app, valkey.redis)

    def sign_in(self, context: BrowserContext, who: str) -> None:
        """Be somebody of the cast in this browser."""
        if who == "nobody":
            return
        with self.app.test_request_context(base_url=self.address):
            begin(session.get_one(Account, self.scene.accounts[who]))
            signer = self.app.session_interface.get_signing_serializer(self.app)  # type: ignore[attr-defined]  # Flask's sessions in cookies have it
            kept = signer.dumps(dict(cookie))
        name = self.app.config["SESSION_COOKIE_NAME"]
        context.add_cookies([{"name": name, "value": kept, "url": self.address}])

    def path_of(self, path: str) -> str:
        """An address with the names of the scene filled in."""
        return path.format(**self.scene.names)


@pytest.fixture(scope="session")
def house(folder: Path, _config: Config, _valkey: Valkey) -> Iterator[House]:
    """One house for all who look at pages; whoever changes something there files a request or
    breaks off."""
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    _valkey.be_empty()
    instance = folder / "house"
    instance.mkdir()
    app = create_app(
        replace(
            _config,
            demo=True,
            smtp_url=None,
            public_url=address,
            instance_path=instance,
            database_url=f"sqlite:///{instance / 'helpdesk.db'}",
            survey_delay_seconds=0,
            survey_budget_days=0,
            support_hours="Monday to Friday, 9:00 to 17:00",
        )
    )
    house = House(app, _valkey, address)
    with served(app, port):
        yield house
    let_go(app)
