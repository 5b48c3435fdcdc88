"""One's own account: name, time zone, password."""

from flask import Response, flash, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from helpdesk.accounts import actions, throttle
from helpdesk.accounts.forms import PasswordForm, ProfileForm, refuse
from helpdesk.accounts.links import Purpose
from helpdesk.accounts.mailwords import spoken
from helpdesk.accounts.passwords import is_right
from helpdesk.accounts.sessions import begin, me, signed_in
from helpdesk.accounts.views.blueprint import bp
from helpdesk.core.errors import Invalid
from helpdesk.ui import show

WRONG = "That is not your current password."


@bp.get("/account")
@signed_in
def profile() -> Response:
    return _page(ProfileForm(obj=me()), PasswordForm())


@bp.post("/account")
@signed_in
def change_profile() -> AnyResponse:
    form = ProfileForm()
    if not form.validate():
        return _page(form, PasswordForm(formdata=None), 422)
    actions.change_profile(me(), form.name.data, form.time_zone.data or None)
    flash("Saved.")
    return redirect(url_for("accounts.profile"), 303)


@bp.post("/account/password")
@signed_in
def change_password() -> AnyResponse:
    account, form = me(), PasswordForm()
    if not throttle.may_sign_in(account.email):
        refuse(form.current, "That was tried too often. Wait a quarter of an hour.")
        return _page(ProfileForm(formdata=None, obj=account), form, 429)
    if form.validate() and _changed(form):
        begin(account)  # the others ended; this one goes on under a new key
        throttle.signed_in(account.email)
        flash("Your password is changed, and you are signed out everywhere else.")
        return redirect(url_for("accounts.profile"), 303)
    return _page(ProfileForm(formdata=None, obj=account), form, 422)


def _changed(form: PasswordForm) -> bool:
    if not is_right(me().password_hash, form.current.data):
        refuse(form.current, WRONG)
        return False
    try:
        actions.choose_password(me(), form.password.data, "by hand")
    except Invalid as error:
        refuse(form.password, error.message)
        return False
    return True


@bp.post("/account/password/link")
@signed_in
def mail_password_link() -> AnyResponse:
    actions.mail_link(Purpose.PASSWORD, me().email, spoken(request.accept_languages))
    flash(f"A link to choose a password is on its way to {me().email}.")
    return redirect(url_for("accounts.profile"), 303)


def _page(profile: ProfileForm, password: PasswordForm, status: int = 200) -> Response:
    account = me()
    layout = "layouts/desk.html" if account.is_staff else "layouts/portal.html"
    return show(
        "accounts/profile.html",
        status=status,
        layout=layout,
        account=account,
        profile=profile,
        password=password,
    )
