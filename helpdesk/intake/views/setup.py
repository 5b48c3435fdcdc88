"""Setting mail up: mailboxes, a test mail, advice about the domain, tokens for programs."""

from flask import Response, flash, redirect, request, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response as AnyResponse

from helpdesk.accounts.actions import checked_email
from helpdesk.accounts.models import Team
from helpdesk.accounts.sessions import admins_only, me
from helpdesk.core.db import abandon, session
from helpdesk.core.errors import Conflict, Invalid
from helpdesk.core.settings import settings
from helpdesk.intake import advice, mailboxes, queries, tokens
from helpdesk.intake.forms import MailboxForm
from helpdesk.intake.models import Mailbox
from helpdesk.intake.views.blueprint import bp
from helpdesk.mail import outbound
from helpdesk.mail.identity import reply_address
from helpdesk.ui import show


@bp.get("/admin/mail")
@admins_only
def setup() -> Response:
    return _page()


def _page(status: int = 200, **more: object) -> Response:
    return show(
        "intake/setup.html",
        "intake/_mailboxes.html",
        status=status,
        mailboxes=queries.mailboxes(),
        tokens=queries.tokens(),
        advice=advice.found(),
        sender=settings().mail_from,
        domain=settings().mail_domain,
        reply_to=reply_address("ticket-1", me().email),
        **more,
    )


@bp.get("/admin/mail/mailboxes/new")
@admins_only
def new_mailbox() -> Response:
    return _form(MailboxForm(None, _teams()), None)


@bp.post("/admin/mail/mailboxes/new")
@admins_only
def add_mailbox() -> AnyResponse:
    form = MailboxForm(None, _teams())
    if not form.validate():
        return _form(form, None, 422)
    try:
        mailbox = mailboxes.add_mailbox(_values(form), by=me())
    except Conflict as error:
        return _refused(form, None, error)
    flash(f"{mailbox.address} is added, and being tested.")
    return redirect(url_for("intake.setup"), 303)


@bp.get("/admin/mail/mailboxes/<int:mailbox_id>")
@admins_only
def mailbox(mailbox_id: int) -> Response:
    found = queries.mailbox_by_id(mailbox_id)
    return _form(MailboxForm(found, _teams()), found)


@bp.post("/admin/mail/mailboxes/<int:mailbox_id>")
@admins_only
def change_mailbox(mailbox_id: int) -> AnyResponse:
    found = queries.mailbox_by_id(mailbox_id, to_change=True)
    form = MailboxForm(found, _teams())
    if not form.validate():
        return _form(form, found, 422)
    try:
        mailboxes.change_mailbox(found, _values(form), by=me())
    except Conflict as error:
        return _refused(form, queries.mailbox_by_id(mailbox_id), error)
    flash(f"{found.address} is saved, and being tested.")
    return redirect(url_for("intake.setup"), 303)


@bp.post("/admin/mail/mailboxes/<int:mailbox_id>/test")
@admins_only
def test_mailbox(mailbox_id: int) -> AnyResponse:
    mailboxes.ask_for_test(queries.mailbox_by_id(mailbox_id, to_change=True))
    return redirect(url_for("intake.setup"), 303)


@bp.post("/admin/mail/mailboxes/<int:mailbox_id>/removal")
@admins_only
def remove_mailbox(mailbox_id: int) -> AnyResponse:
    found = queries.mailbox_by_id(mailbox_id, to_change=True)
    mailboxes.remove_mailbox(found, by=me())
    flash(f"{found.address} is not read any more. The mails that came by it stay.")
    return redirect(url_for("intake.setup"), 303)


@bp.post("/admin/mail/trial")
@admins_only
def send_trial() -> AnyResponse:
    to = request.form.get("to", "")
    try:
        to = checked_email(to)
    except Invalid as error:
        return _page(422, wrong_trial=error.message, to=to)
    outbound.write(
        kind="trial",
        to=to,
        subject=f"A test from {settings().company_name}",
        template="intake/mail/trial",
        context={"asker": me().name},
        automatic=True,
    )
    flash(f"A test mail to {to} is on its way; what becomes of it stands under Waiting work.")
    return redirect(url_for("intake.setup"), 303)


@bp.post("/admin/mail/advice")
@admins_only
def look_up_advice() -> AnyResponse:
    advice.asked()
    flash(f"We ask the name servers about {settings().mail_domain}. Look again in a moment.")
    return redirect(url_for("intake.setup"), 303)


@bp.post("/admin/mail/tokens")
@admins_only
def make_token() -> AnyResponse:
    name = request.form.get("name", "")
    try:
        token, words = tokens.make_token(name, by=me())
    except Invalid as error:
        return _page(422, wrong_token=error.message)
    return _page(made=token, words=words)


@bp.post("/admin/mail/tokens/<int:token_id>/revocation")
@admins_only
def revoke_token(token_id: int) -> AnyResponse:
    tokens.revoke_token(token_id, by=me())
    flash("The token lets nobody in any more.")
    return redirect(url_for("intake.setup"), 303)


def _teams() -> list[Team]:
    return list(session.scalars(select(Team).order_by(Team.name)))


def _values(form: MailboxForm) -> dict[str, object]:
    return {name: value for name, value in form.data.items() if name != "csrf_token"}


def _form(form: MailboxForm, found: Mailbox | None, status: int = 200) -> Response:
    return show("intake/mailbox.html", status=status, form=form, mailbox=found)


def _refused(form: MailboxForm, found: Mailbox | None, error: Conflict) -> Response:
    abandon()
    form.address.errors = [*form.address.errors, error.message]
    return _form(form, found, error.status)
