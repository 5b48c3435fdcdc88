"""One command runs all parts, keeps them running, and takes all of them along when it ends."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from redis import Redis
from rq import Queue
from rq.serializers import JSONSerializer

from config import ROOT
from helpdesk.cli.running.valkey import answers
from helpdesk.core import jobs
from tests.servers.running import Running, surroundings

pytestmark = pytest.mark.processes


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Running:
    """One installation for the tests below; each leaves it running or starts it again."""
    return Running(tmp_path_factory.mktemp("up") / "instance")


@pytest.fixture
def up(running: Running) -> Running:
    if running.process is None or running.process.poll() is not None:
        running.start()
    running.wait_until(lambda: "Ctrl-C" in running.said)
    return running


def start_again(folder: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "flask", "--app", "wsgi", "up"],
        cwd=ROOT,
        env=surroundings(folder, **variables),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def valkey_of(up: Running) -> Path:
    return Path(jobs.embedded_url(up.folder).removeprefix("unix://"))


def occupy_the_worker(up: Running) -> None:
    """Give the worker a job that lasts, and wait until a process of its own runs it."""
    with Redis.from_url(jobs.embedded_url(up.folder)) as redis:
        queue = Queue("mail", connection=redis, serializer=JSONSerializer)
        job = queue.enqueue_call("time.sleep", args=(60,))
        up.wait_until(lambda: job.get_status() == "started")
    assert len(up.of_role("worker")) == 2


def test_all_parts_run_and_the_address_is_said(up: Running) -> None:
    up.wait_until(
        lambda: all(up.of_role(role) for role in ("web", "worker", "clock", "valkey-server"))
    )
    assert up.url in up.said
    (supervisor,) = up.of_role("up")
    assert len(list(Path(f"/proc/{supervisor}/task").iterdir())) == 1, "a thread, and it forks"


def test_a_part_that_dies_is_started_again(up: Running) -> None:
    up.wait_until(lambda: up.of_role("clock") != [])
    (before,) = up.of_role("clock")
    os.kill(before, signal.SIGKILL)
    up.wait_until(lambda: up.of_role("clock") not in ([], [before]))
    assert not Path(f"/proc/{before}").exists(), "it is a zombie"


def test_the_worker_goes_on_after_valkey_died_and_came_back(up: Running) -> None:
    (before,) = up.of_role("valkey-server")
    os.kill(before, signal.SIGKILL)
    up.wait_until(lambda: up.of_role("valkey-server") not in ([], [before]))
    up.wait_until(lambda: answers(valkey_of(up)))
    occupy_the_worker(up)
    os.kill(max(up.of_role("worker")), signal.SIGKILL)
    assert up.serves()


def test_a_second_start_on_the_same_folder_is_refused_in_one_sentence(up: Running) -> None:
    second = start_again(up.folder, PORT=str(up.port + 1))
    assert second.returncode == 1
    assert second.stderr.strip() == f"Error: This helpdesk is running already, on {up.folder}."


def test_a_port_in_use_is_refused_in_one_sentence(up: Running, tmp_path: Path) -> None:
    second = start_again(tmp_path, PORT=str(up.port))
    assert second.returncode == 1
    assert second.stderr.startswith(f"Error: Port {up.port} is in use; choose another")
    assert second.stderr.count("\n") == 1


def test_ctrl_c_stops_everything_cleanly_and_a_second_start_serves(up: Running) -> None:
    assert up.send(signal.SIGINT) == 0
    assert up.processes() == {}
    assert "Traceback" not in up.said
    up.start()
    assert up.serves()


def test_nothing_is_left_when_the_supervisor_is_killed(up: Running) -> None:
    up.wait_until(lambda: len(up.of_role("web")) == 3)
    occupy_the_worker(up)
    up.send(signal.SIGKILL)
    up.wait_until(lambda: up.processes() == {}, 5)


def test_a_job_dies_with_a_worker_that_is_killed(up: Running) -> None:
    up.wait_until(lambda: up.of_role("worker") != [])
    occupy_the_worker(up)
    before = set(up.of_role("worker"))
    os.kill(min(before), signal.SIGKILL)
    up.wait_until(lambda: not before & set(up.of_role("worker")), 5)


def test_sigterm_stops_everything_cleanly(up: Running) -> None:
    up.wait_until(lambda: up.of_role("worker") != [])
    assert up.send(signal.SIGTERM) == 0
    assert up.processes() == {}
