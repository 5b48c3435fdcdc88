"""The mail log: every mail that came in, and what became of it."""

from flask import Response, flash, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from helpdesk.accounts.sessions import managers_only, me
from helpdesk.core.errors import NotFound
from helpdesk.core.paging import keyset
from helpdesk.core.text import one_line
from helpdesk.intake import actions, queries
from helpdesk.intake.models import InboundEmail, Outcome
from helpdesk.intake.views.blueprint import bp
from helpdesk.ui import show

TONES = {
    Outcome.TICKET: "good",
    Outcome.REPLY: "good",
    Outcome.BOUNCE: "warn",
    Outcome.QUARANTINE: "bad",
    Outcome.REJECTED: "bad",
}
FILTERS = ("waiting", *(outcome.value for outcome in Outcome))


@bp.get("/desk/mails")
@managers_only
def log() -> Response:
    outcome, words = request.args.get("outcome", ""), one_line(request.args.get("q", ""))[:320]
    if outcome and outcome not in FILTERS:
        raise NotFound("Mails come to no such end.")
    page = keyset(
        queries.mails(me(), outcome, words),
        (InboundEmail.received_at, InboundEmail.id),
        request.args.get("at"),
    )
    return show(
        "intake/log.html",
        page=page,
        outcome=outcome,
        words=words,
        filters=FILTERS,
        tones=TONES,
        newer_url=_beside(page.newer, outcome, words),
        older_url=_beside(page.older, outcome, words),
    )


def _beside(cursor: str | None, outcome: str, words: str) -> str | None:
    if cursor is None:
        return None
    return url_for("intake.log", outcome=outcome or None, q=words or None, at=cursor)


@bp.get("/desk/mails/<int:inbound_id>")
@managers_only
def mail(inbound_id: int) -> Response:
    email = queries.mail_for(me(), inbound_id)
    return show(
        "intake/mail.html",
        mail=email,
        tones=TONES,
        may_release=email.outcome in actions.LET_IN and email.entry_id is None,
    )


@bp.get("/desk/mails/<int:inbound_id>/raw")
@managers_only
def raw(inbound_id: int) -> Response:
    """The bytes as they came, as a file to keep: no browser shows them as a page."""
    email = queries.mail_for(me(), inbound_id)
    response = Response(queries.raw_of(email), mimetype="message/rfc822")
    response.headers["Content-Disposition"] = f"attachment; filename=mail-{email.id}.eml"
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


@bp.post("/desk/mails/<int:inbound_id>/processing")
@managers_only
def process_again(inbound_id: int) -> AnyResponse:
    actions.process_again(queries.mail_for(me(), inbound_id, to_change=True), by=me())
    flash("It is read again.")
    return _back(inbound_id)


@bp.post("/desk/mails/<int:inbound_id>/release")
@managers_only
def release(inbound_id: int) -> AnyResponse:
    actions.release(queries.mail_for(me(), inbound_id, to_change=True), by=me())
    flash("It is let in.")
    return _back(inbound_id)


def _back(inbound_id: int) -> AnyResponse:
    """To the list it was pressed on, or to the mail."""
    outcome = request.form.get("outcome", "")
    if outcome in FILTERS:
        return redirect(url_for("intake.log", outcome=outcome), 303)
    return redirect(url_for("intake.mail", inbound_id=inbound_id), 303)
