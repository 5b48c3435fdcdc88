"""Serves the helpdesk or the floor, as `flask web` does: `python -m bench.serve floor gthread`."""

import sys

from bench.floor import create_floor
from config import Config
from helpdesk import create_app
from helpdesk.cli.running.server import WebServer


def serve(what: str, worker_class: str) -> None:
    """Serve until told to stop, on the address that the environment gives."""
    config = Config.from_env()
    app = create_floor(config) if what == "floor" else create_app(config)
    server = WebServer(app, config)
    if worker_class:
        server.cfg.set("worker_class", worker_class)
    server.run()


if __name__ == "__main__":
    serve(sys.argv[1], sys.argv[2])
