"""Answering a survey's mail with a number."""

import re
from dataclasses import dataclass

from helpdesk.core.clock import now
from helpdesk.core.db import session
from helpdesk.surveys import answers
from helpdesk.surveys.mailing import TOPIC
from helpdesk.surveys.models import Invitation, Response, Scale, Survey

_NUMBER = re.compile(
    r"(?:(?:my|our) )?(?:score|rating|answer|note|bewertung|nota|puntuación)?\s*(?:is|ist|est|es)?"
    r"[:=\s]*(\d{1,2})(?:\s*(?:/|of|von|sur|de|out of)\s*(\d{1,2}))?"
    r"(?:\s*[-–—]\s+(.*)|\s*[.,:;!]+(?:\s+(.*))?|\s*stars?[.!]?|\s*★+)?",
    re.IGNORECASE,
)
_DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "01234567890123456789")
LONGEST_LINE = 200


@dataclass(frozen=True)
class Reading:
    """What a mail says to a survey: a score, and what else was written."""

    score: int
    comment: str


def read_score(text: str, survey: Survey) -> Reading | None:
    """The score in the first line of a mail's own words (quotes and signature taken off before),
    and the rest as the comment. Pure.

    Only a line that is a number of the scale and nothing else, or a number with its scale ("4/5",
    "4 of 5", "Score: 4"), or one before a dash or a full stop, says a score: "2 of us still wait"
    does not. None where there is no such line, or where the number is not on the scale.
    """
    if survey.scale is not Scale.NUMBERS:
        return None
    first, _, rest = text.strip().partition("\n")
    found = _NUMBER.fullmatch(first.strip().translate(_DIGITS)[:LONGEST_LINE])
    if found is None:
        return None
    score, of, more = int(found[1]), found[2], found[3] or found[4] or ""
    if score not in survey.scores or (of is not None and int(of) != survey.highest):
        return None
    if more[:1].isdigit():  # two numbers: who knows which one is meant
        return None
    return Reading(score, "\n".join(part for part in (more.strip(), rest.strip()) if part))


def answer_by_mail(topic: str, sender: str, text: str) -> Response | None:
    """Count what `sender` answered to the survey mail that carries `topic` ("survey-12", proven by
    a reply address or Message-ID of ours); `text` is the mail's own words.

    None where it is no answer: another topic, a closed question, somebody else than was asked, or
    no score. Then the mail is to be treated as any other. Automatic mail must not come here.
    """
    invitation = _invitation(topic)
    if invitation is None or not invitation.is_open(now()):
        return None
    if sender.strip().lower() != (invitation.email or "").lower():
        return None
    reading = read_score(text, invitation.survey)
    if reading is None or len(reading.comment) > answers.LONGEST_COMMENT:
        return None
    return answers.answer(invitation.id, reading.score, reading.comment, door="mail")


def _invitation(topic: str) -> Invitation | None:
    name, _, number = topic.partition("-")
    if name != TOPIC or not number.isascii() or not number.isdigit() or len(number) > 18:
        return None
    return session.get(Invitation, int(number))
