"""Asked, or not asked, because …: every decision, for managers."""

from contextlib import suppress
from datetime import timedelta

from flask import Response, request

from helpdesk.accounts.sessions import managers_only, me
from helpdesk.core.clock import now
from helpdesk.core.ids import is_id
from helpdesk.customers.queries import customer_behind
from helpdesk.surveys import designs, queries
from helpdesk.surveys.decisions import Decision, sentence
from helpdesk.surveys.models import UNSURE
from helpdesk.surveys.questions import TITLES
from helpdesk.surveys.reasons import Reason
from helpdesk.surveys.views import bp
from helpdesk.ui import show

STANDINGS = {
    "waiting": "To be asked",
    "sent": "Asked",
    "answered": "Answered",
    "expired": "No answer",
    "in_doubt": "In doubt",
    "bounced": "Came back",
    "parked": "Could not be sent",
    "withdrawn": "Taken back",
    "suppressed": "Not asked",
}
TONES = {"answered": "good", "in_doubt": "warn", "bounced": "bad", "parked": "bad"}
PERIOD = timedelta(days=90)


@bp.get("/desk/surveys")
@managers_only
def invitations() -> Response:
    """Who was asked and who was not, newest first."""
    wanted = _filter()
    return show(
        "surveys/invitations.html",
        page=queries.decisions(me(), wanted, request.args.get("page")),
        wanted=wanted,
        standings=STANDINGS,
        tones=TONES,
        reasons=queries.not_asked_reasons(now() - PERIOD, now()),
        period=PERIOD,
        sentence=lambda each: sentence(Decision.of(each)),
        titles=_titles() if wanted.is_about_one else (),
        to_decide=UNSURE,
    )


def _titles() -> list[str]:
    """What can be asked by hand."""
    others = {survey.title for survey in designs.newest_of_all() if survey.active}
    return sorted({*TITLES.values(), *others})


def _filter() -> queries.Filter:
    """What the address asks for; anything that makes no sense narrows nothing."""
    standing, reason = request.args.get("state"), None
    with suppress(ValueError):
        reason = Reason(request.args.get("reason", ""))
    who = request.args.get("who", "").strip()
    found = customer_behind(who.lower()) if "@" in who else None
    number = who.removeprefix("#")
    ticket = int(number) if number.isascii() and number.isdigit() and len(number) < 19 else None
    return queries.Filter(
        standing=standing if standing in STANDINGS else None,
        reason=reason,
        customer_id=_number("customer") or (found.id if found else -1 if "@" in who else None),
        ticket_id=_number("ticket") or ticket,
    )


def _number(name: str) -> int | None:
    number = request.args.get(name, type=int)
    return number if number is not None and is_id(number) else None
