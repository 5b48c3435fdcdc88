"""A mail that was put together for many says what one rendered for itself says, to the letter."""

from itertools import product

import pytest

from helpdesk.core.clock import now
from helpdesk.core.db import transaction
from helpdesk.mail.moulds import Moulds, render
from helpdesk.surveys import mailing
from helpdesk.surveys.links import token_for
from helpdesk.surveys.models import Invitation, Kind, Scale
from helpdesk.surveys.questions import asking, house_survey
from helpdesk.tickets.models import Ticket
from tests.cast import Cast
from tests.conftest import Clock

HOSTILE = (
    "Printer on fire",
    "<script>alert(1)</script> & \"quotes\" 'too' &amp;",
    "{{ 7*7 }} {% raw %} {subject} {company} {number} {day} %s",
    r"\g<1> \1 $1 \u0041 " + "0123456789abcdef" * 2 + "question.",
    "عنوان \u202e rtl \u2066 ★ “”",
    "",
)


def invitation(number: int, kind: Kind, language: str, subject: str) -> Invitation:
    survey = house_survey(kind)
    survey.id = len(kind.value)
    about = {"ticket": Ticket(id=number, subject=subject), "ticket_id": number}
    return Invitation(
        id=number,
        survey=survey,
        kind=kind,
        language=language,
        email="rosa@harbor.example",
        expires_at=now(),
        **(about if kind is not Kind.NPS else {}),
    )


@pytest.mark.databases("sqlite")
def test_what_is_filled_in_is_what_would_have_been_rendered(people: Cast, clock: Clock) -> None:
    cases = product((Kind.CSAT, Kind.NPS), ("en", "de-AT", "ar"), (False, True), HOSTILE)
    with transaction(write=False):
        moulds = Moulds()
        for number, (kind, language, reminder, subject) in enumerate(cases, 1):
            asked = invitation(number, kind, language, subject)
            asked.customer = people.rosa
            mail = mailing.write_question(asked, moulds, reminder=reminder)
            context = mailing.context_of(asking(asked), token_for(asked), reminder=reminder)
            assert (mail.text, mail.html) == render(mailing.TEMPLATE, context)


@pytest.mark.databases("sqlite")
def test_a_question_in_words_is_filled_in_as_well(people: Cast, clock: Clock) -> None:
    with transaction(write=False):
        asked = invitation(7, Kind.CSAT, "en", HOSTILE[1])
        asked.survey.scale, asked.customer = Scale.WORDS, people.rosa
        mail = mailing.write_question(asked, Moulds())
        context = mailing.context_of(asking(asked), token_for(asked))
        assert (mail.text, mail.html) == render(mailing.TEMPLATE, context)
        assert "<script>" not in mail.html
