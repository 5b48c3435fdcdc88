"""What can be changed on a ticket, each as a resource of its own."""

from enum import StrEnum
from typing import TypeVar

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from helpdesk.accounts.models import Account, Team
from helpdesk.accounts.sessions import me, staff_only
from helpdesk.core.db import session
from helpdesk.core.errors import Invalid, NotFound
from helpdesk.core.text import one_line
from helpdesk.desk.views.blueprint import bp
from helpdesk.tickets import actions
from helpdesk.tickets.links import revoke_links
from helpdesk.tickets.models import Priority, Status, Ticket
from helpdesk.tickets.queries import ticket_for

T = TypeVar("T", bound=StrEnum)


@bp.post("/desk/tickets/<int:number>/assignment")
@staff_only
def assign(number: int) -> Response:
    ticket = _ticket(number)
    agent = _agent(request.form.get("assignee", ""))
    actions.assign(ticket, agent, by=me())
    flash(f"{agent.name if agent else 'Nobody'} has #{number} now.")
    return _to(ticket)


@bp.post("/desk/tickets/<int:number>/team")
@staff_only
def move(number: int) -> Response:
    ticket = _ticket(number)
    team = _team(request.form.get("team", ""))
    actions.move_to_team(ticket, team, by=me())
    session.flush()
    words = f"#{number} is in {team.name} now." if team else f"#{number} is in no team now."
    try:
        ticket_for(me(), number)
    except NotFound:
        flash(f"{words} You cannot see it there.", "warn")
        return redirect(url_for("desk.home"), 303)
    flash(words)
    return _to(ticket)


@bp.post("/desk/tickets/<int:number>/priority")
@staff_only
def prioritise(number: int) -> Response:
    ticket = _ticket(number)
    actions.set_priority(ticket, _one_of(Priority, "priority"), by=me())
    return _to(ticket)


@bp.post("/desk/tickets/<int:number>/status")
@staff_only
def set_status(number: int) -> Response:
    ticket = _ticket(number)
    actions.set_status(ticket, _one_of(Status, "status"), by=me())
    return _to(ticket)


@bp.post("/desk/tickets/<int:number>/tags")
@staff_only
def set_tags(number: int) -> Response:
    ticket = _ticket(number)
    typed, had = _tags("tags"), _tags("had")
    now_there = {tag.name for tag in ticket.tags}
    # What a colleague added or took away meanwhile stays so.
    wanted = (now_there - (had - typed)) | (typed - had) if "had" in request.form else typed
    actions.set_tags(ticket, wanted, by=me())
    return _to(ticket)


@bp.post("/desk/tickets/<int:number>/resolution")
@staff_only
def resolve(number: int) -> Response:
    ticket = _ticket(number)
    actions.resolve(ticket, by=me())
    flash(f"#{number} is resolved.")
    return _to(ticket)


@bp.post("/desk/tickets/<int:number>/reopening")
@staff_only
def reopen(number: int) -> Response:
    ticket = _ticket(number)
    actions.reopen(ticket, by=me())
    flash(f"#{number} is open again.")
    return _to(ticket)


@bp.post("/desk/tickets/<int:number>/links/revocation")
@staff_only
def revoke(number: int) -> Response:
    ticket = _ticket(number)
    revoke_links(ticket, by=me())
    flash("No mailed link opens this ticket any more.")
    return _to(ticket)


def _tags(field: str) -> set[str]:
    return {one_line(name).lower() for name in request.form.get(field, "")[:2000].split(",")}


def _ticket(number: int) -> Ticket:
    return ticket_for(me(), number, to_change=True)


def _to(ticket: Ticket) -> Response:
    return redirect(url_for("desk.ticket", number=ticket.id), 303)


def _agent(text: str) -> Account | None:
    if not text:
        return None
    agent = me() if text == "me" else session.get(Account, _number(text))
    if agent is None or not agent.is_staff:
        raise Invalid("There is no such agent.")
    return agent


def _team(text: str) -> Team | None:
    team = session.get(Team, _number(text)) if text else None
    if text and team is None:
        raise Invalid("There is no such team.")
    return team


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 18 else 0


def _one_of(kind: type[T], name: str) -> T:
    try:
        return kind(request.form.get(name, ""))
    except ValueError as error:
        raise Invalid(f"There is no such {name}.") from error
