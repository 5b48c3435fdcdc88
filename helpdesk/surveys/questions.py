"""The questions as they are asked."""

from markupsafe import Markup, escape
from sqlalchemy import select

from helpdesk.core.clock import now
from helpdesk.core.db import session
from helpdesk.core.settings import settings
from helpdesk.core.text import one_line
from helpdesk.surveys.models import Invitation, Kind, Survey

LONGEST_SUBJECT = 80
"""Characters of a ticket's subject that are repeated in a question; enough to recognise it."""


def survey_in_use(kind: Kind, *, to_lock: bool = False) -> Survey:
    """The newest active question of that kind; the one that comes with the house at first.

    `to_lock` keeps others from doing the same until this transaction ends.
    """
    statement = (
        select(Survey)
        .where(Survey.kind == kind, Survey.active)
        .order_by(Survey.version.desc())
        .limit(1)
    )
    if to_lock:
        statement = statement.with_for_update(key_share=True)
    return session.scalar(statement) or _begin_with(kind)


def _begin_with(kind: Kind) -> Survey:
    survey = _csat() if kind is Kind.CSAT else _nps()
    survey.version, survey.active, survey.created_at = 1, True, now()
    session.add(survey)
    session.flush()
    return survey


def _csat() -> Survey:
    return Survey(
        kind=Kind.CSAT,
        question="How was our help with “{subject}”?",
        comment_label="What went well, and what should we do better?",
        low_label="Bad",
        high_label="Excellent",
        lowest=1,
        highest=5,
    )


def _nps() -> Survey:
    return Survey(
        kind=Kind.NPS,
        question="How likely are you to recommend {company} to a colleague?",
        comment_label="What is the main reason?",
        low_label="Not at all",
        high_label="Very likely",
        lowest=0,
        highest=10,
    )


def question_text(invitation: Invitation) -> str:
    """The question in plain text, subject and company filled in."""
    subject = _subject(invitation)
    # Not str.format: nothing that a person wrote may be read as a pattern.
    text = invitation.survey.question.replace("{company}", settings().company_name)
    return text.replace("{subject}", subject)


def question_html(invitation: Invitation) -> Markup:
    """The question for a page; a subject in another direction of writing stays whole."""
    subject = _subject(invitation)
    text = escape(invitation.survey.question.replace("{company}", settings().company_name))
    return text.replace("{subject}", Markup("<bdi>{}</bdi>").format(subject))


def _subject(invitation: Invitation) -> str:
    return one_line(invitation.ticket.subject, LONGEST_SUBJECT) if invitation.ticket else ""
