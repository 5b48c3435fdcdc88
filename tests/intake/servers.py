"""Our own door for mail servers, open in this process."""

import asyncio
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask

from helpdesk.intake.listening import serve
from tests.servers.ports import free_port


@contextmanager
def listening_on(app: Flask) -> Iterator[int]:
    """The port at which mails are taken."""
    port, stop = free_port(), threading.Event()

    async def run() -> None:
        async with serve(app, "127.0.0.1", port):
            while not stop.is_set():
                await asyncio.sleep(0.02)

    thread = threading.Thread(target=lambda: asyncio.run(run()))
    thread.start()
    try:
        _wait_for(port)
        yield port
    finally:
        stop.set()
        thread.join()


def _wait_for(port: int) -> None:
    for _ in range(200):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.02)
    raise AssertionError("nobody listens")
