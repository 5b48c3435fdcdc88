"""The processes a bench needs: databases, Valkey, the server of the pages and that of the floor."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Self

from bench.client import Client
from config import ROOT, Config
from helpdesk.cli.running.lifeline import die_with
from tests.servers.ports import free_port
from tests.servers.postgres import postgresql

SECRET_KEY = "a key for the bench that nobody else has"  # noqa: S105 - of a server that lives for minutes
PROCESSES = 2


@contextmanager
def database(name: str, folder: Path) -> Iterator[str]:
    """The address of an empty database called "sqlite" or "postgresql"."""
    with ExitStack() as stack:
        yield (
            stack.enter_context(postgresql())
            if name == "postgresql"
            else f"sqlite:///{folder / 'bench.db'}"
        )


def variables(database_url: str, redis_url: str, folder: Path, port: int) -> dict[str, str]:
    """The environment of an installation as it is in production, but for https."""
    return {
        "DATABASE_URL": database_url,
        "REDIS_URL": redis_url,
        "INSTANCE_PATH": str(folder),
        "PORT": str(port),
        "PUBLIC_URL": f"http://127.0.0.1:{port}",
        "SECRET_KEY": SECRET_KEY,
        "SMTP_URL": "smtp://127.0.0.1:9",  # no worker runs, so no mail goes out
        "WEB_WORKERS": str(PROCESSES),
        "LOG_LEVEL": "warning",
    }


def config_of(environment: dict[str, str]) -> Config:
    """The same as an object."""
    return Config.from_env(environment)


class Server:
    """A web server with two processes; leaving the block stops it."""

    def __init__(self, what: str, environment: dict[str, str], worker_class: str = "") -> None:
        self.what, self.worker_class = what, worker_class
        self.port = int(environment["PORT"])
        self.environment = {**os.environ, **environment}
        self.process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        parent = os.getpid()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "bench.serve", self.what, self.worker_class],
            cwd=ROOT,
            env=self.environment,
            start_new_session=True,
            preexec_fn=lambda: die_with(parent),  # noqa: PLW1509 - does no more than two system calls
        )
        self._wait()
        return self

    def __exit__(self, *_: object) -> None:
        if self.process is not None:
            self.process.terminate()
            self.process.wait(20)

    def _wait(self) -> None:
        give_up_at = time.monotonic() + 30
        while True:
            try:
                with Client(self.port) as client:
                    client.get("/healthz")
                    return
            except ConnectionError:
                if time.monotonic() > give_up_at:
                    raise
                time.sleep(0.05)

    def cpu(self) -> float:
        """Seconds of processor time that the web processes took so far."""
        return cpu_seconds(self.process_ids)

    @property
    def process_ids(self) -> list[int]:
        """The processes that serve, without the one that looks after them."""
        assert self.process is not None  # noqa: S101 - only inside the block
        number = self.process.pid
        children = Path(f"/proc/{number}/task/{number}/children").read_text(encoding="ascii")
        return [int(child) for child in children.split()]


def cpu_seconds(process_ids: list[int]) -> float:
    """Processor time that some processes took so far, and what they started and saw end. One that
    ended itself is not counted."""
    total = 0
    for number in process_ids:
        with suppress(OSError):
            stat = Path(f"/proc/{number}/stat").read_text(encoding="ascii")
            total += sum(map(int, stat.rpartition(")")[2].split()[11:15]))
    return total / os.sysconf("SC_CLK_TCK")


def new_port() -> int:
    """A port nobody listens on."""
    return free_port()


def megabytes(process_ids: list[int], kind: str) -> float:
    """Memory of some processes together: "Rss" counts shared pages in each, "Pss" once."""
    total = 0
    for number in process_ids:
        for line in Path(f"/proc/{number}/smaps_rollup").read_text(encoding="ascii").splitlines():
            if line.startswith(f"{kind}:"):
                total += int(line.split()[1])
    return total / 1024
