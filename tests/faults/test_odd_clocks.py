"""Promises and rules about time on machines whose clocks stand on odd dates: real processes under
faketime, restarted for each look."""

import json
import os
import shutil
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from config import ROOT, Config
from helpdesk import create_app
from helpdesk.core.db import db, session, transaction
from helpdesk.core.hours import Block, Hours
from tests.cast import customer
from tests.faults.lab import trials
from tests.faults.odd_clock import SPAN, WEEK
from tests.servers.databases import build_schema
from tests.tickets.test_dates import STARTS, due_by_hand

REQUIRED = os.environ.get("HELPDESK_REQUIRE_ALL") == "1"
FAKETIME = shutil.which("faketime")

pytestmark = [
    pytest.mark.faults,
    pytest.mark.processes,
    pytest.mark.skipif(
        not FAKETIME and not REQUIRED,
        reason="faketime is not installed, so no process can be told another time of day",
    ),
]
ODDEST = sorted(STARTS, key=lambda start: (start[1] != (2026, 3, 28), start[2] != 23))


@pytest.mark.parametrize("start", ODDEST[: trials(0, 10)], ids=str)
def test_a_restarted_worker_breaches_and_acts_at_the_right_second(
    tmp_path: Path, start: tuple[str, tuple[int, int, int], int]
) -> None:
    assert FAKETIME, "HELPDESK_REQUIRE_ALL=1 asks for faketime, which is not installed"
    zone, day, hour = start
    _begin(tmp_path)
    filed = datetime(*day, hour, tzinfo=UTC)
    hours = Hours(zone, tuple(Block(*block) for block in WEEK))
    due = due_by_hand(hours, filed, SPAN // 60)
    told = _process(tmp_path, filed, "file", zone)
    known = datetime.fromisoformat(str(told["due"]))
    assert timedelta(0) <= known - due < timedelta(minutes=2), (known, due)  # it takes a moment
    before = _process(tmp_path, known - timedelta(minutes=2), "look", zone)
    assert (before["breaches"], before["tags"]) == (0, [])
    after = _process(tmp_path, known + timedelta(seconds=3), "look", zone)
    assert (after["breaches"], after["tags"]) == (1, ["late"])
    jumped = _process(tmp_path, known + timedelta(days=8), "look", zone)
    assert (jumped["breaches"], jumped["tags"]) == (1, ["late"])


def _begin(folder: Path) -> None:
    """An empty database with one customer."""
    app = create_app(
        Config(
            database_url=f"sqlite:///{folder}/odd.db",
            redis_url="redis://127.0.0.1:1",
            smtp_url="smtp://127.0.0.1:1",
            secret_key="a key for the trials that nobody else has",
            instance_path=folder,
            public_url="http://localhost",
        )
    )
    build_schema(app)
    with app.app_context():
        with transaction():
            session.add(customer("Rosa Lindt", "rosa@harbor.example"))
        db.engine.dispose()


def _process(folder: Path, at: datetime, step: str, zone: str) -> dict[str, object]:
    """One step in a process of its own that believes it is `at`."""
    said = at.strftime("@%Y-%m-%d %H:%M:%S")
    environment = {**os.environ, "TZ": "UTC", "DONT_FAKE_MONOTONIC": "1", "PYTHONPATH": str(ROOT)}
    command = [str(FAKETIME), "-f", said, sys.executable, "-m", "tests.faults.odd_clock"]
    done = subprocess.run(
        [*command, str(folder), step, zone],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    found: dict[str, object] = json.loads(done.stdout.strip().splitlines()[-1])
    return found
