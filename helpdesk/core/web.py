"""The Flask application: one transaction around each request, one host it answers for."""

from collections.abc import MutableMapping
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, Response, abort, has_request_context, request
from flask.templating import Environment
from jinja2 import Template
from sqlalchemy.exc import DBAPIError

from config import Config, is_loopback
from helpdesk.core.db import transaction
from helpdesk.core.settings import settings

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
STATELESS = frozenset({"ui.static", "health.alive"})
"""Endpoints that never touch the database."""
ADDRESSES = 8192
"""How many addresses are remembered."""
A_NUMBER = 7_000_000_000_000_007
"""Of nothing that there is: it only marks where a number goes."""
PROBES = frozenset({"health.alive", "health.ready"})
"""Asked by machines that know our address and not our name."""
_FORWARDED = ("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-Ip")


class Templates(Environment):
    """Templates whose globals are a plain dict. Jinja walks through all of them for every include,
    and through its own chain of mappings that takes twenty times as long."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._found: dict[str | Template, Template] = {}

    def get_template(
        self,
        name: str | Template,
        parent: str | None = None,
        globals: MutableMapping[str, Any] | None = None,  # noqa: A002 - Jinja calls it so
    ) -> Template:
        """The template of that name. A page asks for twenty; Jinja's own cache has a lock, because
        it forgets."""
        if self.auto_reload or globals is not None:
            return super().get_template(name, parent, globals)
        found = self._found.get(name)
        if found is None:
            found = self._found[name] = super().get_template(name, parent)
        return found

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """What a template can name. Nothing is added to it once the application is made."""
        return {**self.globals, **(d or {})}


class Helpdesk(Flask):
    """A request is kept when its answer is below 400 and dropped otherwise; GET only reads."""

    jinja_environment = Templates

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._address = lru_cache(ADDRESSES, typed=True)(super().url_for)
        self._around = lru_cache(ADDRESSES)(self._around_number)

    def url_for(self, endpoint: str, **values: Any) -> str:
        """The address of an endpoint. It never changes on the pages of one host, and every page
        is full of them."""
        special = endpoint.startswith(".") or any(name.startswith("_") for name in values)
        if special or not has_request_context():
            return super().url_for(endpoint, **values)
        if len(values) == 1:
            ((name, value),) = values.items()
            if type(value) is int and value >= 0:
                before, after = self._around(endpoint, name)
                return f"{before}{value}{after}"
        try:
            return self._address(endpoint, **values)
        except TypeError:  # a list among the values
            return super().url_for(endpoint, **values)

    def _around_number(self, endpoint: str, name: str) -> tuple[str, str]:
        """What stands before and after a number in an address: tickets have the same but for it,
        and there are more of them than can be remembered."""
        values: dict[str, Any] = {name: A_NUMBER}
        before, _, after = super().url_for(endpoint, **values).partition(str(A_NUMBER))
        return before, after

    def full_dispatch_request(self) -> Response:
        if request.endpoint in STATELESS:
            return super().full_dispatch_request()
        try:
            with transaction(write=request.method not in SAFE_METHODS) as current:
                response = super().full_dispatch_request()
                if response.status_code >= 400:
                    current.drop()
        except DBAPIError as error:  # at the very end, when the view had answered already
            return self.make_response(self.handle_user_exception(error))
        return response


def flask_settings(config: Config) -> dict[str, object]:
    """What Flask and its extensions want to know."""
    cookie = {"SECURE": config.secure, "HTTPONLY": True, "SAMESITE": "Lax"}
    return {
        "SECRET_KEY": config.secret_key,
        "SQLALCHEMY_DATABASE_URI": config.database_url,
        "SESSION_COOKIE_NAME": "__Host-helpdesk" if config.secure else "helpdesk",
        "SESSION_COOKIE_PATH": "/",
        "PERMANENT_SESSION_LIFETIME": 14 * 24 * 3600,
        "SESSION_REFRESH_EACH_REQUEST": False,
        "MAX_CONTENT_LENGTH": (config.max_upload_mb * config.max_uploads + 2) * 1024 * 1024,
        "MAX_FORM_MEMORY_SIZE": 2 * 1024 * 1024,
        "MAX_FORM_PARTS": 200,
        "WTF_CSRF_SSL_STRICT": False,  # it wants a Referer; `guard_origin` looks at the Origin
        "WTF_CSRF_TIME_LIMIT": None,  # as long as the session: a form may stay open over night
        "TEMPLATES_AUTO_RELOAD": False,
        **{f"SESSION_COOKIE_{name}": value for name, value in cookie.items()},
    }


def guard_host() -> None:
    """Refuse every host but our own, and in a demo everything that came through a proxy."""
    if request.endpoint in PROBES:
        return
    config = settings()
    host = request.host.lower()
    if host != config.public_host and not (config.demo and _is_this_machine(host)):
        abort(400, "This address is not ours.")
    if config.demo and any(name in request.headers for name in _FORWARDED):
        abort(400, "A demo answers nobody behind a proxy.")


def _is_this_machine(host: str) -> bool:
    return is_loopback(urlsplit(f"//{host}").hostname or "")


def guard_origin() -> None:
    """Refuse what another site's page sends here, whatever token it has.

    From our pages with `Referrer-Policy: no-referrer` browsers send `Origin: null`, as they do
    from a stranger's sandbox; those two differ in Sec-Fetch-Site, which no page can set.
    """
    if request.method in SAFE_METHODS or request.endpoint in EXEMPT_FROM_CSRF:
        return
    origin = request.headers.get("Origin")
    site = request.headers.get("Sec-Fetch-Site")
    same = origin is None or urlsplit(origin).netloc.lower() == request.host.lower()
    hidden = origin == "null" and site == "same-origin"
    if not (same or hidden) or site not in (None, "same-origin", "none"):
        abort(403)


EXEMPT_FROM_CSRF = frozenset(
    {
        "surveys.respond",
        "surveys.choose_preferences",
        "surveys.unsubscribe_one_click",
        "intake.hand_in",
    }
)
"""Endpoints that no cookie authorises: forms behind signed links, and programs with a token. They
ignore cookies."""
