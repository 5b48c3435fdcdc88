"""The page behind the links of a survey's mail. Opening it decides nothing; a press does."""

from flask import Response, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from helpdesk.core import throttle
from helpdesk.core.clock import now
from helpdesk.core.errors import Invalid
from helpdesk.surveys import answers, clicks
from helpdesk.surveys.forms import AnswerForm
from helpdesk.surveys.links import invitation_behind
from helpdesk.surveys.models import Invitation
from helpdesk.surveys.questions import question_html, question_text
from helpdesk.surveys.views import bp
from helpdesk.ui import show


@bp.get("/surveys/<token>")
def answer(token: str) -> Response:
    """The question, with the score chosen that was pressed in the mail."""
    invitation = invitation_behind(token)
    if invitation is None or not invitation.is_open(now()):
        return closed(invitation)
    before, clicked = invitation.response, _clicked(invitation)
    if clicked is not None and request.method == "GET":
        clicks.note(invitation, clicked)
    form = AnswerForm(formdata=None, obj=before)
    if clicked is not None:
        form.score.data = clicked
    return _page(token, invitation, form)


def _clicked(invitation: Invitation) -> int | None:
    score = request.args.get("score", type=int)
    return score if score in invitation.survey.scores else None


@bp.post("/surveys/<token>/response")
def respond(token: str) -> AnyResponse:
    """Count the answer, or change the earlier one."""
    invitation = invitation_behind(token)
    if invitation is None or not invitation.is_open(now()):
        return closed(invitation)
    throttle.require("survey", str(invitation.id), "20 per minute")
    form = AnswerForm()
    if not form.validate():
        return _page(token, invitation, form, 422)
    try:
        answers.answer(invitation.id, form.score.data, form.comment.data or "")
    except answers.Closed:
        return closed(invitation)
    except Invalid as error:
        form.score.errors = [error.message]
        return _page(token, invitation, form, 422)
    return redirect(url_for("surveys.thanks", token=token), 303)


@bp.get("/surveys/<token>/response")
def thanks(token: str) -> AnyResponse:
    """What was counted, and how to change it."""
    invitation = invitation_behind(token)
    if invitation is None:
        return closed(None)
    if invitation.response is None:
        return redirect(url_for("surveys.answer", token=token), 303)
    return show(
        "surveys/thanks.html",
        token=token,
        invitation=invitation,
        response=invitation.response,
        question=question_html(invitation),
        can_change=invitation.is_open(now()),
    )


def _page(token: str, invitation: Invitation, form: AnswerForm, status: int = 200) -> Response:
    return show(
        "surveys/answer.html",
        status=status,
        token=token,
        invitation=invitation,
        survey=invitation.survey,
        before=invitation.response,
        form=form,
        title=question_text(invitation),
        question=question_html(invitation),
    )


def closed(invitation: Invitation | None) -> Response:
    """A kind page for a link that takes no answer; it says no more than its reader knows."""
    status = 404 if invitation is None else 410
    return show("surveys/closed.html", status=status, invitation=invitation)
