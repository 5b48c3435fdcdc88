"""Starts workers, clocks and requests that are meant to be killed, each as a real process.

It loads the helpdesk once and forks, so that a new worker is there in a few milliseconds. A line
such as `worker CRASH_AT=after_claim:0.3` on its standard input starts one; its number is the
answer. Everything it started dies with it.
"""

import os
import signal
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from types import ModuleType

from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import func, select

from config import Config
from helpdesk import create_app
from helpdesk.accounts.models import Account, Role
from helpdesk.cli.running.lifeline import die_with
from helpdesk.cli.running.worker import make_worker
from helpdesk.core import journal
from helpdesk.core.db import db, session, transaction
from helpdesk.core.jobs import queue
from helpdesk.core.settings import settings
from helpdesk.intake import jobs as intake
from helpdesk.mail import models as mail
from helpdesk.mail.jobs import deliver_due
from helpdesk.tickets import actions
from helpdesk.tickets.models import Ticket
from tests.faults import doors
from tests.faults.events import REACTIONS, Harmless
from tests.mail.writing import teach

# Leases and waits of moments, so that a trial need not wait for minutes.
SHORTER: tuple[tuple[ModuleType, str, object], ...] = (
    (mail, "LEASE", timedelta(seconds=1.5)),
    (mail, "FIRST_WAIT", timedelta(seconds=0.1)),
    (intake, "LEASE", timedelta(seconds=1.5)),
    (intake, "FIRST_WAIT", timedelta(seconds=0.1)),
    (journal, "GRACE", timedelta(seconds=0.5)),
    (journal, "FIRST_WAIT", timedelta(seconds=0.2)),
    (journal, "MAX_ATTEMPTS", 4),
)


def prepare(app: Flask) -> None:
    """Give an application the reactions and the letter of the trials."""
    app.extensions["helpdesk.reactions"] = {**app.extensions["helpdesk.reactions"], **REACTIONS}
    teach(app)


def worker() -> None:
    """The real worker."""
    make_worker(settings()).work(logging_level="CRITICAL")


def clock() -> None:
    """A clock that ticks faster than the real one, for the sweeps that the trials need."""
    while True:
        for job in (deliver_due, intake.process_due, journal.tell_untold):
            try:
                if not queue(job.queue).count:
                    job.wake()
            except OSError:
                pass  # Redis is away
            except Exception as error:
                if "onnect" not in str(error):
                    raise
        time.sleep(0.8)


def request() -> None:
    """A web request that changes something; where it dies is up to CRASH_AT."""
    with transaction():
        trial = session.scalar(select(func.count()).select_from(journal.JournalEntry)) or 0
        journal.record(Harmless(1000 + trial))


def resolution() -> None:
    """A web request that resolves the ticket of that number."""
    with transaction():
        ticket = session.get_one(Ticket, int(os.environ["TICKET"]))
        agent = session.scalars(select(Account).where(Account.role == Role.AGENT)).first()
        assert agent is not None
        actions.resolve(ticket, by=agent)


def migration() -> None:
    """An upgrade of the database file TARGET, to the newest migration."""
    config = replace(settings(), database_url=f"sqlite:///{os.environ['TARGET']}")
    with create_app(config).app_context():
        upgrade()


ROLES: dict[str, Callable[[], None]] = {
    "migration": migration,
    "worker": worker,
    "clock": clock,
    "request": request,
    "resolution": resolution,
    **doors.ROLES,
}


def main() -> None:
    """Fork for each line until there are no more."""
    app = create_app(Config.from_env())
    prepare(app)
    for module, name, value in SHORTER:
        setattr(module, name, value)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for those who are killed
    print("ready", flush=True)  # noqa: T201 - our answers
    for line in sys.stdin:
        print(_fork(app, *line.split()), flush=True)  # noqa: T201 - our answers


def _fork(app: Flask, role: str, *variables: str) -> int:
    parent = os.getpid()
    if number := os.fork():
        return number
    try:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        os.setsid()
        die_with(parent)
        os.dup2(os.open(os.devnull, os.O_RDWR), 0)
        os.environ |= dict(pair.split("=", 1) for pair in variables)
        with app.app_context():
            db.engine.dispose(close=False)
            ROLES[role]()
    finally:
        os._exit(0)


if __name__ == "__main__":
    main()
