"""Questions as managers design them, and how they will look."""

from typing import Any

from flask import Response, flash, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from helpdesk.accounts.sessions import managers_only, me
from helpdesk.core.clock import now
from helpdesk.core.errors import HelpdeskError
from helpdesk.mail.models import OutboundEmail
from helpdesk.mail.reading import page_of
from helpdesk.surveys import designs, mailing
from helpdesk.surveys.forms import AnswerForm, DesignForm
from helpdesk.surveys.languages import languages, words_in
from helpdesk.surveys.models import Channel, Invitation, Kind, State, Survey
from helpdesk.surveys.questions import TITLES, Asking, asking, house_survey
from helpdesk.surveys.views import bp
from helpdesk.surveys.views.answering import question_page
from helpdesk.tickets.models import Ticket
from helpdesk.ui import show

EXAMPLE = "Charged twice for October"
"""Stands for the subject of a ticket in previews."""


@bp.get("/desk/surveys/questions")
@managers_only
def questions() -> Response:
    """Every question in its newest version; those of the house before they were ever asked."""
    known = list(designs.newest_of_all())
    titles = {survey.title for survey in known}
    unused = [house_survey(kind) for kind, title in TITLES.items() if title not in titles]
    return show("surveys/questions.html", questions=known, unused=unused, house=TITLES.values())


@bp.get("/desk/surveys/questions/new")
@managers_only
def new_question() -> Response:
    """A question that starts as one of the house does."""
    try:
        kind = Kind(request.args.get("kind", Kind.CSAT.value))
    except ValueError:
        kind = Kind.CSAT
    begin = house_survey(Kind.CSAT if kind is Kind.FREE else kind)
    if kind is Kind.FREE:
        begin.kind, begin.title = kind, ""
    return _page(begin, DesignForm.of(begin))


@bp.get("/desk/surveys/questions/<int:survey_id>")
@managers_only
def question(survey_id: int) -> Response:
    """One version: it is shown as it was asked, and changing it makes the next one."""
    survey = designs.survey_by_id(survey_id)
    return _page(survey, DesignForm.of(survey))


@bp.post("/desk/surveys/questions")
@managers_only
def design_question() -> AnyResponse:
    """Make a question, or the next version of one."""
    form = DesignForm()
    if not form.validate_on_submit():
        return _page(None, form, 422)
    try:
        survey = designs.design(form.design(), by=me())
    except HelpdeskError as error:
        form.title.errors = [error.message]
        return _page(None, form, error.status)
    flash(f"“{survey.title}” is asked in version {survey.version} from now on.")
    return redirect(url_for("surveys.question", survey_id=survey.id), 303)


@bp.post("/desk/surveys/questions/<int:survey_id>/shelving")
@managers_only
def shelve_question(survey_id: int) -> AnyResponse:
    """Ask it no more, or again."""
    survey = designs.survey_by_id(survey_id)
    designs.shelve(survey, not survey.active, by=me())
    return redirect(url_for("surveys.questions"), 303)


@bp.get("/desk/surveys/questions/<int:survey_id>/page")
@managers_only
def preview_page(survey_id: int) -> Response:
    """The page as a customer will see it. Nothing on it counts."""
    ask = _example(designs.survey_by_id(survey_id))
    form = AnswerForm(formdata=None)
    form.score.data = request.args.get("score", type=int)
    return question_page("", ask, form, preview=True)


@bp.get("/desk/surveys/questions/<int:survey_id>/mail")
@managers_only
def preview_mail(survey_id: int) -> AnyResponse:
    """The mail as a customer will see it; its links lead nowhere."""
    email = mail_of(_example(designs.survey_by_id(survey_id)))
    html, policy = page_of(email)
    answer = AnyResponse(html, content_type="text/html; charset=utf-8")
    answer.headers["Content-Security-Policy"] = policy
    return answer


def mail_of(ask: Asking) -> OutboundEmail:
    """The mail of a question, written down nowhere."""
    from flask import render_template

    context = mailing.context_of(ask, "preview")
    return OutboundEmail(
        subject=ask.text,
        text=render_template("surveys/mail/question.txt", **context),
        html=render_template("surveys/mail/question.html", **context),
    )


def _example(survey: Survey) -> Asking:
    language = request.args.get("lang", "")
    about_ticket = survey.kind is not Kind.NPS
    ticket = Ticket(id=4711, subject=EXAMPLE) if about_ticket else None
    return asking(
        Invitation(
            id=0,
            survey=survey,
            kind=survey.kind,
            ticket=ticket,
            ticket_id=4711 if about_ticket else None,
            state=State.SENT,
            channel=Channel.MAIL,
            language=language if language in languages() else survey.language,
            expires_at=now(),
        )
    )


def _page(survey: Survey | None, form: DesignForm, status: int = 200) -> Response:
    stored = survey if survey is not None and survey.id else None
    found: dict[str, Any] = {
        "survey": stored,
        "versions": designs.versions_of(stored.title) if stored else (),
        "form": form,
        "languages": [words_in(code) for code in languages()],
        "is_house": stored is not None and stored.title in TITLES.values(),
    }
    return show("surveys/question.html", None, status, **found)
