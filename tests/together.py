"""Several people, or workers, at the same moment."""

import threading
from collections.abc import Callable
from contextvars import Context

from flask import Flask

from helpdesk.core.db import session


def together(app: Flask, *calls: Callable[[], object]) -> None:
    """Run each call in a thread and an application context of its own, all at the same moment."""
    start = threading.Barrier(len(calls))

    def run(call: Callable[[], object]) -> None:
        with app.app_context():
            start.wait()
            call()

    threads = [threading.Thread(target=Context().run, args=(run, call)) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    session.rollback()  # the test sees what they changed
