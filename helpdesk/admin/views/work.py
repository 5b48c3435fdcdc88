"""Work that waits, and work that waits for a person."""

from datetime import datetime

from flask import Response, flash, redirect, request, url_for
from redis.exceptions import RedisError
from werkzeug.wrappers import Response as AnyResponse

from helpdesk.accounts.sessions import admins_only, me
from helpdesk.admin import actions, queries
from helpdesk.admin.views.blueprint import bp, places
from helpdesk.core import health
from helpdesk.core.errors import NotFound
from helpdesk.core.journal import JournalEntry
from helpdesk.core.paging import keyset
from helpdesk.mail import actions as mail_actions
from helpdesk.mail.models import TO_DECIDE, UNSETTLED, Delivery, OutboundEmail
from helpdesk.mail.queries import how_many, mail_by_id, mails_that_are
from helpdesk.tickets.recounts import unfinished
from helpdesk.ui import show

SHOWN = (Delivery.IN_DOUBT, Delivery.PARKED, Delivery.BOUNCED, *UNSETTLED)
PARTS = ("worker", "clock")


@bp.get("/work")
@admins_only
def work() -> Response:
    counts = how_many(*SHOWN)
    state = _state(counts)
    mails = keyset(
        mails_that_are(state),
        (OutboundEmail.created_at, OutboundEmail.id),
        request.args.get("at"),
    )
    entries = keyset(
        queries.parked_entries(),
        (JournalEntry.at, JournalEntry.id),
        request.args.get("entries"),
    )
    return show(
        "admin/work.html",
        places=places("admin.work"),
        counts=counts,
        state=state,
        mails=mails,
        decide=state in TO_DECIDE,
        newer_url=_beside(state, mails.newer),
        older_url=_beside(state, mails.older),
        entries=entries,
        more_entries=entries.older,
        backlog=queries.overdue(),
        recount=unfinished(),
        seen={part: _last_seen(part) for part in PARTS},
    )


def _state(counts: dict[Delivery, int]) -> Delivery:
    """The state that was asked for, else the first that has something to decide."""
    if asked := request.args.get("state"):
        if asked not in {state.value for state in SHOWN}:
            raise NotFound("Mails are in no such state.")
        return Delivery(asked)
    return next((state for state in SHOWN if counts[state]), Delivery.IN_DOUBT)


def _beside(state: Delivery, cursor: str | None) -> str | None:
    return url_for("admin.work", state=state.value, at=cursor) if cursor else None


def _last_seen(part: str) -> datetime | None:
    try:
        return health.last_seen(part)
    except RedisError:
        return None


@bp.post("/work/mails/<int:email_id>/sending")
@admins_only
def send_again(email_id: int) -> AnyResponse:
    email = mail_by_id(email_id, for_update=True)
    state = email.state
    mail_actions.send_again(email, by=me())
    flash(f"The mail to {email.to_address} goes out again.")
    return redirect(url_for("admin.work", state=state.value), 303)


@bp.post("/work/mails/<int:email_id>/leaving")
@admins_only
def leave(email_id: int) -> AnyResponse:
    email = mail_by_id(email_id, for_update=True)
    state = email.state
    mail_actions.leave(email, by=me())
    flash(f"The mail to {email.to_address} is left as it is.")
    return redirect(url_for("admin.work", state=state.value), 303)


@bp.post("/work/entries/<int:entry_id>/telling")
@admins_only
def retell(entry_id: int) -> AnyResponse:
    actions.retell(queries.parked_entry(entry_id), by=me())
    flash("It is being tried again. If it fails once more it comes back here.")
    return redirect(url_for("admin.work"), 303)
