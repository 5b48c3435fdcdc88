"""One ticket."""

from datetime import datetime

from flask import Response, request

from helpdesk.accounts.sessions import me, staff_only
from helpdesk.core.clock import now
from helpdesk.core.settings import settings
from helpdesk.desk.case import case_for
from helpdesk.desk.forms import ComposerForm
from helpdesk.desk.panels import panels_for
from helpdesk.desk.people import people
from helpdesk.desk.queue import TONES, urgency
from helpdesk.desk.sentences import STATUS_WORDS
from helpdesk.desk.thread import thread_of
from helpdesk.desk.views.blueprint import bp
from helpdesk.surveys.queries import decision_for
from helpdesk.tickets import uploads
from helpdesk.tickets.models import DONE, Attachment, Priority
from helpdesk.ui import show


@bp.get("/desk/tickets/<int:number>")
@staff_only
def ticket(number: int) -> Response:
    return ticket_page(number)


def ticket_page(
    number: int,
    form: ComposerForm | None = None,
    kept: list[Attachment] | None = None,
    refusal: str = "",
    status: int = 200,
) -> Response:
    """The page of a ticket; after a refusal with the form as it was, and what is new since."""
    case = case_for(me(), number)
    everybody = people()
    seen = (form.last_message.data or 0, form.last_entry.data or 0) if form else None
    thread = thread_of(number, everybody, whole="all" in request.args, seen=seen)
    form = form or ComposerForm(formdata=None, form_key=uploads.new_form_key())
    row = case.row
    return show(
        "desk/ticket.html",
        status=status,
        ticket=row,
        tags=case.tags,
        people=everybody,
        thread=thread,
        form=form,
        kept=kept or (),
        refusal=refusal,
        stale=status == 409,
        panels=panels_for(me(), row.customer_id, number),
        asked=decision_for(number) if row.status in DONE else None,
        tones=TONES,
        status_words=STATUS_WORDS,
        done=row.status in DONE,
        waits=_waits(row.waiting_since),
        priorities=list(Priority),
        undo_seconds=settings().undo_send_seconds,
        slim_rail=True,
        aside_label="About the customer",
    )


def _waits(since: datetime | None) -> str | None:
    return None if since is None else urgency(now() - since)
