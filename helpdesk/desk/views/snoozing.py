"""Putting a ticket aside for a while."""

from datetime import UTC, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from helpdesk.accounts.sessions import me, staff_only
from helpdesk.core.clock import now
from helpdesk.core.errors import Conflict, Invalid
from helpdesk.core.settings import settings
from helpdesk.desk.views.blueprint import bp
from helpdesk.desk.views.parts import refused, ticket_to_change
from helpdesk.tickets import snoozing

SPANS = {"hours": 3, "tomorrow": 1, "week": 7}
MORNING = 9


@bp.post("/desk/tickets/<int:number>/snooze")
@staff_only
def snooze(number: int) -> Response:
    try:
        snoozing.snooze(ticket_to_change(number), _until(), by=me())
    except (Invalid, Conflict) as refusal:
        return refused(number, refusal)
    flash("It is put aside. It comes back by itself, and whenever the customer writes.")
    return redirect(url_for("desk.ticket", number=number), 303)


@bp.post("/desk/tickets/<int:number>/snooze/ending")
@staff_only
def wake(number: int) -> Response:
    snoozing.wake(ticket_to_change(number), "by hand", by=me())
    return redirect(url_for("desk.ticket", number=number), 303)


def _until() -> datetime | None:
    """Until when, as the form says: a span, a time on the reader's wall, or an answer."""
    chosen = request.form.get("until", "")
    if chosen == "reply":
        return None
    zone, at = _zone(), now()
    if chosen == "hours":
        return at + timedelta(hours=SPANS["hours"])
    if chosen in SPANS:
        day = at.astimezone(zone).date() + timedelta(days=SPANS[chosen])
        return datetime(day.year, day.month, day.day, MORNING, tzinfo=zone).astimezone(UTC)
    try:
        return (
            datetime.fromisoformat(request.form.get("at", "")).replace(tzinfo=zone).astimezone(UTC)
        )
    except (ValueError, OverflowError) as error:
        raise Invalid("Choose until when, or write a day and a time.") from error


def _zone() -> tzinfo:
    try:
        return ZoneInfo(me().time_zone or settings().time_zone)
    except (ZoneInfoNotFoundError, ValueError):
        return UTC
