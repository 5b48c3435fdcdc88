"""Opening a link decides nothing; a pressed button counts, and can be changed until it expires."""

import pytest

from helpdesk.core.db import session
from helpdesk.core.journal import JournalEntry
from helpdesk.surveys.jobs import expire, record_clicks
from helpdesk.surveys.models import ProvisionalClick, Response, State
from tests.cast import Cast
from tests.conftest import Clock
from tests.servers.valkey import Valkey
from tests.surveys.stage import answered, asked, invitation, link, response, rows
from tests.visitor import Visitor


def only_response() -> Response:
    session.rollback()
    return session.query(Response).one()


def test_the_page_has_the_score_of_the_link_chosen(
    people: Cast, clock: Clock, client: Visitor
) -> None:
    page = client.get(link(asked(people, clock), "?score=2"))
    assert page.status_code == 200
    assert 'value="2" required aria-label="2 of 5" checked' in page.text
    assert page.text.count("checked") == 1
    assert "How was our help with “<bdi>Charged twice for October</bdi>”?" in page.text


@pytest.mark.parametrize("score", ["0", "6", "-1", "x", "1e9", ""])
def test_a_score_that_is_not_on_the_scale_is_not_chosen(
    score: str, people: Cast, clock: Clock, client: Visitor
) -> None:
    page = client.get(link(asked(people, clock), f"?score={score}"))
    assert page.status_code == 200
    assert "checked" not in page.text


@pytest.mark.parametrize("method", ["get", "head"])
@pytest.mark.parametrize("more", ["", "?score=5", "/response", "/preferences", "/unsubscribing"])
def test_looking_writes_nothing(
    method: str, more: str, people: Cast, clock: Clock, client: Visitor
) -> None:
    path = link(asked(people, clock), more)
    before = rows()
    assert getattr(client, method)(path).status_code in (200, 303)
    assert rows() == before


def test_a_pressed_button_counts(people: Cast, clock: Clock, client: Visitor) -> None:
    invitation_id = asked(people, clock)
    answer = {"score": "2", "comment": "It took a week."}
    said = client.post(link(invitation_id, "/response"), data=answer, csrf=False)
    assert said.status_code == 303
    given = only_response()
    assert (given.score, given.comment) == (2, "It took a week.")
    assert given.ticket_id == people.ids["ticket"]
    assert invitation(invitation_id).state is State.ANSWERED
    assert people.ticket.last_score == people.rosa.last_score == 2
    thanks = client.get(said.location)
    assert "Thank you" in thanks.text
    assert "It took a week." in thanks.text


def test_an_answer_is_journaled_without_its_words(
    people: Cast, clock: Clock, client: Visitor
) -> None:
    path = link(asked(people, clock), "/response")
    client.post(path, data={"score": "4", "comment": "Secret words."}, csrf=False)
    session.rollback()
    entry = session.query(JournalEntry).filter_by(event="SurveyAnswered").one()
    assert (entry.data["before"], entry.data["after"]) == (None, 4)
    assert "Secret" not in str(entry.data)


def test_a_change_keeps_what_it_said_before(people: Cast, clock: Clock, client: Visitor) -> None:
    path = link(asked(people, clock), "/response")
    client.post(path, data={"score": "2", "comment": "Slow."}, csrf=False)
    clock.move(days=3)
    client.post(path, data={"score": "5", "comment": "All fine now."}, csrf=False)
    given = only_response()
    assert (given.score, given.comment) == (5, "All fine now.")
    assert [(each.score, each.comment) for each in given.revisions] == [(2, "Slow.")]
    assert people.rosa.last_score == 5


def test_pressing_twice_counts_once(people: Cast, clock: Clock, client: Visitor) -> None:
    path = link(asked(people, clock), "/response")
    for _ in range(2):
        client.post(path, data={"score": "3"}, csrf=False)
    assert only_response().revisions == []
    assert session.query(JournalEntry).filter_by(event="SurveyAnswered").count() == 1


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ({}, "Please choose one of the scores."),
        ({"score": "9"}, "Please choose one of the scores."),
        ({"score": "nine", "comment": "Ten!"}, "Ten!"),
        ({"score": "3", "comment": "x" * 5001}, "too long"),
    ],
)
def test_a_bad_answer_is_refused_and_kept_on_the_page(
    answer: dict[str, str], words: str, people: Cast, clock: Clock, client: Visitor
) -> None:
    said = client.post(link(asked(people, clock), "/response"), data=answer, csrf=False)
    assert said.status_code == 422
    assert words in said.text
    assert rows()["survey_response"] == 0


def test_after_expiry_an_answer_stands_as_it_is(
    people: Cast, clock: Clock, client: Visitor
) -> None:
    invitation_id = asked(people, clock)
    given = answered(invitation_id, 4)
    path = link(invitation_id)
    clock.move(days=28)
    expire()
    assert client.get(path).status_code == 410
    assert client.post(f"{path}/response", data={"score": "1"}, csrf=False).status_code == 410
    assert response(given).score == 4
    assert invitation(invitation_id).state is State.ANSWERED


def test_a_question_that_nobody_answered_expires(people: Cast, clock: Clock) -> None:
    invitation_id = asked(people, clock)
    clock.move(days=28)
    expire()
    assert invitation(invitation_id).state is State.EXPIRED


def test_a_click_is_noted_apart_and_never_enters_a_score(
    people: Cast, clock: Clock, client: Visitor
) -> None:
    invitation_id = asked(people, clock)
    for score in (1, 2, 3, 4, 5):  # a mail scanner follows every link
        client.get(link(invitation_id, f"?score={score}"))
    client.head(link(invitation_id, "?score=1"))
    record_clicks()
    session.rollback()
    noted = session.query(ProvisionalClick).filter_by(invitation_id=invitation_id)
    assert sorted(each.score for each in noted) == [1, 2, 3, 4, 5]
    assert rows()["survey_response"] == 0
    assert people.rosa.last_score is None


def test_the_page_works_while_redis_is_away(
    people: Cast, clock: Clock, client: Visitor, redis_server: Valkey
) -> None:
    path = link(asked(people, clock), "?score=4")
    redis_server.kill()
    assert client.get(path).status_code == 200


def test_an_older_answer_changed_later_is_not_the_last_score(people: Cast, clock: Clock) -> None:
    from tests.surveys.test_budget import resolved_for

    first = asked(people, clock)
    answered(first, 3)
    clock.move(days=15)
    second = resolved_for(people.rosa, people)
    clock.move(days=1, minutes=1)
    from helpdesk.surveys.jobs import send_due

    send_due()
    answered(second, 5)
    answered(first, 1)
    assert people.rosa.last_score == 5
    assert people.ticket.last_score == 1
