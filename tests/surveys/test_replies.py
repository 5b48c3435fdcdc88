"""A survey's mail can be answered with a number."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk.core.db import transaction
from helpdesk.surveys.models import Kind, Scale
from helpdesk.surveys.questions import house_survey
from helpdesk.surveys.replies import answer_by_mail, read_score
from tests.cast import Cast
from tests.conftest import Clock
from tests.surveys.stage import asked, invitation, response

CSAT, NPS = house_survey(Kind.CSAT), house_survey(Kind.NPS)


@pytest.mark.parametrize(
    ("text", "score", "comment"),
    [
        ("4", 4, ""),
        (" 5 \n", 5, ""),
        ("4/5", 4, ""),
        ("4 of 5", 4, ""),
        ("4 out of 5", 4, ""),
        ("4 von 5", 4, ""),
        ("Score: 4", 4, ""),
        ("My rating is 4.", 4, ""),
        ("5 stars", 5, ""),
        ("5!", 5, ""),
        ("2 - much too slow", 2, "much too slow"),
        ("2. Much too slow.", 2, "Much too slow."),
        ("3\n\nIt took a week.\nRosa", 3, "It took a week.\nRosa"),
        ("٤", 4, ""),
    ],
)
def test_a_line_that_is_a_score_counts(text: str, score: int, comment: str) -> None:
    found = read_score(text, CSAT)
    assert found is not None
    assert (found.score, found.comment) == (score, comment)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Thanks, 4",
        "2 of us still wait",
        "2 people called",
        "4 5",
        "4/10",
        "0",
        "6",
        "-1",
        "44",
        "4.5",
        "4,5",
        "I would say 4 or 5",
        "1st of all: it is still broken",
        "5 days and no answer",
        "4\u200b7",
        "two",
        "2026-03-02",
        "5:30 works for me",
        "4-5",
        "4 - 5",
        "1) It is still broken\n2) Nobody calls",
    ],
)
def test_a_line_that_is_no_score_does_not(text: str) -> None:
    assert read_score(text, CSAT) is None


def test_the_scale_of_the_question_decides() -> None:
    for score in range(11):
        found = read_score(str(score), NPS)
        assert found is not None
        assert found.score == score
    assert read_score("11", NPS) is None
    stars = house_survey(Kind.CSAT)
    stars.scale = Scale.WORDS
    assert read_score("4", stars) is None


@given(st.text(max_size=300))
def test_whatever_is_written_the_score_is_on_the_scale(text: str) -> None:
    found = read_score(text, CSAT)
    assert found is None or found.score in CSAT.scores


def test_the_one_who_was_asked_answers_by_mail(people: Cast, clock: Clock) -> None:
    number = asked(people, clock)
    with transaction():
        given_by_mail = answer_by_mail(f"survey-{number}", "Rosa@Harbor.example", "4\nFine.")
        assert given_by_mail is not None
        number = given_by_mail.id
    found = response(number)
    assert (found.score, found.comment, found.door) == (4, "Fine.", "mail")


@pytest.mark.parametrize(
    ("topic", "sender", "text"),
    [
        ("survey-{}", "carl@harbor.example", "4"),
        ("survey-{}", "rosa@harbor.example", "Please call me."),
        ("survey-{}", "rosa@harbor.example", "4\n" + "x" * 5001),
        ("ticket-{}", "rosa@harbor.example", "4"),
        ("survey-{}-1", "rosa@harbor.example", "4"),
        ("survey-", "rosa@harbor.example", "4"),
        ("survey-99999999999999999999", "rosa@harbor.example", "4"),
        ("survey-²", "rosa@harbor.example", "4"),
    ],
)
def test_anything_else_is_a_mail_like_others(
    topic: str, sender: str, text: str, people: Cast, clock: Clock
) -> None:
    number = asked(people, clock)
    with transaction():
        assert answer_by_mail(topic.format(number), sender, text) is None


def test_a_closed_question_takes_no_answer_by_mail(people: Cast, clock: Clock) -> None:
    number = asked(people, clock)
    clock.move(days=29)
    with transaction():
        assert answer_by_mail(f"survey-{number}", "rosa@harbor.example", "4") is None
    assert invitation(number).response is None
