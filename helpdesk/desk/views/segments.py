"""Segments: customers by what is true of them now, kept by name, and taken away as a table."""

from flask import Response, flash, redirect, request, url_for
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import joinedload
from werkzeug.wrappers import Response as Answer

from helpdesk.accounts.sessions import managers_only, me, staff_only
from helpdesk.core.clock import now
from helpdesk.core.db import session
from helpdesk.core.errors import Conflict, Forbidden, Invalid, NotFound
from helpdesk.core.ids import by_id
from helpdesk.core.journal import record
from helpdesk.core.paging import CAP
from helpdesk.core.text import one_line
from helpdesk.desk.directory import directory, everybody, how_many
from helpdesk.desk.events import CustomersTakenAway
from helpdesk.desk.models import Segment
from helpdesk.desk.queue import in_words
from helpdesk.desk.segments import FilterError, Group, read_segment
from helpdesk.desk.segments.fields import FIELDS
from helpdesk.desk.views.blueprint import bp
from helpdesk.reports.spreadsheet import MEDIA_TYPE, sheet
from helpdesk.ui import show

MOST_LINES = 100_000
"""Of a table; who wants more narrows the segment."""
HEADER = ("Number", "Name", "Organization", "Address", "Tier", "Health", "May leave", "Rating")


@bp.get("/desk/segments")
@staff_only
def segment_list() -> Response:
    """The segments, and whom the text in the address means."""
    text, error, group = one_line(request.args.get("q", ""), 2000), None, Group()
    try:
        group = read_segment(text)
        where = group.where(me())
    except FilterError as wrong:
        error, where = wrong, Group().where(me())
    found = directory("", _id("after"), _id("before"), where) if text and not error else None
    return show(
        "desk/segments.html",
        status=422 if error else 200,
        text=text,
        error=error,
        found=found,
        count=in_words(how_many(where, CAP)) if found else 0,
        segments=_kept(),
        fields=FIELDS,
        older_url=found and found.after and url_for("desk.segment_list", q=text, after=found.after),
        newer_url=found
        and found.before
        and url_for("desk.segment_list", q=text, before=found.before),
    )


def _kept() -> list[Segment]:
    statement = select(Segment).options(joinedload(Segment.owner)).order_by(Segment.name)
    return list(session.scalars(statement))


@bp.get("/desk/segments/<int:segment_id>/count")
@staff_only
def segment_count(segment_id: int) -> Response:
    """How many are in one now. Each is counted on its own, when its line is seen, so that the page
    does not wait for the slowest of many."""
    found = _segment(segment_id)
    return show(
        "desk/segment_count.html",
        piece="desk/_segment_count.html",
        one=found,
        held=_count(found.text),
    )


def _segment(segment_id: int) -> Segment:
    found = by_id(Segment, segment_id)
    if found is None:
        raise NotFound("There is no such segment.")
    return found


def _count(text: str) -> int | str:
    try:
        return in_words(how_many(read_segment(text).where(me()), CAP))
    except FilterError:  # kept by an earlier version that knew other fields
        return "?"


def _id(name: str) -> int | None:
    text = request.args.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 18 else None


@bp.post("/desk/segments")
@staff_only
def keep_segment() -> Answer:
    """Give a text a name."""
    name = one_line(request.form.get("name", ""), 60)
    text = str(read_segment(one_line(request.form.get("q", ""), 2000)))
    if not name or not text:
        raise Invalid("A segment needs a name and a filter.")
    session.add(Segment(name=name, text=text, owner_id=me().id, created_at=now()))
    try:
        session.flush()
    except IntegrityError as error:
        raise Conflict(f"There is a segment “{name}” already.") from error
    flash(f"“{name}” is kept.")
    return redirect(url_for("desk.segment_list", q=text), 303)


@bp.post("/desk/segments/<int:segment_id>/deletion")
@staff_only
def drop_segment(segment_id: int) -> Answer:
    """Forget the name; the customers stay."""
    found = _segment(segment_id)
    if not found.may_be_removed_by(me()):
        raise Forbidden("Whoever made it removes it, or an administrator.")
    session.delete(found)
    flash(f"“{found.name}” is removed.")
    return redirect(url_for("desk.segment_list"), 303)


@bp.post("/desk/segments.csv")
@managers_only
def segment_table() -> Answer:
    """The customers of a segment as a table that no program runs; that it was taken is recorded."""
    text = one_line(request.form.get("q", ""), 2000)
    rows = everybody(read_segment(text).where(me()), MOST_LINES)
    record(CustomersTakenAway(me().id, len(rows)), by=me())
    lines = (
        (
            row.id, row.name, row.organization, row.email, row.tier, row.health,
            row.flagged_at is not None, row.last_score,
        )
        for row in rows
    )  # fmt: skip
    response = Response(b"".join(sheet(HEADER, lines)), content_type=MEDIA_TYPE)
    response.headers["Content-Disposition"] = "attachment; filename=customers.csv"
    response.headers["Cache-Control"] = "no-store"
    return response
