"""`flask up`: the whole helpdesk with one command, under one supervisor."""

import sys
import time
from http.client import HTTPConnection, HTTPException

import click
from flask.cli import with_appcontext

from config import Config
from helpdesk.cli.roles import start_logging
from helpdesk.cli.running import first_start, valkey
from helpdesk.cli.running.instance import Taken, ensure_port_is_free, sole_use
from helpdesk.cli.running.supervisor import Child, ChildWhileWanted, Supervisor
from helpdesk.core.db import db, session, transaction

HEAD_START = 2.5
"""Seconds that pages get: somebody waits for them, and each part that starts wants a processor."""
WELCOME = """
  {company} is at {url}    Ctrl-C stops it.
"""
TRY_FIRST = """
  Try first:
    1. {url}/requests/new
       File a request as a customer would.
    2. {url}/sign-in
       Sign in as the demo agent with one press; answer the request and resolve it.
    3. {url}/demo/outbox
       Read the mail that went out. The survey follows within a minute: answer it.
    4. {url}/sign-in
       Sign in as the demo manager; the answer is in the reports.
"""


@click.command()
@with_appcontext
def up() -> None:
    """Run all parts: web, worker, clock, and a Valkey of our own unless REDIS_URL is set."""
    config = start_logging()
    try:
        with sole_use(config.instance_path):
            ensure_port_is_free(config.bind, config.port)
            run(config)
    except (Taken, valkey.NoValkey) as error:
        raise click.ClickException(str(error)) from error
    except KeyboardInterrupt:
        click.echo("Stopped.")


def run(config: Config) -> None:
    """Prepare what is missing, then run until told to stop. Raises NoValkey."""
    own = None if config.redis_url else EmbeddedValkey(config)
    with Supervisor(
        own, [_role("web"), _role("worker", HEAD_START), _role("clock", HEAD_START), _mailboxes()]
    ) as supervisor:
        first_start.migrate()
        if own:
            own.wait_until_it_answers()
        if config.demo:
            first_start.seed()
        supervisor.run(Greeting(config).say_when_ready)
        click.echo("Stopping …")


class EmbeddedValkey(Child):
    """The Valkey of our own as a child of the supervisor."""

    def __init__(self, config: Config) -> None:
        server = valkey.find_server()
        super().__init__("valkey", lambda: valkey.command(server, config))
        self.server, self.config = server, config
        self.path = valkey.socket_path(config)

    def wait_until_it_answers(self, seconds: float = 20.0) -> None:
        """Return when it serves. One that cannot start from what it kept starts from nothing.

        Raises NoValkey when it does not serve in time.
        """
        give_up_at = time.monotonic() + seconds
        while not valkey.answers(self.path):
            if not self.running:
                valkey.forget(self.server, self.config)
                self.start()
            if time.monotonic() > give_up_at:
                raise valkey.NoValkey("The embedded Valkey does not start; set REDIS_URL instead.")
            time.sleep(0.02)


class Greeting:
    """Says once, when the pages are served, where they are."""

    def __init__(self, config: Config) -> None:
        self.config = config
        self.said = False

    def say_when_ready(self) -> None:
        """Print the address as soon as the web server answers."""
        if self.said or not self._serves():
            return
        self.said = True
        text = WELCOME + (TRY_FIRST if self.config.demo else "")
        click.echo(text.format(company=self.config.company_name, url=self.config.public_url))

    def _serves(self) -> bool:
        host = {"0.0.0.0": "127.0.0.1", "[::]": "::1"}.get(self.config.bind, self.config.bind)  # noqa: S104 - asked, not bound
        connection = HTTPConnection(host.strip("[]"), self.config.port, timeout=1)
        try:
            connection.request("GET", "/healthz")
            return connection.getresponse().status == 200
        except (OSError, HTTPException):
            return False
        finally:
            connection.close()


def _role(name: str, after: float = 0.0) -> Child:
    child = Child(name, lambda: [sys.executable, "-m", "flask", "--app", "wsgi", name])
    child.start_at = time.monotonic() + after
    return child


def _mailboxes() -> Child:
    """Reads mailboxes, while there are any."""
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "mail", "fetch"]
    return ChildWhileWanted("mail", lambda: command, _has_mailboxes)


def _has_mailboxes() -> bool:
    from helpdesk.intake.queries import mailboxes

    try:
        with transaction(write=False):
            return bool(mailboxes(active=True))
    finally:
        session.remove()
        db.engine.dispose()  # nothing stays open between two questions
