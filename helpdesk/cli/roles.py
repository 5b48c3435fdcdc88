"""One part of the helpdesk each, in the foreground: what systemd, a Procfile or compose run."""

import logging
import signal
import threading

import click
from flask import Flask, current_app
from flask.cli import with_appcontext

from config import Config
from helpdesk.cli.running import titles
from helpdesk.core import health
from helpdesk.core.settings import settings


@click.command()
@with_appcontext
def web() -> None:
    """Serve the pages. TERM finishes requests that are under way; HUP renews the processes."""
    from helpdesk.cli.running.server import WebServer

    config = begin("web")
    health.init_app(_app())
    WebServer(_app(), config).run()


@click.command()
@with_appcontext
def worker() -> None:
    """Run jobs. TERM finishes the one that is under way."""
    from helpdesk.cli.running.worker import work

    config = begin("worker")
    work(_app(), config)


@click.command()
@with_appcontext
def clock() -> None:
    """Put what is due into the queues; two clocks do no harm."""
    from helpdesk.cli.running.ticking import Clock
    from helpdesk.schedule import TIMETABLE

    begin("clock")
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    Clock(TIMETABLE).run(stop)


def begin(part: str) -> Config:
    """Be called that part and log to standard error from now on; return the configuration."""
    titles.call(part)
    config = settings()
    logging.basicConfig(
        level=logging.DEBUG if config.log_level == "debug" else logging.WARNING,
        format="%(asctime)s %(levelname)s %(name)s: %(message)s",
    )
    return config


def _app() -> Flask:
    return current_app._get_current_object()  # type: ignore[attr-defined, no-any-return]  # the proxy's own way to what it stands for
