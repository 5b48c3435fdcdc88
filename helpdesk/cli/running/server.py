"""The web server: gunicorn with threads, on the application that is loaded already."""

from pathlib import Path
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication

from config import Config
from helpdesk.cli.running import titles
from helpdesk.cli.running.lifeline import die_with
from helpdesk.core.db import db


class WebServer(BaseApplication):
    """gunicorn without a command line and without files of its own."""

    def __init__(self, app: Flask, config: Config) -> None:
        self.app = app
        self.options = options(app, config)
        super().__init__()

    def load_config(self) -> None:
        for name, value in self.options.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        return self.app


def options(app: Flask, config: Config) -> dict[str, Any]:
    """gunicorn's settings, by their names there."""

    def pre_fork(_server: object, _worker: object) -> None:
        titles.call("web")  # gunicorn names it otherwise, just before

    def post_fork(_server: object, worker: Any) -> None:
        titles.call("web: serving pages")
        die_with(worker.ppid)
        with app.app_context():
            db.engine.dispose(close=False)  # the connections are the parent's

    return {
        "bind": f"{config.bind}:{config.port}",
        "workers": config.web_workers,
        "worker_class": "gthread",
        "threads": config.web_threads,
        "timeout": 60,
        "graceful_timeout": 15,
        "keepalive": 5,
        "errorlog": "-",
        "loglevel": "info" if config.log_level == "debug" else "warning",
        "forwarded_allow_ips": "",  # whom to trust is for the application to decide
        "secure_scheme_headers": {},
        "worker_tmp_dir": "/dev/shm" if Path("/dev/shm").is_dir() else None,  # noqa: S108
        "control_socket_disable": True,
        "pre_fork": pre_fork,
        "post_fork": post_fork,
    }
