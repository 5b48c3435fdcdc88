"""Is it alive, and is every part of it ready?

`/healthz` is for whoever restarts processes, `/readyz` for people and alarms: it names the part
that is ill. Pages are served without worker, clock, Redis and mail server, so take a web process
out of service by the first and not by the second.
"""

import math
import socket
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as TooSlow
from datetime import datetime
from functools import partial
from typing import cast
from urllib.parse import urlsplit

from flask import Blueprint, Flask, Response, current_app, jsonify
from redis import Redis
from sqlalchemy import text

from helpdesk.core import schema
from helpdesk.core.clock import now
from helpdesk.core.db import session
from helpdesk.core.jobs import connection
from helpdesk.core.settings import settings

bp = Blueprint("health", __name__)

FRESH = 5.0
"""Seconds for which an answer holds. Anybody may ask, so asking must cost nothing."""
GRACE = 20.0
"""Seconds after our own start during which worker and clock may still be starting."""
PATIENCE = 0.9
"""Seconds that a part has to answer; all of them are asked at once."""
MISSED_AFTER = 60
"""Seconds after which a process that did not show itself is missed."""


class Ill(Exception):
    """What is wrong with a part, in words that give nothing away."""


class Starting(Exception):
    """A part did not show itself yet, and had no time to."""


STARTING = "starting"


@bp.get("/healthz")
def alive() -> Response:
    """The process answers. Touches nothing else."""
    return Response("alive\n", mimetype="text/plain")


@bp.get("/readyz")
def ready() -> tuple[Response, int]:
    """Each part with "ok" or what is wrong with it; 503 while one is not ready."""
    parts = _last_examination().parts()
    return jsonify(parts), 200 if set(parts.values()) <= {"ok", STARTING} else 503


class Examination:
    """What was found last, held for a while. One looks anew, the others get what is known."""

    def __init__(self) -> None:
        self.started = time.monotonic()
        self._lock = threading.Lock()
        self._found: dict[str, str] = {}
        self._at = -math.inf

    def parts(self) -> dict[str, str]:
        """Every part with what was found lately."""
        if time.monotonic() - self._at < FRESH or not self._lock.acquire(blocking=not self._found):
            return self._found
        try:
            if time.monotonic() - self._at >= FRESH:
                self._found, self._at = examine(), time.monotonic()
        finally:
            self._lock.release()
        return self._found


def init_app(app: Flask) -> None:
    """Remember when this process started, and what was found last."""
    app.extensions["helpdesk.health"] = Examination()


def _last_examination() -> Examination:
    last: Examination = current_app.extensions["helpdesk.health"]
    return last


def examine() -> dict[str, str]:
    """Every part with "ok" or what is wrong with it, within a second."""
    app = cast(Flask, current_app._get_current_object())  # type: ignore[attr-defined]  # the proxy's own way to what it stands for
    pool = ThreadPoolExecutor(len(CHECKS), thread_name_prefix="health")
    asked = {name: pool.submit(_in_context, app, check) for name, check in CHECKS.items()}
    try:
        return {name: _finding(answer) for name, answer in asked.items()}
    finally:
        pool.shutdown(wait=False, cancel_futures=True)  # whoever is stuck does not keep us


def _in_context(app: Flask, check: Callable[[], object]) -> None:
    with app.app_context():
        check()


def _finding(answer: Future[None]) -> str:
    try:
        answer.result(PATIENCE)
    except Starting:
        return STARTING
    except Ill as error:
        return f"not ready: {error}"
    except TooSlow:
        return "not ready: no answer in time"
    except Exception as error:  # noqa: BLE001 - whatever it is, the part is not ready
        return f"not ready: {type(error).__name__}"
    return "ok"


def show_up(part: str, redis: "Redis | None" = None) -> None:
    """A process of ours says that it is there. Raises RedisError when Redis is not."""
    (redis or connection()).set(_key(part), now().isoformat(), ex=MISSED_AFTER)


def last_seen(part: str) -> datetime | None:
    """When that process last said that it is there; None when it is missed.

    Raises RedisError when Redis cannot be reached.
    """
    said = cast("bytes | None", connection().get(_key(part)))
    return datetime.fromisoformat(said.decode()) if said else None


def _key(part: str) -> str:
    return f"helpdesk:seen:{part}"


def _database() -> None:
    session.execute(text("SELECT 1"))


def _migrations() -> None:
    if schema.present() != schema.newest():
        raise Ill("the database is of another version; run flask db upgrade")


def _redis() -> None:
    connection().ping()


def _seen(part: str) -> None:
    if last_seen(part) is None:
        if time.monotonic() - _last_examination().started < GRACE:
            raise Starting
        raise Ill(f"not seen for {MISSED_AFTER} seconds")


def _mail() -> None:
    """The mail server takes our call; whether it takes our mail, the stored mails tell."""
    url = settings().smtp_url
    if url is None:
        return
    parts = urlsplit(url)
    port = parts.port or {"smtps": 465}.get(parts.scheme, 587 if parts.query else 25)
    with socket.create_connection((parts.hostname or "", port), timeout=PATIENCE) as line:
        if parts.scheme == "smtp" and not line.recv(4).startswith(b"220"):
            raise Ill("the mail server does not want to talk")


CHECKS: dict[str, Callable[[], object]] = {
    "database": _database,
    "migrations": _migrations,
    "redis": _redis,
    "worker": partial(_seen, "worker"),
    "clock": partial(_seen, "clock"),
    "mail": _mail,
}
