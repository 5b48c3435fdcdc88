"""`flask up`: the whole helpdesk with one command, under one supervisor.

The application is loaded once: web, worker, clock and mailboxes are the commands of that name, each
in a process that goes on from here.
"""

import time
from collections.abc import Callable
from http.client import HTTPConnection, HTTPException

import click
from flask.cli import with_appcontext

from config import Config
from helpdesk.cli import mail, roles
from helpdesk.cli.running import first_start, valkey
from helpdesk.cli.running.instance import Taken, ensure_port_is_free, sole_use
from helpdesk.cli.running.processes import Process, execute, fork
from helpdesk.cli.running.supervisor import Child, ChildWhileWanted, Supervisor
from helpdesk.core.db import db, session, transaction

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
    config = roles.begin("up")
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
    parts = [
        Child("web", _command(roles.web)),
        Child("worker", _command(roles.worker)),
        Child("clock", _command(roles.clock)),
        ChildWhileWanted("mail", _command(mail.fetch), _has_mailboxes),
    ]
    with Supervisor(own, parts) as supervisor:
        if own:
            own.wait_until_it_answers()
        make_ready(config)
        supervisor.run(Greeting(config).say_when_ready)
        click.echo("Stopping …")


def make_ready(config: Config) -> None:
    """Make tables, and in a demo its story, where they are missing.

    A process of its own does it, so that nothing of all that stays in those that serve.
    Raises click.ClickException when it fails, after it said why.
    """
    process = fork("first start", lambda: first_start.make_ready(demo=config.demo))
    try:
        if status := process.wait():
            raise click.ClickException(f"The database could not be made ready ({status}).")
    finally:
        process.kill()
        process.wait()


class EmbeddedValkey(Child):
    """The Valkey of our own as a child of the supervisor."""

    def __init__(self, config: Config) -> None:
        server = valkey.find_server()
        super().__init__("valkey", lambda: execute(valkey.command(server, config)))
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


def _command(command: click.Command) -> Callable[[], Process]:
    """How to start one of our commands as a process that goes on from this one."""
    context = click.get_current_context()
    return lambda: fork(command.name or "", lambda: context.invoke(command))


def _has_mailboxes() -> bool:
    from helpdesk.intake.queries import mailboxes

    try:
        with transaction(write=False):
            return bool(mailboxes(active=True))
    finally:
        session.remove()
        db.engine.dispose()  # nothing stays open between two questions
