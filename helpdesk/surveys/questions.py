"""The questions as they are asked."""

from dataclasses import dataclass

from markupsafe import Markup, escape
from sqlalchemy import select

from helpdesk.core.clock import now
from helpdesk.core.db import session
from helpdesk.core.settings import settings
from helpdesk.core.text import one_line
from helpdesk.surveys.languages import BASE, Words, fallbacks, languages, words_in
from helpdesk.surveys.models import Invitation, Kind, Scale, Survey, Wording

LONGEST_SUBJECT = 80
"""Characters of a ticket's subject that are repeated in a question; enough to recognise it."""

TITLES = {Kind.CSAT: "After a request", Kind.NPS: "About us", Kind.CES: "How easy it was"}
"""What the questions that come with the house are called."""
_RANGES = {Kind.CSAT: (1, 5), Kind.NPS: (0, 10), Kind.CES: (1, 5)}


def survey_in_use(kind: Kind, *, to_lock: bool = False) -> Survey:
    """The question of that kind that comes with the house, in its newest version.

    `to_lock` keeps others from doing the same until this transaction ends.
    """
    statement = (
        select(Survey)
        .where(Survey.title == TITLES[kind], Survey.active)
        .order_by(Survey.version.desc())
        .limit(1)
    )
    if to_lock:
        statement = statement.with_for_update(key_share=True)
    return session.scalar(statement) or _begin_with(kind)


def survey_titled(title: str) -> Survey | None:
    """The newest active version of a question; the house's own need not have been used before."""
    statement = (
        select(Survey)
        .where(Survey.title == title, Survey.active)
        .order_by(Survey.version.desc())
        .limit(1)
    )
    kind = next((kind for kind, known in TITLES.items() if known == title), None)
    return session.scalar(statement) or (_begin_with(kind) if kind else None)


def _begin_with(kind: Kind) -> Survey:
    survey = house_survey(kind)
    session.add(survey)
    session.flush()
    return survey


def house_survey(kind: Kind) -> Survey:
    """The first version of a question that comes with the house, in all its languages. Not
    stored."""
    texts = {code: dict(words_in(code).sections[kind.value]) for code in languages()}
    base = texts.pop(BASE)
    lowest, highest = _RANGES[kind]
    return Survey(
        title=TITLES[kind],
        kind=kind,
        version=1,
        scale=Scale.NUMBERS,
        lowest=lowest,
        highest=highest,
        texts=texts,
        language=BASE,
        active=True,
        created_at=now(),
        **base,
    )


@dataclass(frozen=True)
class Asking:
    """One question to one person, in their language as far as there are words in it."""

    invitation: Invitation
    words: Words
    wording: Wording

    @property
    def text(self) -> str:
        """The question in plain text, subject and company filled in."""
        # Not str.format: nothing that a person wrote may be read as a pattern.
        text = self.wording.question.replace("{company}", settings().company_name)
        return text.replace("{subject}", self._subject)

    @property
    def html(self) -> Markup:
        """The question for a page; a subject in another direction of writing stays whole."""
        text = escape(self.wording.question.replace("{company}", settings().company_name))
        return text.replace("{subject}", Markup("<bdi>{}</bdi>").format(self._subject))

    @property
    def direction(self) -> str:
        """In which direction the question is written."""
        return words_in(self.wording.language).direction

    def said(self, score: int) -> str:
        """A score as a person says it: 4 of 5, 4 stars, happy."""
        survey = self.invitation.survey
        return score_in_words(survey, self.words, score)

    @property
    def _subject(self) -> str:
        ticket = self.invitation.ticket
        return one_line(ticket.subject, LONGEST_SUBJECT) if ticket else ""


def score_in_words(survey: Survey, words: Words, score: int) -> str:
    """A score as a person says it: 4 of 5, 4 stars, happy."""
    five = (survey.lowest, survey.highest) == (1, 5)
    if survey.scale is Scale.THUMBS:
        return words.many("page.thumbs")[score == survey.scores[-1]]
    if survey.scale in (Scale.STARS, Scale.FACES) and five and 1 <= score <= 5:
        return words.many(f"page.{survey.scale.value}")[score - 1]
    return words("page.of", score=score, highest=survey.highest)


def asking(invitation: Invitation, language: str | None = None) -> Asking:
    """How an invitation asks; in `language` where a reader chose another one than theirs."""
    wanted = fallbacks(language or invitation.language)
    return Asking(invitation, words_in(wanted[0]), invitation.survey.said_in(wanted))
