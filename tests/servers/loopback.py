"""Nothing but this machine can be reached from a test."""

import socket
from typing import Any

import pytest

from config import is_loopback


class NotLoopback(BaseException):
    """A test tried to reach another machine; nothing in the code under test may swallow this."""


def only_loopback(patch: pytest.MonkeyPatch) -> None:
    """Refuse connections to other machines, and to ask for their names."""
    connect, look_up = socket.socket.connect, socket.getaddrinfo

    def guarded_connect(self: socket.socket, address: Any) -> None:
        if self.family in {socket.AF_INET, socket.AF_INET6} and not is_loopback(str(address[0])):
            self.close()
            raise NotLoopback(f"A test tried to connect to {address[0]}.")
        connect(self, address)

    def guarded_look_up(host: Any, *args: Any, **kwargs: Any) -> Any:
        name = host.decode() if isinstance(host, bytes) else host
        if name and not is_loopback(name):
            raise NotLoopback(f"A test tried to look up {name}.")
        return look_up(host, *args, **kwargs)

    patch.setattr(socket.socket, "connect", guarded_connect)
    patch.setattr(socket, "getaddrinfo", guarded_look_up)
