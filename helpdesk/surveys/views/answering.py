"""The page behind the links of a survey's mail. Opening it decides nothing; a press does."""

from zoneinfo import ZoneInfo

from flask import Response, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from helpdesk.core import throttle
from helpdesk.core.clock import now
from helpdesk.core.errors import Invalid
from helpdesk.core.settings import settings
from helpdesk.surveys import answers, clicks, follow_ups, mailing
from helpdesk.surveys.forms import AnswerForm
from helpdesk.surveys.languages import BASE, Words, languages, words_in
from helpdesk.surveys.links import invitation_behind
from helpdesk.surveys.models import HIDDEN, Invitation
from helpdesk.surveys.questions import Asking, asking, score_in_words
from helpdesk.surveys.views import bp
from helpdesk.surveys.views.shell import show_in


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
    return question_page(token, ask_in(invitation), form)


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
    form, ask = AnswerForm(), ask_in(invitation)
    if not form.check(ask):
        return question_page(token, ask, form, 422)
    try:
        answers.answer(
            invitation.id,
            form.chosen(ask),
            form.comment.data or "",
            form.reasons.data or (),
            "portal" if request.form.get("from") == "portal" else "page",
        )
    except answers.Closed:
        return closed(invitation)
    except Invalid as error:
        form.score.errors = [error.message]
        return question_page(token, ask, form, 422)
    return redirect(url_for("surveys.thanks", token=token, lang=request.values.get("lang")), 303)


@bp.get("/surveys/<token>/response")
def thanks(token: str) -> AnyResponse:
    """What was counted, how to change it, and what became of it."""
    invitation = invitation_behind(token)
    if invitation is None:
        return closed(None)
    response = invitation.response
    if response is None:
        return redirect(url_for("surveys.answer", token=token), 303)
    ask = ask_in(invitation)
    return show_in(
        ask.words,
        "surveys/thanks.html",
        token=token,
        ask=ask,
        response=response,
        can_change=invitation.is_open(now()),
        until=day_in(ask.words, invitation),
        follow_up=follow_ups.of_response(response.id),
        zone=zone(),
    )


@bp.get("/surveys/<token>/nothing")
def nothing(token: str) -> Response:
    """Where the link leads that no person can see in the mail: whoever comes here is a machine that
    follows links, or very curious."""
    invitation = invitation_behind(token)
    if invitation is not None and request.method == "GET":
        clicks.note(invitation, HIDDEN)
    words = words_in(_wanted() or (invitation.language if invitation else BASE))
    return show_in(words, "surveys/nothing.html", token=token)


def question_page(
    token: str, ask: Asking, form: AnswerForm, status: int = 200, preview: bool = False
) -> Response:
    """The question with what was chosen and written so far."""
    invitation = ask.invitation
    before = invitation.response
    return show_in(
        ask.words,
        "surveys/answer.html",
        status=status,
        token=token,
        ask=ask,
        survey=invitation.survey,
        wording=ask.wording,
        choices=mailing.choices(ask),
        before=before,
        before_on=ask.words.day(before.updated_at, zone()) if before else "",
        until=day_in(ask.words, invitation),
        form=form,
        others=[words_in(code) for code in languages() if code != ask.words.code],
        chosen_language=_wanted(),
        preview=preview,
    )


def ask_in(invitation: Invitation) -> Asking:
    """The question in the language that the reader chose, else in theirs."""
    return asking(invitation, _wanted())


def _wanted() -> str | None:
    code = request.values.get("lang", "")
    return code if code in languages() else None


def zone() -> ZoneInfo:
    """In which days are named to those whose zone is not known."""
    return ZoneInfo(settings().time_zone)


def day_in(words: Words, invitation: Invitation) -> str:
    """Until when it can be answered."""
    return words.day(invitation.expires_at, zone())


def closed(invitation: Invitation | None) -> Response:
    """A kind page for a link that takes no answer; it says no more than its reader knows."""
    status = 404 if invitation is None else 410
    words = words_in(_wanted() or (invitation.language if invitation else _browser()))
    response = invitation.response if invitation else None
    return show_in(
        words,
        "surveys/closed.html",
        status=status,
        invitation=invitation,
        response=response,
        given=score_in_words(invitation.survey, words, response.score)
        if invitation and response
        else "",
        follow_up=follow_ups.of_response(response.id) if response else None,
        zone=zone(),
    )


def _browser() -> str:
    return request.accept_languages.best_match(languages(), BASE)
