"""The mail that asks."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from helpdesk.core.settings import settings
from helpdesk.mail import outbound
from helpdesk.mail.models import OutboundEmail
from helpdesk.mail.moulds import Moulds
from helpdesk.surveys import brand, policies
from helpdesk.surveys.links import logo_url, token_for, url
from helpdesk.surveys.models import Invitation, Scale, Survey
from helpdesk.surveys.questions import Asking, asking

STAR = "★"
FACES = ("😞", "🙁", "😐", "🙂", "😀")
THUMBS = ("👎", "👍")
TEMPLATE = "surveys/mail/question"
TOPIC = "survey"
"""What answers by mail are addressed to: "survey-12"."""
IN_A_ROW = 6
"""More scores than this stand in two rows, so that every target is wide enough on a phone."""


@dataclass(frozen=True)
class Choice:
    """One score as it can be pressed: what is stored, how it looks, how it is said."""

    score: int
    looks: str
    said: str
    is_low: bool


def choices(ask: Asking) -> list[Choice]:
    """Every score of a question, lowest first; none for one that is answered in words."""
    survey = ask.invitation.survey
    if not survey.has_scores:
        return []
    looks = list(_looks(survey))
    return [
        Choice(score, look, ask.said(score), survey.is_low(score))
        for score, look in zip(survey.scores, looks, strict=True)
    ]


def _looks(survey: Survey) -> Iterator[str]:
    if survey.scale is Scale.THUMBS:
        yield from THUMBS
    elif survey.scale is Scale.FACES and len(survey.scores) == len(FACES):
        yield from FACES
    elif survey.scale is Scale.STARS:
        yield from (f"{score} {STAR}" for score in survey.scores)
    else:
        yield from map(str, survey.scores)


def rows_of(choices: list[Choice]) -> list[list[Choice]]:
    """The same in rows that fit a phone."""
    if len(choices) <= IN_A_ROW + 1:
        return [choices]
    return [choices[:IN_A_ROW], choices[IN_A_ROW:]]


def write_question(
    invitation: Invitation, moulds: Moulds, *, reminder: bool = False
) -> OutboundEmail:
    """The mail of this invitation, or its reminder, due now and not stored yet: it goes out at most
    once."""
    ask, token = asking(invitation), token_for(invitation)
    return outbound.compose(
        kind="survey",
        to=invitation.email or "",
        to_name=invitation.customer.name,
        subject=ask.text,
        body=moulds.fill(
            TEMPLATE,
            (invitation.survey.id, invitation.language, reminder),
            lambda: _shared(ask, reminder=reminder),
            _its_own(ask, token),
        ),
        topic=f"{TOPIC}-{invitation.id}",
        headers=unsubscribing(token),
        at_most_once=True,
        secret=True,  # whoever has the link can answer
        automatic=True,
    )


def context_of(ask: Asking, token: str, *, reminder: bool = False) -> Mapping[str, object]:
    """What the templates of the mail want to know."""
    return {**_shared(ask, reminder=reminder), **_its_own(ask, token)}


def _shared(ask: Asking, *, reminder: bool) -> Mapping[str, object]:
    """What all mails have in common that ask the same question in the same language."""
    survey, held, pressed = ask.invitation.survey, policies.policy(), choices(ask)
    return {
        "survey": survey,
        "words": ask.words,
        "wording": ask.wording,
        "lang": ask.words.code,
        "text_direction": ask.words.direction,
        "choices": pressed,
        "rows": rows_of(pressed),
        "colour": held.colour or brand.OURS,
        "logo": logo_url(held.logo) if held.logo else None,
        "reminder": reminder,
        "takes_replies": survey.scale is Scale.NUMBERS,
    }


def _its_own(ask: Asking, token: str) -> Mapping[str, object]:
    """What is another one in each mail."""
    invitation, zone = ask.invitation, ZoneInfo(settings().time_zone)
    return {
        "question": ask.text,
        "question_html": ask.html,
        "ticket_number": invitation.ticket_id,
        "until": ask.words.day(invitation.expires_at, zone),
        "answer_url": url("answer", token),
        "hidden_url": url("nothing", token),
        "preferences_url": url("preferences", token),
    }


def unsubscribing(token: str) -> dict[str, str]:
    """Headers with which a mail program unsubscribes in one press (RFC 2369, RFC 8058)."""
    return {
        "List-Unsubscribe": f"<{url('unsubscribe_one_click', token)}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }
