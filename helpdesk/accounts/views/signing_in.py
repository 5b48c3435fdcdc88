"""In and out, and the links that are mailed to those who want them."""

import re

from flask import Response, flash, redirect, request, session, url_for
from werkzeug.wrappers import Response as AnyResponse

from helpdesk.accounts import actions, throttle
from helpdesk.accounts.demo import demo_people
from helpdesk.accounts.events import SignedOut
from helpdesk.accounts.forms import EmailForm, SignInForm
from helpdesk.accounts.links import Purpose
from helpdesk.accounts.mailwords import spoken
from helpdesk.accounts.sessions import end, visitor
from helpdesk.accounts.views.blueprint import bp
from helpdesk.core.journal import record
from helpdesk.core.settings import settings
from helpdesk.ui import show

_OWN_PATH = re.compile(r"/(?![/\\])[^\\\x00-\x20\x7f]*\Z")
WRONG = "This address and password do not belong together. Nothing was changed."
TOO_MANY = (
    "That was tried too often. Wait a quarter of an hour, or have a link mailed to you instead."
)


def own_path(wanted: str | None) -> str | None:
    """`wanted` when it is a path of ours, else None. Whatever a browser might read as another
    host is no path of ours: `//evil`, `/\\evil`, `https:evil`, anything with tabs or spaces."""
    return wanted if wanted and len(wanted) < 2000 and _OWN_PATH.match(wanted) else None


@bp.get("/sign-in")
def sign_in() -> AnyResponse:
    if visitor() is not None:
        return redirect("/", 303)
    return _sign_in_page(SignInForm(email=request.args.get("email", "")[:254]))


def _sign_in_page(form: SignInForm, status: int = 200, wrong: str = "") -> Response:
    return show(
        "accounts/sign_in.html",
        status=status,
        form=form,
        wrong=wrong,
        next=own_path(request.values.get("next")),
        people=demo_people() if settings().demo else [],
    )


@bp.post("/sign-in")
def begin_session() -> AnyResponse:
    form = SignInForm()
    if not form.validate():
        return _sign_in_page(form, 422)
    if not throttle.may_sign_in(form.email.data):
        return _refused(form, 429, TOO_MANY)
    account = actions.authenticate(form.email.data, form.password.data)
    if account is None:
        return _refused(form, 422, WRONG)
    throttle.signed_in(form.email.data)
    actions.sign_in(account, "password")
    return redirect(own_path(request.form.get("next")) or "/", 303)


def _refused(form: SignInForm, status: int, why: str) -> Response:
    """The page says what it says to everybody; the log and the journal are told, alike for
    addresses that have an account and those that have none."""
    actions.refuse_sign_in(form.email.data, throttle.network(), too_often=status == 429)
    return _sign_in_page(form, status, why)


@bp.post("/sign-out")
def sign_out() -> AnyResponse:
    if (account := visitor()) is not None:
        record(SignedOut(account.id), by=account)
    end()
    flash("You are signed out, here and on your other devices.")
    return redirect("/", 303)


@bp.post("/sign-in/link")
def mail_sign_in_link() -> AnyResponse:
    form = EmailForm()
    if form.validate():
        return _mailed(Purpose.SIGN_IN, form.email.data)
    page = SignInForm()
    page.email.errors = form.email.errors
    return _sign_in_page(page, 422)


@bp.route("/forgotten-password", methods=["GET", "POST"])
def forgotten_password() -> AnyResponse:
    return _ask_for_link(Purpose.PASSWORD, "accounts/forgotten_password.html")


@bp.route("/sign-up", methods=["GET", "POST"])
def sign_up() -> AnyResponse:
    return _ask_for_link(Purpose.JOIN, "accounts/sign_up.html")


def _ask_for_link(purpose: Purpose, page: str) -> AnyResponse:
    form = EmailForm() if request.method == "POST" else EmailForm(email=_typed_before())
    if request.method == "POST" and form.validate():
        return _mailed(purpose, form.email.data)
    return show(page, status=422 if form.errors else 200, form=form)


def _typed_before() -> str:
    return request.args.get("email", "")[:254]


def _mailed(purpose: Purpose, email: str) -> AnyResponse:
    """The same answer for every address, known or not, mailed or not."""
    actions.mail_link(purpose, email, spoken(request.accept_languages))
    session["mailed_to"] = email
    return redirect(url_for("accounts.mailed"), 303)


@bp.get("/sign-in/mailed")
def mailed() -> AnyResponse:
    email = session.get("mailed_to")
    if email is None:
        return redirect(url_for("accounts.sign_in"), 303)
    outbox = url_for("mail.outbox", to=email) if settings().demo else None
    return show("accounts/mailed.html", email=email, outbox=outbox)
