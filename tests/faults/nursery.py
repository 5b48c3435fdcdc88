"""Starts workers, clocks and requests that are meant to be killed, each as a real process.

The code of the helpdesk is loaded once, by `python -m tests.faults.nursery`. For each line on its
standard input, the environment of a laboratory as JSON, it forks a nursery, which listens at the
socket NURSERY. There a line such as `worker CRASH_AT=after_claim:0.3` forks a worker, so that it is
there in a few milliseconds; its number is the answer. Everything dies with what started it.
"""

import json
import os
import signal
import socket
import sys
import time
import traceback
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial
from types import ModuleType

from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import func, select

from config import Config
from helpdesk import create_app, sentiment
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
    """Fork a nursery for each line until there are no more."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for those who are killed
    sentiment.load()  # as the real worker does before it takes a job
    print("ready", flush=True)  # noqa: T201 - our answers
    for line in sys.stdin:
        print(_fork(partial(nurse, json.loads(line))), flush=True)  # noqa: T201 - our answers


def nurse(environment: dict[str, str]) -> None:
    """Be the nursery of one laboratory: fork for each line until it hangs up."""
    os.environ.clear()
    os.environ |= environment
    with socket.socket(socket.AF_UNIX) as lab:
        lab.connect(environment["NURSERY"])
        with lab.makefile("r") as orders, lab.makefile("w") as answers:
            app = create_app(Config.from_env())
            prepare(app)
            for module, name, value in SHORTER:
                setattr(module, name, value)
            print("ready", file=answers, flush=True)
            for line in orders:
                print(_fork(partial(_play, app, *line.split())), file=answers, flush=True)


def _play(app: Flask, role: str, *variables: str) -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.setsid()
    os.environ |= dict(pair.split("=", 1) for pair in variables)
    with app.app_context():
        db.engine.dispose(close=False)
        ROLES[role]()


def _fork(what: Callable[[], None]) -> int:
    parent = os.getpid()
    if number := os.fork():
        return number
    try:
        die_with(parent)
        os.dup2(os.open(os.devnull, os.O_RDWR), 0)
        what()
    except BaseException:
        traceback.print_exc()
        raise
    finally:
        os._exit(0)


if __name__ == "__main__":
    main()
