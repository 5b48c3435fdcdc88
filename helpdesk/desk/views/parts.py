"""Links, copies, watching, checklist and time of one ticket: the page with all of them, and each as
a resource of its own."""

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from helpdesk.accounts.queries import account_at
from helpdesk.accounts.sessions import me, staff_only
from helpdesk.core.db import abandon
from helpdesk.core.errors import Conflict, Invalid, NotFound
from helpdesk.core.security import new_token
from helpdesk.core.text import one_line
from helpdesk.customers.addresses import checked
from helpdesk.desk.parts import parts_of
from helpdesk.desk.views.blueprint import bp
from helpdesk.tickets import actions, conversation, effort, relations, watching
from helpdesk.tickets.filters.conditions import number_in
from helpdesk.tickets.mailing import MOST_WATCHERS, add_watcher, remove_watcher
from helpdesk.tickets.models import Status, Ticket
from helpdesk.tickets.queries import ticket_for
from helpdesk.tickets.relations import Kind
from helpdesk.ui import show

CHOICES = {
    "child_of": ("is part of", Kind.CHILD_OF, False),
    "parent_of": ("has as a part", Kind.CHILD_OF, True),
    "duplicate_of": ("is a duplicate of", Kind.DUPLICATE_OF, False),
    "blocks": ("blocks", Kind.BLOCKS, False),
    "blocked_by": ("is blocked by", Kind.BLOCKS, True),
    "related": ("is related to", Kind.RELATED, False),
}


@bp.get("/desk/tickets/<int:number>/parts")
@staff_only
def parts(number: int) -> Response:
    return _page(ticket_for(me(), number))


@bp.post("/desk/tickets/<int:number>/relations")
@staff_only
def relate(number: int) -> Response:
    ticket = ticket_to_change(number)
    _, kind, backwards = CHOICES.get(request.form.get("kind", ""), ("", None, False))
    other = number_in(request.form.get("other", ""))
    try:
        if kind is None or other is None:
            raise Invalid("Choose how they belong together, and write the other number.")
        relations.relate(ticket, _visible(other), kind, by=me(), backwards=backwards)
    except (Invalid, Conflict) as refusal:
        return refused(number, refusal)
    return _back(number)


@bp.post("/desk/tickets/<int:number>/relations/<int:relation_id>/removal")
@staff_only
def unrelate(number: int, relation_id: int) -> Response:
    relations.unrelate(ticket_to_change(number), relation_id, by=me())
    return _back(number)


@bp.post("/desk/tickets/<int:number>/children/answers")
@staff_only
def answer_children(number: int) -> Response:
    """The same answer to each open part of what is solved, which is resolved by it."""
    ticket, key = ticket_for(me(), number), request.form.get("form_key", "")[:60]
    try:
        children = relations.open_children(me(), ticket.id)[: relations.MOST]
        for child_number in children:
            child = ticket_to_change(child_number)
            conversation.reply(
                child,
                request.form.get("body", ""),
                by=me(),
                seen=child.version,
                form_key=f"children-{me().id}-{child_number}-{key}",
            )
            actions.resolve(child, by=me())
    except (Invalid, Conflict) as refusal:
        return refused(number, refusal)
    flash(f"{len(children)} answered and resolved.")
    return _back(number)


@bp.post("/desk/tickets/<int:number>/copies")
@staff_only
def add_copy(number: int) -> Response:
    ticket = ticket_to_change(number)
    try:
        email = checked(request.form.get("email", ""))
        _require_outside(ticket, email)
        if _is_foreign(ticket, email) and "confirmed" not in request.form:
            abandon()
            return _page(ticket_for(me(), number), foreign=email, status=409)
        name = one_line(request.form.get("name", ""), 100)
        if not add_watcher(ticket, email, name, by=me()):
            raise Conflict(
                f"{email} has a copy already, or there are {MOST_WATCHERS}, which is the most."
            )
    except (Invalid, Conflict) as refusal:
        return refused(number, refusal)
    return _back(number)


@bp.post("/desk/tickets/<int:number>/copies/<int:watcher_id>/removal")
@staff_only
def remove_copy(number: int, watcher_id: int) -> Response:
    ticket = ticket_to_change(number)
    for watcher in list(ticket.watchers):
        if watcher.id == watcher_id:
            remove_watcher(ticket, watcher.email, by=me())
    return _back(number)


@bp.post("/desk/tickets/<int:number>/watching")
@staff_only
def watch(number: int) -> Response:
    ticket = ticket_to_change(number)
    if request.form.get("watch") == "no":
        watching.stop_watching(ticket, me(), by=me())
    else:
        watching.watch(ticket, me(), by=me())
    return _back(number)


