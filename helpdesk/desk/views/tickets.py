"""One ticket."""

from datetime import datetime
from typing import Any

from flask import redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from helpdesk.accounts.sessions import me, staff_only
from helpdesk.core.clock import now
from helpdesk.core.paging import AnyRow
from helpdesk.desk import drawings
from helpdesk.desk.case import case_for
from helpdesk.desk.forms import Composed
from helpdesk.desk.macros.taking import Taken
from helpdesk.desk.panels import panels_for
from helpdesk.desk.parts import parts_of
from helpdesk.desk.people import people
from helpdesk.desk.promises import countdown, promised_on
from helpdesk.desk.queue import urgency
from helpdesk.desk.sentences import STATUS_WORDS
from helpdesk.desk.standing import standing_on
from helpdesk.desk.thread import thread_of
from helpdesk.desk.unions import where_to_look
from helpdesk.desk.views.blueprint import bp
from helpdesk.desk.views.taking import taken_up
from helpdesk.surveys.queries import decision_for
from helpdesk.tickets import sending, uploads
from helpdesk.tickets.models import DONE, Attachment, Priority
from helpdesk.tickets.snoozing import UNTIL_ANSWERED
from helpdesk.ui import show


@bp.get("/desk/tickets/<int:number>")
@staff_only
def ticket(number: int) -> AnyResponse:
    if "again" in request.args:
        form_key, files = _taken_back(number)
        return ticket_page(number, kept=files, form_key=form_key)
    return ticket_page(number, taken=taken_up(number))


def _taken_back(number: int) -> tuple[str | None, list[Attachment]]:
    """The files of a reply that was taken back, and the form that they belong to now."""
    given = request.args.get("again", "")
    message_id = int(given) if given.isascii() and given.isdigit() and len(given) < 19 else 0
    form_key = sending.form_after(message_id, number, me())
    files = uploads.kept(uploads.draft_of(form_key, me().id)) if form_key else []
    return form_key, files


def ticket_page(
    number: int,
    composed: Composed | None = None,
    kept: list[Attachment] | None = None,
    refusal: str = "",
    status: int = 200,
    taken: Taken | None = None,
    form_key: str | None = None,
) -> AnyResponse:
    """The page of a ticket; after a refusal with what was composed, and what is new since; with a
    macro that was taken up for it. What was merged is looked at where it goes on, unless its
    `original` is asked for."""
    case = case_for(me(), number)
    row = case.row
    if row.merged_into_id is not None and (goes_on := where_to_look(me(), row.merged_into_id)):
        if status != 200:
            return ticket_page(goes_on, composed, kept, refusal, status)
        if "original" not in request.args:
            return redirect(url_for("desk.ticket", number=goes_on), 302)
    everybody = people()
    composed = composed or _begun(row, taken, form_key)
    thread = thread_of(
        number,
        everybody,
        has_files=row.has_files,
        whole="all" in request.args,
        seen=composed.seen,
    )
    return show(
        "desk/ticket.html",
        status=status,
        ticket=row,
        tags=case.tags,
        thread=thread,
        items=drawings.conversation(thread),
        composed=composed,
        taken=taken,
        kept=kept or (),
        refusal=refusal,
        stale=status == 409,
        agents=drawings.options(everybody.agents, row.assignee_id),
        teams=drawings.options(everybody.teams, row.team_id),
        priorities=list(Priority),
        status_words=STATUS_WORDS,
        slim_rail=True,
        aside_label="About the customer",
        **_standing(row, now()),
        **_beside(row),
    )


def _standing(row: AnyRow, at: datetime) -> dict[str, Any]:
    """How the ticket stands, and what is promised on it."""
    done = row.status in DONE
    return {
        "done": done,
        "asked": decision_for(row.id) if done else None,
        "waits": _waits(row.waiting_since, at),
        "waits_for_reply": row.snoozed_until == UNTIL_ANSWERED,
        "due": countdown(row.due_at, row.due_for, at) if row.due_for else None,
        "promised": promised_on(row.id, at) if row.due_for else ("", ()),
    }


def _beside(row: AnyRow) -> dict[str, Any]:
    """What stands beside the conversation: fields, parts, and the customer."""
    panels = panels_for(me(), row.customer_id, row.id)
    return {
        "standing": standing_on(row.id, row.type_id) if row.type_id else None,
        "parts": parts_of(me(), row.id) if row.has_parts else None,
        "health": drawings.health(panels.health, row.flagged_at is not None),
        "lists": drawings.lists(panels, row.customer_id),
    }


def _begun(row: AnyRow, taken: Taken | None, form_key: str | None) -> Composed:
    """The composer with the draft of whoever looks, and below it what a macro writes."""
    texts = [text for text in (row.draft, taken.text if taken else "") if text]
    return Composed(
        form_key or uploads.new_form_key(),
        "\n\n".join(texts),
        bool(row.draft_is_note),
        revision=row.draft_revision or 0,
    )


def _waits(since: datetime | None, at: datetime) -> str | None:
    return None if since is None else urgency(at - since)
