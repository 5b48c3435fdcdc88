"""However a score looks, a number is stored, and a person can say it."""

import pytest

from helpdesk.core.db import session, transaction
from helpdesk.surveys.jobs import record_clicks, send_due
from helpdesk.surveys.models import HIDDEN, ProvisionalClick, Response, Scale, Survey
from tests.cast import Cast
from tests.conftest import Clock
from tests.surveys.stage import asked, invitation, link, mails, resolved, rows
from tests.visitor import Visitor


def asked_by(scale: Scale, people: Cast, clock: Clock) -> int:
    number = resolved(people)
    with transaction():
        session.get_one(Survey, invitation(number).survey_id)
    with transaction():
        session.query(Survey).update({"scale": scale})
    clock.move(days=1, minutes=1)
    send_due()
    return number


@pytest.mark.parametrize(
    ("scale", "looks", "said"),
    [
        (Scale.NUMBERS, "<span>4</span>", "4 of 5"),
        (Scale.STARS, "<span>4 ★</span>", "4 stars"),
        (Scale.FACES, 'class="face"', "happy"),
    ],
)
def test_five_scores_look_as_somebody_chose(
    scale: Scale, looks: str, said: str, people: Cast, clock: Clock, client: Visitor
) -> None:
    path = link(asked_by(scale, people, clock), "?score=4")
    page = client.get(path).text
    assert looks in page
    assert f'value="4" required aria-label="{said}" checked' in page
    (mail,) = mails()
    assert f"{said}: http" in mail.text
    assert all(f"?score={score}" in mail.html for score in range(1, 6))


def test_a_thumb_is_one_end_of_five(people: Cast, clock: Clock, client: Visitor) -> None:
    path = link(asked_by(Scale.THUMBS, people, clock))
    assert client.post(f"{path}/response", data={"score": "3"}, csrf=False).status_code == 422
    client.post(f"{path}/response", data={"score": "5"}, csrf=False)
    assert "thumbs up" in client.get(f"{path}/response").text
    assert session.query(Response).one().score == 5


def test_words_alone_are_an_answer_without_a_score(
    people: Cast, clock: Clock, client: Visitor
) -> None:
    path = link(asked_by(Scale.WORDS, people, clock))
    assert 'name="score"' not in client.get(path).text
    assert client.post(f"{path}/response", data={"comment": " "}, csrf=False).status_code == 422
    client.post(f"{path}/response", data={"comment": "All well."}, csrf=False)
    assert session.query(Response).one().comment == "All well."
    assert "0 of" not in client.get(f"{path}/response").text


def test_reasons_are_kept_beside_a_low_score_alone(
    people: Cast, clock: Clock, client: Visitor
) -> None:
    path = link(asked(people, clock))
    ticked = {"score": "2", "reasons": ["It took too long", "Invented"]}
    client.post(f"{path}/response", data=ticked, csrf=False)
    assert session.query(Response).one().reasons == ["It took too long"]
    client.post(f"{path}/response", data={**ticked, "score": "5"}, csrf=False)
    session.rollback()
    assert session.query(Response).one().reasons == []


def test_the_mail_needs_no_picture_and_no_style_sheet_for_its_scores(
    people: Cast, clock: Clock
) -> None:
    asked(people, clock)
    (mail,) = mails()
    assert "<img" not in mail.html
    assert mail.html.count('bgcolor="#00686b"') == 5
    assert mail.html.count('role="presentation"') == 2


def test_the_hidden_link_shows_machines_and_counts_for_nothing(
    people: Cast, clock: Clock, client: Visitor
) -> None:
    number = asked(people, clock)
    (mail,) = mails()
    assert "/nothing" in mail.html
    assert "/nothing" not in mail.text
    for _ in range(2):
        page = client.get(link(number, "/nothing"), headers={"User-Agent": "Gate/1"})
        assert page.status_code == 200
    client.head(link(number, "/nothing"))
    record_clicks()
    session.rollback()
    noted = session.query(ProvisionalClick).all()
    assert [(each.score, each.program) for each in noted] == [(HIDDEN, "Gate/1")] * 2
    assert rows()["survey_response"] == 0
