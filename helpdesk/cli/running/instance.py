"""What must be free before anything is started: the instance folder and the port."""

import contextlib
import errno
import fcntl
import socket
from collections.abc import Iterator
from pathlib import Path


class Taken(Exception):
    """Somebody else holds what we need; the message is one sentence for the terminal."""


@contextlib.contextmanager
def sole_use(instance: Path) -> Iterator[None]:
    """Hold the instance folder for ourselves; the kernel lets go of it when we die.

    The lock is the process's own: what it forks neither holds it nor can let go of it.
    Raises Taken when another supervisor runs on it.
    """
    instance.mkdir(parents=True, exist_ok=True)
    with (instance / "up.lock").open("a") as lock:
        try:
            fcntl.lockf(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except (BlockingIOError, PermissionError) as error:
            raise Taken(f"This helpdesk is running already, on {instance}.") from error
        yield


def ensure_port_is_free(host: str, port: int) -> None:
    """Raise Taken when we could not listen there."""
    name = host.strip("[]")
    family = socket.AF_INET6 if ":" in name else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((name, port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                raise Taken(f"Port {port} is in use; choose another: PORT={port + 1}.") from error
            raise Taken(f"{host}:{port} cannot be listened on: {error.strerror}.") from error
