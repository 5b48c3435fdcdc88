"""A port that nobody listens on."""

import errno
import random
import socket

RANGE = range(15_000, 32_000)
"""Below those that the system gives to connections, so that none takes it in between."""


def free_port() -> int:
    """A port of the loopback address that was free a moment ago."""
    while True:
        port = random.SystemRandom().choice(RANGE)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError as error:
                if error.errno != errno.EADDRINUSE:
                    raise
            else:
                return port
