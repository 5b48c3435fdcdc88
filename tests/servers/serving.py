"""A server of this process, in a thread: an application for a browser, or another one."""

import contextlib
import threading
from collections.abc import Iterator
from dataclasses import replace
from socketserver import BaseServer

from flask import Flask
from werkzeug.serving import make_server

from tests.servers.ports import free_port

STOPS_WITHIN = 0.02
"""Seconds between two looks whether it is to stop; half a second would be the default."""


@contextlib.contextmanager
def running(server: BaseServer) -> Iterator[None]:
    """The server answers inside the block."""
    thread = threading.Thread(target=server.serve_forever, args=(STOPS_WITHIN,))
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextlib.contextmanager
def served(app: Flask, port: int = 0) -> Iterator[str]:
    """Where a browser finds the application."""
    server = make_server("127.0.0.1", port, app, threaded=True)
    with running(server):
        yield f"http://127.0.0.1:{server.port}"


@contextlib.contextmanager
def served_as_its_own(app: Flask) -> Iterator[str]:
    """Where a browser finds the application, which takes that for its public address."""
    config, port = app.extensions["helpdesk.config"], free_port()
    url = f"http://localhost:{port}"
    app.extensions["helpdesk.config"] = replace(config, public_url=url)
    with served(app, port):
        yield url
    app.extensions["helpdesk.config"] = config
