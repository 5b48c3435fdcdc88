"""Looking after unhappy answers."""

from datetime import timedelta

from flask import Response, flash, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from helpdesk.accounts.sessions import managers_only, me, staff_only
from helpdesk.core.clock import now
from helpdesk.core.errors import HelpdeskError
from helpdesk.surveys import follow_ups, ledger
from helpdesk.surveys.forms import FollowUpForm
from helpdesk.surveys.languages import BASE, words_in
from helpdesk.surveys.models import Cause, FollowUp, Outcome
from helpdesk.surveys.questions import score_in_words
from helpdesk.surveys.views import bp
from helpdesk.ui import show

PERIOD = timedelta(days=90)


@bp.get("/desk/follow-ups")
@staff_only
def follow_up_list() -> Response:
    """Unhappy answers that wait for somebody, and those of earlier."""
    chosen = request.args.get("list", "open")
    chosen = chosen if chosen in ledger.LISTS else "open"
    return show(
        "surveys/follow_ups.html",
        page=ledger.follow_ups(me(), chosen, request.args.get("page")),
        lists=ledger.LISTS,
        chosen=chosen,
        at=now(),
        said=_said,
    )


@bp.get("/desk/follow-ups/ledger")
@managers_only
def follow_up_ledger() -> Response:
    """Whether customers were contacted in time, and whether they came back happier."""
    return show("surveys/ledger.html", ledger=ledger.ledger(me(), now() - PERIOD), days=PERIOD.days)


@bp.get("/desk/follow-ups/<int:follow_up_id>")
@staff_only
def follow_up(follow_up_id: int) -> Response:
    """One unhappy answer, and what is done about it."""
    return _page(follow_ups.follow_up_for(me(), follow_up_id), FollowUpForm(formdata=None))


@bp.post("/desk/follow-ups/<int:follow_up_id>/ownership")
@staff_only
def take_follow_up(follow_up_id: int) -> AnyResponse:
    """It is mine."""
    follow_ups.take(_to_change(follow_up_id), by=me())
    flash("You look after this now.")
    return redirect(url_for("surveys.follow_up", follow_up_id=follow_up_id), 303)


@bp.post("/desk/follow-ups/<int:follow_up_id>/contact")
@staff_only
def contact(follow_up_id: int) -> AnyResponse:
    """I have been in touch."""
    follow_ups.note_contact(_to_change(follow_up_id), by=me())
    return redirect(url_for("surveys.follow_up", follow_up_id=follow_up_id), 303)


@bp.post("/desk/follow-ups/<int:follow_up_id>/outcome")
@staff_only
def close_follow_up(follow_up_id: int) -> AnyResponse:
    """Why it was, and what became of it."""
    shown, form = _to_change(follow_up_id), FollowUpForm()
    if not form.validate_on_submit():
        return _page(shown, form, 422)
    try:
        follow_ups.close(
            shown,
            Cause(form.cause.data),
            Outcome(form.outcome.data),
            form.told.data or "",
            reopen=bool(form.reopen.data),
            by=me(),
        )
    except HelpdeskError as error:
        form.told.errors = [error.message]
        return _page(shown, form, error.status)
    flash("Closed. They see what you wrote behind the link of their survey.")
    return redirect(url_for("surveys.follow_up_list"), 303)


def _to_change(number: int) -> FollowUp:
    return follow_ups.follow_up_for(me(), number, to_change=True)


def _said(follow_up: FollowUp) -> str:
    survey = follow_up.response.invitation.survey
    if not survey.has_scores:
        return "in words"
    return score_in_words(survey, words_in(BASE), follow_up.response.score)


def _page(shown: FollowUp, form: FollowUpForm, status: int = 200) -> Response:
    return show(
        "surveys/follow_up.html",
        status=status,
        follow_up=shown,
        response=shown.response,
        form=form,
        said=_said(shown),
        at=now(),
        can_reopen=shown.ticket is not None and shown.ticket.status == "resolved",
    )
