"""The helpdesk as real processes: what `make run` starts, on a folder and a port of its own."""

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Self
from urllib.error import URLError
from urllib.request import urlopen

from config import ROOT
from helpdesk.cli.running.lifeline import die_with
from tests.servers.ports import free_port


class Running:
    """`flask up` with these variables; leaving the block stops it.

    Empty unless HELPDESK_DEMO="1" is among them. SMTP_URL names a sink where mail is expected.
    """

    def __init__(self, folder: Path, **variables: str) -> None:
        self.folder = folder
        self.port = int(variables.get("PORT") or free_port())
        self.url = f"http://127.0.0.1:{self.port}"
        self.output = folder.parent / f"{folder.name}.log"
        self.environment = surroundings(folder, PORT=str(self.port), **variables)
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> Self:
        """Start it and return when it serves. Raises RuntimeError with what it said."""
        parent = os.getpid()
        with self.output.open("ab") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "flask", "--app", "wsgi", "up"],
                cwd=ROOT,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
                preexec_fn=lambda: die_with(parent),  # noqa: PLW1509 - does no more than two system calls
            )
        self.wait_until(self.serves, 60)
        return self

    def serves(self) -> bool:
        """Whether the web server answers. Raises RuntimeError when it never will."""
        if self.process is not None and self.process.poll() is not None:
            raise RuntimeError(self.said)
        try:
            with urlopen(f"{self.url}/healthz", timeout=2) as answer:
                return bool(answer.status == 200)
        except (URLError, OSError):
            return False

    def wait_until(self, true: object, seconds: float = 20) -> None:
        """Return when `true()` is. Raises RuntimeError with what was said when it takes longer."""
        assert callable(true)
        give_up_at = time.monotonic() + seconds
        while not true():
            if time.monotonic() > give_up_at:
                raise RuntimeError(f"Waited {seconds} s in vain.\n{self.said}")
            time.sleep(0.05)

    @property
    def said(self) -> str:
        return self.output.read_text() if self.output.exists() else ""

    def processes(self) -> dict[int, str]:
        """All processes of this installation that are alive: number and title."""
        return {
            int(entry.name): title
            for entry in Path("/proc").iterdir()
            if entry.name.isdigit() and (title := _title_of(entry, self.folder))
        }

    def of_role(self, role: str) -> list[int]:
        """The processes of one part: "web", "worker", "clock", "up" or "valkey-server"."""
        called = re.compile(rf"helpdesk {role}\b|\S*/{role} ")
        return [number for number, title in self.processes().items() if called.match(title)]

    def send(self, number: signal.Signals) -> int:
        """Send a signal to the supervisor and return how it ended."""
        assert self.process is not None
        self.process.send_signal(number)
        return self.process.wait(40)

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        if self.process is not None and self.process.poll() is None:
            self.send(signal.SIGTERM)


def surroundings(folder: Path, **variables: str) -> dict[str, str]:
    """The environment of an empty installation on `folder`; HELPDESK_DEMO="1" tells its story."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    settings = {
        "INSTANCE_PATH": str(folder),
        "SECRET_KEY": "a key for the tests that nobody else has",
        "SMTP_URL": "smtp://127.0.0.1:1",  # nobody listens there
        "SPT_NOENV": "1",  # titles do not take the room of this, by which `processes` knows them
    }
    return {**kept, **settings, **variables}


def _title_of(entry: Path, folder: Path) -> str:
    """What a process is called; nothing when it is not one of ours, or a zombie."""
    mark = f"INSTANCE_PATH={folder}".encode()
    try:
        title = (entry / "cmdline").read_bytes()
        # Valkey writes a title of its own over both.
        ours = mark in (entry / "environ").read_bytes() or os.fsencode(folder) in title
    except OSError:  # it ended while we looked
        return ""
    return title.decode().replace("\0", " ").strip() if ours else ""
