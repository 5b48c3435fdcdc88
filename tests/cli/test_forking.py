"""What goes on from the supervisor in a process of its own takes along nothing that it must not."""

import json
import os
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from flask import Flask

from helpdesk.cli.running.instance import Taken, sole_use
from helpdesk.cli.running.processes import STOPPING, fork
from helpdesk.core.db import db, session, transaction

pytestmark = [
    pytest.mark.processes,
    pytest.mark.databases("sqlite"),
    # The runner's own thread does nothing that we or what we fork wait for.
    pytest.mark.filterwarnings("ignore:.*multi-threaded.*:DeprecationWarning"),
]


@contextmanager
def as_in_the_supervisor() -> Iterator[None]:
    """Signals that count what people wish, and a standard input that somebody types into."""
    before = {number: signal.signal(number, lambda *_: None) for number in STOPPING}
    kept, (typed, hand) = os.dup(0), os.pipe()
    os.dup2(typed, 0)
    try:
        yield
    finally:
        os.dup2(kept, 0)
        for descriptor in (kept, typed, hand):
            os.close(descriptor)
        for number, handler in before.items():
            signal.signal(number, handler)


def test_it_begins_with_nothing_of_ours(app: Flask, tmp_path: Path) -> None:
    def look_around() -> None:
        found = {
            "session": os.getsid(0) == os.getpid(),
            "input": Path("/proc/self/fd/0").readlink().name,
            "handlers": [signal.getsignal(number) == signal.SIG_DFL for number in STOPPING],
            "blocked": [*signal.pthread_sigmask(signal.SIG_BLOCK, ())],
            "connections": db.engine.pool.status().count("Connections in pool: 0"),
            "rows": session.registry.has(),
        }
        (tmp_path / "found").write_text(json.dumps(found))
        sys.exit(3)

    with transaction(write=False):
        session.connection()
    with as_in_the_supervisor():
        assert fork("visitor", look_around).wait() == 3
    assert json.loads((tmp_path / "found").read_text()) == {
        "session": True,
        "input": "null",
        "handlers": [True, True, True],
        "blocked": [],
        "connections": 1,
        "rows": False,
    }


def test_it_can_be_ended_from_its_first_moment(app: Flask) -> None:
    with as_in_the_supervisor():
        sleeper = fork("sleeper", lambda: time.sleep(60))
        sleeper.terminate()
        assert sleeper.wait() == -signal.SIGTERM


def test_it_neither_holds_nor_frees_the_folder(app: Flask, tmp_path: Path) -> None:
    def try_to_take() -> None:
        try:
            with sole_use(tmp_path):
                pass
        except Taken:
            sys.exit(3)

    with sole_use(tmp_path):
        heir = fork("heir", lambda: time.sleep(60))
        assert fork("ended", lambda: None).wait() == 0
        assert fork("rival", try_to_take).wait() == 3
    assert fork("successor", try_to_take).wait() == 0
    heir.kill()
    heir.wait()
