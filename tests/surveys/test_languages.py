"""Every language says everything, with the same things put in."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk.core.db import session, transaction
from helpdesk.surveys.languages import BASE, fallbacks, languages, words_in
from helpdesk.surveys.models import Kind, Survey
from helpdesk.surveys.questions import asking, house_survey
from tests.cast import Cast
from tests.conftest import Clock
from tests.surveys.stage import asked, invitation, link, mails
from tests.visitor import Visitor

GAP = re.compile(r"{(\w+)}")


def gaps(sections: Mapping[str, Mapping[str, Any]]) -> Iterator[tuple[str, object]]:
    for section, sentences in sections.items():
        for name, text in sentences.items():
            many = isinstance(text, list)
            yield f"{section}.{name}", len(text) if many else sorted(GAP.findall(text))


@pytest.mark.parametrize("code", languages())
def test_a_language_says_all_that_the_base_language_says(code: str) -> None:
    assert dict(gaps(words_in(code).sections)) == dict(gaps(words_in(BASE).sections))
    assert len(words_in(code).months) == 12


def test_five_languages_come_with_the_house_and_one_of_them_is_written_from_the_right() -> None:
    assert set(languages()) >= {"en", "de", "fr", "es", "ar"}
    assert [code for code in languages() if words_in(code).direction == "rtl"] == ["ar"]


@pytest.mark.parametrize(
    ("asked_for", "found"),
    [("de-AT", "de"), ("DE", "de"), ("fi", "en"), ("", "en"), ("../x", "en")],
)
def test_an_unknown_language_falls_back(asked_for: str, found: str) -> None:
    assert words_in(asked_for).code == found


@given(st.text(max_size=30))
def test_whatever_is_asked_for_there_are_words(asked_for: str) -> None:
    assert words_in(asked_for).code in languages()
    assert fallbacks(asked_for)[-1] == BASE


@pytest.mark.parametrize("kind", [Kind.CSAT, Kind.NPS, Kind.CES])
def test_the_questions_of_the_house_are_there_in_every_language(kind: Kind) -> None:
    survey = house_survey(kind)
    said = {code: survey.said_in(fallbacks(code)).question for code in languages()}
    assert len(set(said.values())) == len(languages())


def test_what_a_language_lacks_is_said_in_the_base_language(people: Cast) -> None:
    survey = Survey(
        question="How was it?",
        comment_label="Why?",
        low_label="Bad",
        high_label="Good",
        reasons=["Slow", "Rude"],
        language="en",
        texts={"de": {"question": "Wie war es?", "reasons": ["Langsam"]}},
    )
    wording = survey.said_in(("de", "en"))
    assert (wording.question, wording.comment_label) == ("Wie war es?", "Why?")
    assert wording.reasons == ("Langsam", "Rude")
    assert wording.reason_keys == ("Slow", "Rude")


def test_a_customer_is_asked_in_their_language(people: Cast, clock: Clock, client: Visitor) -> None:
    with transaction():
        people.rosa.language = "de-CH"
    path = link(asked(people, clock), "?score=2")
    (mail,) = mails()
    assert mail.subject == "Wie war unsere Hilfe bei „Charged twice for October“?"
    assert "Seltener" in mail.text
    page = client.get(path).text
    assert '<html lang="de" dir="ltr"' in page
    assert "Bewertung abschicken" in page


def test_a_reader_can_choose_another_language_and_keeps_it(
    people: Cast, clock: Clock, client: Visitor
) -> None:
    path = link(asked(people, clock))
    page = client.get(f"{path}?score=4&lang=ar").text
    assert '<html lang="ar" dir="rtl"' in page
    said = client.post(f"{path}/response", data={"score": "4", "lang": "ar"}, csrf=False)
    assert "شكرًا" in client.get(said.location).text


def test_an_answer_keeps_the_question_it_answered(people: Cast, clock: Clock) -> None:
    number = asked(people, clock)
    with transaction():
        old = invitation(number).survey
        texts = {"question": "Another?", "version": 2}
        columns = {c.name: getattr(old, c.name) for c in Survey.__table__.columns}
        del columns["id"]
        session.add(Survey(**{**columns, **texts}))
    assert asking(invitation(number)).text.startswith("How was our help")
