"""A client that costs little itself: one connection, one request after the other."""

import re
import socket
from dataclasses import dataclass
from time import perf_counter
from typing import Self

PATIENCE = 2.0
"""Seconds after which the server may have hung up on a connection that nobody used."""
_COOKIE = re.compile(rb"\r\nset-cookie: ([^;\r]+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, and after how many milliseconds."""

    status: int
    head: bytes
    body: bytes
    took: float


class Client:
    """A keep-alive connection to this machine; `source` is the address it comes from."""

    def __init__(self, port: int, cookie: str = "", source: str = "127.0.0.1") -> None:
        self.port, self.source = port, source
        self.cookie = cookie
        self._socket: socket.socket | None = None
        self._used = 0.0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Hang up."""
        if self._socket is not None:
            self._socket.close()
            self._socket = None

    def get(self, path: str) -> Answer:
        """Ask for a page as a browser does, compressed."""
        return self.send(self.request("GET", path))

    def post(self, path: str, body: bytes, kind: str) -> Answer:
        """Send a form."""
        head = f"Content-Type: {kind}\r\nContent-Length: {len(body)}\r\n"
        return self.send(self.request("POST", path, head) + body)

    def request(self, method: str, path: str, more: str = "") -> bytes:
        """The bytes of a request without its body."""
        cookie = f"Cookie: {self.cookie}\r\n" if self.cookie else ""
        return (
            f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\n"
            f"Accept-Encoding: gzip\r\nAccept: text/html\r\n{cookie}{more}\r\n"
        ).encode()

    def send(self, request: bytes) -> Answer:
        """Send prepared bytes and read the whole answer. Raises ConnectionError."""
        if perf_counter() - self._used > PATIENCE:
            self.close()
        started = perf_counter()
        connection = self._connected()
        connection.sendall(request)
        head, body = _read(connection)
        took = (perf_counter() - started) * 1000
        if b"\r\nconnection: close" in head.lower():
            self.close()
        self._used = perf_counter()
        if fresh := _COOKIE.search(head):
            self.cookie = fresh[1].decode()
        return Answer(int(head[9:12]), head, body, took)

    def _connected(self) -> socket.socket:
        if self._socket is None:
            address = ("127.0.0.1", self.port)
            self._socket = socket.create_connection(address, 30, (self.source, 0))
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return self._socket


def _read(connection: socket.socket) -> tuple[bytes, bytes]:
    data = b""
    while b"\r\n\r\n" not in data:
        piece = connection.recv(65536)
        if not piece:
            raise ConnectionError("The server hung up.")
        data += piece
    head, _, body = data.partition(b"\r\n\r\n")
    left = _length(head) - len(body)
    pieces = [body]
    while left > 0:
        piece = connection.recv(65536)
        if not piece:
            raise ConnectionError("The server hung up.")
        pieces.append(piece)
        left -= len(piece)
    return head, b"".join(pieces)


def _length(head: bytes) -> int:
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            return int(line[15:])
    return 0
