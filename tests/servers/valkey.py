"""A real Valkey for the tests, which a test can kill and start again."""

import os
import signal
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Self

from redis import Redis

from helpdesk.cli.running.lifeline import die_with
from helpdesk.cli.running.valkey import answers, find_server


class Valkey:
    """A server that keeps nothing, on a socket in a temporary folder."""

    def __init__(self) -> None:
        self.folder = tempfile.TemporaryDirectory(prefix="helpdesk-vk-")
        self.socket = Path(self.folder.name) / "valkey.sock"
        self.process: subprocess.Popen[bytes] | None = None
        self.redis: Redis = Redis.from_url(self.url)

    @property
    def url(self) -> str:
        return f"unix://{self.socket}"

    def start(self) -> None:
        """Start it, empty, and return when it answers."""
        parent = os.getpid()
        self.process = subprocess.Popen(
            [find_server(), "--port", "0", "--unixsocket", self.socket, "--save", ""],
            stdout=subprocess.DEVNULL,
            cwd=self.folder.name,
            start_new_session=True,
            preexec_fn=lambda: die_with(parent),  # noqa: PLW1509 - does no more than two system calls
        )
        give_up_at = time.monotonic() + 10
        while not answers(self.socket):
            if time.monotonic() > give_up_at:
                raise RuntimeError("Valkey does not answer.")
            time.sleep(0.01)

    def kill(self) -> None:
        """Kill it with -9: all it knew is gone."""
        if self.process is not None:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait()
            self.process = None
            self.socket.unlink(missing_ok=True)

    def be_empty(self) -> None:
        """Be running and know nothing."""
        if self.process is None:
            self.start()
        self.redis.flushall()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.redis.close()
        self.kill()
        self.folder.cleanup()
