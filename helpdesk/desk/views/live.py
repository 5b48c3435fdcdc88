"""What is new since an open page was drawn."""

from flask import Response, render_template, request

from helpdesk.accounts.sessions import me, staff_only
from helpdesk.desk import live, presence
from helpdesk.desk.lists import view_named
from helpdesk.desk.people import people
from helpdesk.desk.rail import Rail
from helpdesk.desk.views.blueprint import bp
from helpdesk.desk.views.queue import contents_of
from helpdesk.tickets.filters import parse

KEPT = frozenset({"desk.live", "desk.live_queue"})
"""Questions whose answers depend on who asks and on the database alone; an open ticket also tells
who else is there."""


@bp.before_request
def say_that_nothing_is_new() -> Response | None:
    """Most questions of open pages end here, before anybody is looked up."""
    if request.endpoint not in KEPT or not request.if_none_match:
        return None
    tag = live.last_answer().tag
    return live.unchanged(tag) if tag and live.is_known(tag) else None


@bp.get("/desk/live", endpoint="live")
@staff_only
def rail() -> Response:
    counts = live.counts_of(Rail(me()))
    tag = live.last_answer().tag = live.tag_over(counts)
    return live.unchanged(tag) if live.is_known(tag) else live.changed(tag, counts=counts)


@bp.get("/desk/live/queue/<view>")
@staff_only
def live_queue(view: str) -> Response:
    """Counts and list; raises FilterError as the list itself does."""
    chosen = view_named(view, me())
    contents = contents_of(chosen, parse(request.args.get("q", "")), drawn=False)
    rail = Rail(me())
    counts = live.counts_of(rail)
    page, total = contents["page"], contents["total"]
    tag = live.tag_over(counts, total, [tuple(each) for each in page.items], page.older)
    live.last_answer().tag = tag
    if live.is_known(tag):
        return live.unchanged(tag)
    shown = contents_of(chosen, parse(request.args.get("q", "")), page=page)
    total = rail.count(chosen.name) if total is None else total
    html = render_template("desk/_lines.html", **shown)
    return live.changed(tag, counts=counts, total=str(total), list=html)


@bp.get("/desk/live/tickets/<int:number>")
@staff_only
def live_ticket(number: int) -> Response:
    """Whether the ticket changed, and who else is there. Raises NotFound as its page does."""
    pulse, has_unread = live.seen_by(me(), number)
    if "gone" in request.args:
        presence.leave(number, me().id)
        return live.unchanged("gone")
    writes = "writing" in request.args
    there = presence.come(number, me().id, writes=writes)
    words = presence.in_words(there, people()) if there else ""
    counts = live.counts_of(Rail(me()))
    tag = live.tag_over(pulse, has_unread, words, counts)
    if live.is_known(tag):
        return live.unchanged(tag)
    state = live.tag_over(pulse)
    return live.changed(
        tag,
        counts=counts,
        people=words,
        version=pulse.version,
        state=state,
        unread=has_unread,
    )
