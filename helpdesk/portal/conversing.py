"""Reading a request and answering on it, whichever way its reader came in."""

from collections.abc import Callable

from flask import Response, flash, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from helpdesk.accounts.forms import refuse
from helpdesk.core.errors import Forbidden, Invalid
from helpdesk.core.settings import settings
from helpdesk.portal import queries, throttle
from helpdesk.portal.drafts import Draft
from helpdesk.portal.forms import ReplyForm
from helpdesk.portal.promise import promise
from helpdesk.portal.reader import Reader
from helpdesk.portal.wording import STATUS_WORDS
from helpdesk.surveys.portal import OpenQuestion, open_questions
from helpdesk.tickets import actions, conversation
from helpdesk.tickets.models import Ticket
from helpdesk.tickets.queries import conversation as messages_of
from helpdesk.tickets.survivors import survivor_of
from helpdesk.ui import show

TOO_MANY = (
    "You wrote many messages in the last hour, so this one waits here. What you wrote is kept on"
    " this page; send it a little later."
)


def request_page_for(reader: Reader) -> Response:
    """The conversation, with an empty form to go on."""
    return _page(reader, ReplyForm(formdata=None), Draft.begin(reader.who))


def reply(reader: Reader, page_of: Callable[[Ticket], str]) -> AnyResponse:
    """A further message. `page_of` tells where to read a ticket: the follow-up of a closed one is
    another than that which was written on."""
    form, draft = ReplyForm(), Draft.sent(reader.who)
    try:
        draft.keep(form.files.data or [])
    except Invalid as error:
        form.validate()
        refuse(form.files, error.message)
        return _page(reader, form, draft, 422)
    if not form.validate():
        return _page(reader, form, draft, 422)
    if not throttle.may_write(reader.who):
        refuse(form.message, TOO_MANY)
        return _page(reader, form, draft, 429)
    ticket = conversation.write(
        reader.written_to,
        form.message.data,
        reader.customer,
        by=reader.account,
        attachments=draft.files(),
        form_key=draft.once(form.message.data),
    )
    if ticket.id in {reader.ticket.id, survivor_of(reader.ticket).id}:
        flash("Sent.")
        return redirect(reader.url(), 303)
    flash(f"Request {reader.ticket.id} was closed, so this is a new one: {ticket.id}.")
    return redirect(page_of(ticket), 303)


def solve(reader: Reader, page_of: Callable[[Ticket], str]) -> AnyResponse:
    """It is solved, says its owner; what was written beside it is sent first.

    Raises Forbidden for a colleague.
    """
    _require_owner(reader)
    answer = _reply_if_written(reader, page_of)
    if answer.status_code < 400:
        actions.resolve(reader.ticket, by=reader.account, by_customer=True)
        flash("Good to hear. Write again if something is left.")
    return answer


def reopen(reader: Reader, page_of: Callable[[Ticket], str]) -> AnyResponse:
    """It is not solved after all; what was written beside it is sent first.

    Raises Forbidden for a colleague, Conflict when it is closed for good.
    """
    _require_owner(reader)
    actions.reopen(reader.ticket, by=reader.account, by_customer=True)
    answer = _reply_if_written(reader, page_of)
    if answer.status_code < 400:
        flash("We take it up again.")
    return answer


def _reply_if_written(reader: Reader, page_of: Callable[[Ticket], str]) -> AnyResponse:
    written = request.form.get("message", "").strip() or any(
        upload.filename for upload in request.files.getlist("files")
    )
    return reply(reader, page_of) if written else redirect(reader.url(), 303)


def _require_owner(reader: Reader) -> None:
    if not reader.owns:
        raise Forbidden("Only the person who filed this request can do that.")


def _page(reader: Reader, form: ReplyForm, draft: Draft, status: int = 200) -> Response:
    is_merged = reader.ticket.merged_into_id is not None
    return show(
        "portal/request.html",
        status=status,
        reader=reader,
        ticket=reader.ticket,
        messages=messages_of(reader.ticket, with_notes=False, of=queries.readable(reader.ticket)),
        words=STATUS_WORDS[survivor_of(reader.ticket).status],
        promise=promise(reader.ticket.id, reader.customer) if not is_merged else "",
        is_merged=is_merged,
        follow_ups=queries.follow_ups(reader.ticket),
        form=form,
        draft=draft,
        question=_question(reader),
        files=draft.files() if request.method == "POST" else [],
        support_hours=settings().support_hours,
    )


def _question(reader: Reader) -> OpenQuestion | None:
    """What its owner was asked about it since it was resolved, and can answer here as well."""
    if not reader.owns or reader.ticket.is_open:
        return None
    return next(iter(open_questions(reader.customer, reader.ticket.id)), None)
