"""What I was told, and how I want to be told."""

from flask import Blueprint, Response, flash, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from helpdesk.accounts.sessions import me, staff_only
from helpdesk.core.db import session
from helpdesk.core.errors import Invalid
from helpdesk.notifications import actions, queries
from helpdesk.notifications.jobs import address_of
from helpdesk.notifications.models import KINDS, Kind, QuietHours, Way
from helpdesk.ui import show

bp = Blueprint("notifications", __name__, template_folder="templates")
WAYS = {
    Way.PAGE: "In the page",
    Way.AT_ONCE: "In the page, and by mail soon",
    Way.DAILY: "In the page, and in one mail a day",
    Way.NEVER: "Not at all",
}


@bp.get("/notifications")
@staff_only
def told() -> Response:
    page = queries.page_for(me(), request.args.get("at"))
    return show(
        "notifications/told.html",
        page=page,
        older_url=page.older and url_for("notifications.told", at=page.older),
        newer_url=page.newer and url_for("notifications.told", at=page.newer),
    )


@bp.post("/notifications/<int:number>/reading")
@staff_only
def read(number: int) -> AnyResponse:
    one = queries.notification_for(me(), number)
    actions.read(me(), [one.id])
    return redirect(address_of(one), 303)


@bp.post("/notifications/reading")
@staff_only
def read_all() -> AnyResponse:
    """All, or what is about one ticket, which the page of that ticket says when it is looked at."""
    number = request.form.get("ticket", "")
    if number:
        known = number.isascii() and number.isdigit() and len(number) < 19
        actions.read(me(), ticket_id=int(number) if known else 0)
        return Response(status=204)
    actions.read(me())
    return redirect(url_for("notifications.told"), 303)


@bp.get("/notifications/preferences")
@staff_only
def wishes() -> Response:
    return _form()


@bp.post("/notifications/preferences")
@staff_only
def keep_wishes() -> AnyResponse:
    try:
        ways = {kind: Way(request.form.get(kind.value, "")) for kind in Kind}
    except ValueError as error:
        raise Invalid("Choose one of the ways for each line.") from error
    hours = QuietHours(
        quiet_from=_minutes("quiet_from"),
        quiet_until=_minutes("quiet_until"),
        weekends="weekends" in request.form,
        daily_at=_minutes("daily_at") or 0,
    )
    actions.choose(me(), ways, hours)
    flash("Kept. What is told from now on follows it.")
    return redirect(url_for("notifications.wishes"), 303)


def _minutes(name: str) -> int | None:
    """A time of the day such as 18:30, in minutes; None for an empty field. Raises Invalid."""
    text = request.form.get(name, "").strip()[:5]
    if not text:
        return None
    hour, _, minute = text.partition(":")
    if not (text.isascii() and hour.isdigit() and minute.isdigit()):
        raise Invalid("Write times as 18:30.")
    if int(hour) > 23 or int(minute) > 59:
        raise Invalid("There is no such time of day.")
    return int(hour) * 60 + int(minute)


def _form() -> Response:
    ways = actions.ways_of(me())
    hours = session.get(QuietHours, me().id)
    return show(
        "notifications/wishes.html",
        kinds=[(kind, words, ways[kind]) for kind, words in KINDS.items()],
        ways=WAYS,
        quiet_from=_clock(hours.quiet_from if hours else None),
        quiet_until=_clock(hours.quiet_until if hours else None),
        weekends=bool(hours and hours.weekends),
        daily_at=_clock(hours.daily_at if hours else 8 * 60),
        zone=actions.quiet_of(me()).zone.key,
    )


def _clock(minutes: int | None) -> str:
    return "" if minutes is None else f"{minutes // 60:02}:{minutes % 60:02}"
