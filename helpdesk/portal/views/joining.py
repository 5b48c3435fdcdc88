"""The links that are mailed to people who want in: a page with a button or a short form each.

Opening one changes nothing; mail gateways open links too.
"""

from collections.abc import Callable
from dataclasses import dataclass

from flask import Response, flash, redirect
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response as AnyResponse

from helpdesk.accounts import links
from helpdesk.accounts.forms import refuse
from helpdesk.accounts.links import Purpose
from helpdesk.accounts.models import Account, MailedLink
from helpdesk.core.errors import Invalid, NotFound
from helpdesk.portal import actions, throttle
from helpdesk.portal.forms import JoinForm, NewPasswordForm
from helpdesk.portal.privacy import private
from helpdesk.portal.views.blueprint import bp
from helpdesk.ui import show

Enter = Callable[[MailedLink, FlaskForm], Account]


@dataclass(frozen=True)
class Door:
    """What a purpose asks for before it lets one in."""

    title: str
    words: str
    button: str
    form: type[FlaskForm]
    enter: Enter


DOORS = {
    Purpose.SIGN_IN: Door(
        "Sign in",
        "Press the button to sign in with this address.",
        "Sign in",
        FlaskForm,
        lambda link, _form: actions.use_sign_in_link(link),
    ),
    Purpose.JOIN: Door(
        "Make an account",
        "One step more: your name, and a password to sign in with.",
        "Make my account",
        JoinForm,
        lambda link, form: actions.join(link, form.data["name"], form.data["password"]),
    ),
    Purpose.PASSWORD: Door(
        "Choose a new password",
        "It replaces the old one, and signs you out everywhere else.",
        "Save and sign in",
        NewPasswordForm,
        lambda link, form: actions.renew_password(link, form.data["password"]),
    ),
    Purpose.INVITATION: Door(
        "You are invited",
        "Tell us your name as customers will see it, and choose a password.",
        "Join",
        JoinForm,
        lambda link, form: actions.accept_invitation(
            link, form.data["name"], form.data["password"]
        ),
    ),
}


@bp.get("/links/<token>")
@private
def mailed_link(token: str) -> AnyResponse:
    throttle.may_try_links()
    link = links.good_link(token)
    if link is None:
        return _gone()
    door = DOORS[Purpose(link.purpose)]
    return _page(link, door, door.form())


@bp.post("/links/<token>")
@private
def use_mailed_link(token: str) -> AnyResponse:
    throttle.may_try_links()
    link = links.good_link(token, to_use=True)
    if link is None:
        return _gone()
    door = DOORS[Purpose(link.purpose)]
    form = door.form()
    if not form.validate():
        return _page(link, door, form, 422)
    try:
        account = door.enter(link, form)
    except Invalid as error:
        refuse(form["password"], error.message)
        return _page(link, door, form, 422)
    except NotFound:
        return _gone()
    flash(f"Hello {account.name}. You are signed in.")
    return redirect("/", 303)


def _page(link: MailedLink, door: Door, form: FlaskForm, status: int = 200) -> Response:
    return show("portal/mailed_link.html", status=status, link=link, door=door, form=form)


def _gone() -> Response:
    """The same for a used, an old and an invented link."""
    return show("portal/link_gone.html", status=410)
