"""A child that keeps dying is started again, each time after a longer wait."""

import contextlib
import os
import signal
import sys
import time
from pathlib import Path

import pytest

from helpdesk.cli.running.processes import execute
from helpdesk.cli.running.supervisor import Child, Supervisor

pytestmark = pytest.mark.processes


def alive_in(group: int) -> list[str]:
    """The processes of a group; one that ended and was not waited for does not count."""
    found = []
    for entry in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):  # it ended while we looked
            state, _parent, number = entry.read_text().rpartition(")")[2].split()[:3]
            if int(number) == group and state != "Z":
                found.append(entry.parent.name)
    return found


def wait_until_alive(group: int, count: int) -> bool:
    give_up_at = time.monotonic() + 10
    while len(alive_in(group)) != count and time.monotonic() < give_up_at:
        time.sleep(0.05)
    return len(alive_in(group)) == count


def child(script: str) -> Child:
    return Child("child", lambda: execute([sys.executable, "-c", script]))


def test_the_wait_doubles_while_it_keeps_dying(caplog: pytest.LogCaptureFixture) -> None:
    dying = child("raise SystemExit(3)")
    dying.start()
    assert dying.process is not None
    dying.process.wait()
    dying.look_after()
    assert not dying.running
    assert dying.wait == 1.0
    assert "child ended (status 3); it starts again in 1 s." in caplog.text


def test_after_a_steady_life_it_is_started_again_soon() -> None:
    steady = child("import time; time.sleep(60)")
    steady.wait = 30.0
    steady.start()
    steady.started_at -= 60
    steady.end()
    steady.look_after()
    assert steady.wait == 0.5


def test_what_a_child_started_goes_with_it() -> None:
    parent = child("import subprocess, time; subprocess.Popen(['sleep', '60']); time.sleep(60)")
    parent.start()
    assert parent.process is not None
    group = parent.process.pid
    assert group is not None
    assert wait_until_alive(group, 2)
    parent.end()
    assert wait_until_alive(group, 0)


def test_a_signal_stops_the_loop_and_the_children() -> None:
    kept = {number: signal.getsignal(number) for number in (1, 2, 15)}
    running = child("import time; time.sleep(60)")
    try:
        with Supervisor(None, [running]) as supervisor:
            supervisor.run(lambda: os.kill(os.getpid(), signal.SIGTERM))
        assert not running.running
    finally:
        for number, handler in kept.items():
            signal.signal(number, handler)