@bp.post("/desk/tickets/<int:number>/checklist")
@staff_only
def add_item(number: int) -> Response:
    try:
        effort.add_item(ticket_to_change(number), request.form.get("text", ""), by=me())
    except (Invalid, Conflict) as refusal:
        return refused(number, refusal)
    return _back(number)


@bp.post("/desk/tickets/<int:number>/checklist/<int:item_id>")
@staff_only
def change_item(number: int, item_id: int) -> Response:
    ticket, do = ticket_to_change(number), request.form.get("do", "")
    if do in ("tick", "untick"):
        effort.tick(ticket, item_id, done=do == "tick", by=me())
    elif do in ("up", "down"):
        effort.move_item(ticket, item_id, up=do == "up")
    elif do == "remove":
        effort.remove_item(ticket, item_id, by=me())
    else:
        raise Invalid("A thing on the checklist is ticked, moved or removed.")
    return _back(number)


@bp.post("/desk/tickets/<int:number>/time")
@staff_only
def spend(number: int) -> Response:
    try:
        effort.spend(
            ticket_to_change(number), _whole("minutes"), request.form.get("note", ""), by=me()
        )
    except (Invalid, Conflict) as refusal:
        return refused(number, refusal)
    return _back(number)


@bp.post("/desk/tickets/<int:number>/time/<int:time_id>")
@staff_only
def correct_time(number: int, time_id: int) -> Response:
    try:
        effort.correct_time(ticket_to_change(number), time_id, _whole("minutes"), by=me())
    except Invalid as refusal:
        return refused(number, refusal)
    return _back(number)


@bp.post("/desk/tickets/<int:number>/follow-up")
@staff_only
def follow_up(number: int) -> Response:
    """A ticket that goes on where a closed one ended, with what the customer said since."""
    ticket = ticket_to_change(number)
    try:
        if ticket.status is not Status.CLOSED or ticket.merged_into_id is not None:
            raise Conflict("Only what is closed is followed up. Write here.")
        grown = conversation.write(
            ticket,
            request.form.get("body", ""),
            ticket.customer,
            by=me(),
            channel="desk",
            form_key=f"follow-up-{me().id}-{request.form.get('form_key', '')[:60]}",
        )
    except (Invalid, Conflict) as refusal:
        return refused(number, refusal)
    flash(f"This follows up #{number}.")
    return redirect(url_for("desk.ticket", number=grown.id), 303)


def _require_outside(ticket: Ticket, email: str) -> None:
    account = account_at(email)
    if account is not None and account.is_staff:
        raise Invalid("Colleagues watch a ticket or are called in a note; no copy is mailed.")
    if email in {address.email for address in ticket.customer.addresses}:
        raise Invalid("That is the customer, who gets every answer anyway.")


def _is_foreign(ticket: Ticket, email: str) -> bool:
    """Whether it is neither at the customer's organization nor where the customer writes from."""
    known = {address.email.rpartition("@")[2] for address in ticket.customer.addresses}
    if ticket.organization:
        known |= {one.domain for one in ticket.organization.domains}
    return email.rpartition("@")[2] not in known


def _visible(number: int) -> Ticket:
    try:
        return ticket_for(me(), number)
    except NotFound as error:
        raise Invalid(error.message) from error


def ticket_to_change(number: int) -> Ticket:
    """The ticket, locked. Raises Conflict for one that goes on elsewhere."""
    ticket = ticket_for(me(), number, to_change=True)
    if ticket.merged_into_id is not None:
        raise Conflict(f"#{number} was merged into #{ticket.merged_into_id}. Change that one.")
    return ticket


def _whole(name: str) -> int:
    text = request.form.get(name, "").strip()
    if not (text.isascii() and text.isdigit() and len(text) < 6):
        raise Invalid("Write a whole number of minutes.")
    return int(text)


def _back(number: int) -> Response:
    """To where the button stood."""
    place = "desk.ticket" if request.form.get("from") == "ticket" else "desk.parts"
    return redirect(url_for(place, number=number), 303)


def refused(number: int, refusal: Invalid | Conflict) -> Response:
    """The page again, with why."""
    abandon()
    return _page(ticket_for(me(), number), refusal.message, status=refusal.status)


def _page(ticket: Ticket, refusal: str = "", foreign: str = "", status: int = 200) -> Response:
    held = parts_of(me(), ticket.id)
    return show(
        "desk/parts.html",
        status=status,
        ticket=ticket,
        parts=held,
        refusal=refusal,
        foreign=foreign,
        form=request.form,
        form_key=new_token(),
        choices=[(name, words) for name, (words, _, _) in CHOICES.items()],
        is_watching=any(row.id == me().id for row in held.watching),
        children=[one for one in held.related if one.is_child],
        open_children=relations.open_children(me(), ticket.id) if held.related else [],
    )
