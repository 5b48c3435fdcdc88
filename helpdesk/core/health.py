"""Is it alive, and is every part of it ready?"""

from collections.abc import Callable

from flask import Blueprint, Response, jsonify
from sqlalchemy import text

from helpdesk.core.db import session
from helpdesk.core.jobs import connection

bp = Blueprint("health", __name__)


@bp.get("/healthz")
def alive() -> Response:
    """The process answers. Touches nothing else."""
    return Response("alive\n", mimetype="text/plain")


@bp.get("/readyz")
def ready() -> tuple[Response, int]:
    """Each part with "ok" or what is wrong with it; 503 while one is not ready."""
    parts = {name: _state(check) for name, check in CHECKS.items()}
    return jsonify(parts), 200 if set(parts.values()) == {"ok"} else 503


def _state(check: Callable[[], object]) -> str:
    try:
        check()
    except Exception as error:  # noqa: BLE001 - whatever it is, the part is not ready
        return f"not ready: {type(error).__name__}"
    return "ok"


CHECKS: dict[str, Callable[[], object]] = {
    "database": lambda: session.execute(text("SELECT 1 FROM account LIMIT 1")),
    "redis": lambda: connection().ping(),
}
