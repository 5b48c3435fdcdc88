"""Who is signed in, and who may open what."""

import secrets
from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import ParamSpec, TypeVar, cast

from flask import Flask, redirect, request, session, url_for
from flask_login import LoginManager, current_user, login_user, logout_user
from sqlalchemy import bindparam, select
from werkzeug.wrappers import Response

from helpdesk.accounts.models import Account, Role
from helpdesk.core import db
from helpdesk.core.clock import now
from helpdesk.core.errors import Forbidden
from helpdesk.core.unchanged import while_unchanged

P = ParamSpec("P")
R = TypeVar("R")

login_manager = LoginManager()

# Asked by every request: `session.get` puts its statement together anew each time.
_ACCOUNT = select(Account).where(Account.id == bindparam("account_id"))


def init_app(app: Flask) -> None:
    """Load the account behind the session cookie, once a request and only when asked for."""
    login_manager.session_protection = None  # "strong" signs out phones that change networks
    login_manager.user_loader(_load)
    login_manager.unauthorized_handler(_ask_to_sign_in)
    login_manager.init_app(app)


def _load(session_id: str) -> Account | None:
    number, _, key = session_id.partition(".")
    known = number.isascii() and number.isdigit()
    account = _account(int(number)) if known else None
    if account is None or not account.is_active:
        return None
    return account if secrets.compare_digest(account.session_key, key) else None


def _account(account_id: int) -> Account | None:
    """The account with that id. The staff's pages ask the database whether anything was written in
    any case; while nothing was, they have the account from there as well. What the cookie says of
    the staff decides about no more than that."""
    if db.reading() is None or not session.get("staff"):
        return _asked_for(account_id)
    kept = _kept(account_id)
    return db.session.merge(kept, load=False) if kept else None


def _asked_for(account_id: int) -> Account | None:
    return db.session.scalar(_ACCOUNT, {"account_id": account_id})


@while_unchanged
def _kept(account_id: int) -> Account | None:
    """A copy that belongs to no session, so that each request can have its own from it."""
    account = _asked_for(account_id)
    if account is not None:
        db.session.expunge(account)
    return account


def _ask_to_sign_in() -> Response:
    wanted = request.full_path.rstrip("?") if request.method == "GET" else None
    return redirect(url_for("accounts.sign_in", next=wanted), 303)


def me() -> Account:
    """The signed-in account. Only behind `signed_in` or `only`."""
    return cast(Account, current_user._get_current_object())


def visitor() -> Account | None:
    """The signed-in account, or None."""
    account = me()
    return account if account.is_authenticated else None


def begin(account: Account) -> None:
    """Sign in: a new session, so that one planted before is worth nothing."""
    session.clear()
    login_user(account)
    session.permanent = True
    session["since"] = now().timestamp()
    session["staff"] = account.is_staff  # for the links at the top of a page, nothing else


def is_fresh(within: timedelta) -> bool:
    """Whether whoever is here signed in no longer ago than that."""
    since = session.get("since")
    return isinstance(since, float) and now().timestamp() - since <= within.total_seconds()


def leave() -> None:
    """Let this browser forget who it is; others stay signed in."""
    logout_user()
    session.clear()


def end() -> None:
    """Sign out. Every session of the account ends, so that a copy of the cookie is worth nothing;
    a session is the cookie alone, and no row tells one from another."""
    if (account := visitor()) is not None:
        end_everywhere(account)
    logout_user()
    session.clear()


def end_everywhere(account: Account) -> None:
    """Make every session of the account worthless, after its password changed for example."""
    account.session_key = secrets.token_urlsafe(16)


def only(*roles: Role) -> Callable[[Callable[P, R]], Callable[P, R | Response]]:
    """Let only these roles into a view; others are asked to sign in, or refused.

    Raises Forbidden for someone signed in with another role.
    """

    def decorate(view: Callable[P, R]) -> Callable[P, R | Response]:
        @wraps(view)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> R | Response:
            account = visitor()
            if account is None:
                return _ask_to_sign_in()
            if account.role not in roles:
                raise Forbidden("This page is not for your role.")
            return view(*args, **kwargs)

        guarded.roles = frozenset(roles)  # type: ignore[attr-defined]  # read by the test that walks all routes
        return guarded

    return decorate


staff_only = only(Role.AGENT, Role.MANAGER, Role.ADMIN)
managers_only = only(Role.MANAGER, Role.ADMIN)
admins_only = only(Role.ADMIN)
signed_in = only(*Role)
