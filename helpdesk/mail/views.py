"""The outbox of a demo: what would have been mailed, to be read by whoever tries it out."""

from flask import Blueprint, Response, make_response, request, url_for

from helpdesk.core.errors import NotFound
from helpdesk.core.paging import keyset
from helpdesk.core.settings import settings
from helpdesk.core.text import one_line
from helpdesk.mail.models import OutboundEmail
from helpdesk.mail.queries import mail_by_id, mails_to
from helpdesk.mail.reading import page_of, with_line_breaks, with_own_links
from helpdesk.ui import show
from helpdesk.ui.headers import CONTENT_SECURITY_POLICY

bp = Blueprint("mail", __name__, template_folder="templates")
bp.add_app_template_filter(with_line_breaks, "lines")


@bp.before_request
def _only_in_a_demo() -> None:
    if not settings().demo:
        raise NotFound


@bp.get("/demo/outbox")
def outbox() -> Response:
    """Newest first; `to` shows one recipient's alone."""
    to = one_line(request.args.get("to", ""))[:320]
    page = keyset(
        mails_to(to),
        (OutboundEmail.created_at, OutboundEmail.id),
        request.args.get("at"),
    )
    return show(
        "mail/outbox.html",
        page=page,
        to=to,
        newer_url=_beside(page.newer, to),
        older_url=_beside(page.older, to),
    )


@bp.get("/demo/outbox/<int:email_id>")
def letter(email_id: int) -> Response:
    """One mail, as text and as its reader would see it."""
    email = mail_by_id(email_id)
    response = show("mail/letter.html", email=email, text=with_own_links(email.text))
    policy = CONTENT_SECURITY_POLICY.replace("frame-src 'none'", "frame-src 'self'")
    response.headers["Content-Security-Policy"] = policy
    return response


@bp.get("/demo/outbox/<int:email_id>/page")
def letter_page(email_id: int) -> Response:
    """The HTML part alone, for the frame in `letter`."""
    html, policy = page_of(mail_by_id(email_id))
    response = make_response(html)
    response.headers["Content-Security-Policy"] = policy
    response.headers["X-Frame-Options"] = "SAMEORIGIN"
    return response


def _beside(cursor: str | None, to: str) -> str | None:
    return url_for("mail.outbox", at=cursor, to=to or None) if cursor else None
