"""Where agents work: queue, ticket, customer."""

from collections.abc import Mapping
from functools import lru_cache

from flask import Flask, current_app, g, has_request_context, url_for

from helpdesk.core.clock import now
from helpdesk.desk import live, undo
from helpdesk.desk.rail import Rail


def init_app(app: Flask) -> None:
    """Give every page of the desk its rail."""
    app.context_processor(_frame)


def _frame() -> dict[str, object]:
    """What the layout of the desk asks for; nothing for visitors, and nothing outside a request.

    Only an account that the view has loaded already counts: an error page must not ask the
    database who is looking.
    """
    account = g.get("_login_user") if has_request_context() else None
    if account is None or not account.is_authenticated or not account.is_staff:
        return {}
    return {
        "rail": Rail(account),
        "live_url": live.address(),
        "me": account.name,
        "undo": undo.undoable(now()),
        **_addresses(),
    }


@lru_cache  # they never change while the application runs
def _addresses() -> Mapping[str, str | None]:
    return {
        "home_url": url_for("desk.home"),
        "search_url": url_for("desk.search"),
        "palette_url": url_for("desk.palette"),
        "sign_out_url": _address("accounts.sign_out"),
        "account_url": _address("accounts.profile"),
    }


def _address(endpoint: str) -> str | None:
    return url_for(endpoint) if endpoint in current_app.view_functions else None
