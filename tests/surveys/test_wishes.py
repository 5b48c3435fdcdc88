"""Everybody chooses when to be asked, by a link, in one press, or signed in."""

import pytest

from helpdesk.core.db import session
from helpdesk.core.journal import JournalEntry
from helpdesk.customers.models import SurveyPreference
from helpdesk.surveys.models import State
from helpdesk.surveys.reasons import Reason
from tests.cast import Cast
from tests.conftest import Clock
from tests.surveys.stage import asked, invitation, link, rows
from tests.visitor import Visitor

ONE_CLICK = {"List-Unsubscribe": "One-Click"}


@pytest.mark.parametrize(
    ("wish", "preference"),
    [
        ("problems", SurveyPreference.PROBLEMS),
        ("none", SurveyPreference.NONE),
        ("pause", SurveyPreference.ALL),
    ],
)
def test_a_wish_by_link_holds_without_signing_in(
    wish: str, preference: SurveyPreference, people: Cast, clock: Clock, client: Visitor
) -> None:
    path = link(asked(people, clock), "/preferences")
    said = client.post(path, data={"wish": wish}, csrf=False)
    assert said.status_code == 303
    session.rollback()
    assert people.rosa.survey_preference is preference
    assert (people.rosa.survey_paused_until is not None) == (wish == "pause")
    assert "Saved." in client.get(said.location).text


def test_a_pause_is_over_after_three_months(people: Cast, clock: Clock, client: Visitor) -> None:
    client.post(link(asked(people, clock), "/preferences"), data={"wish": "pause"}, csrf=False)
    clock.move(days=14)
    assert invitation(resolved_again(people)).reason is Reason.PAUSED
    clock.move(days=80)
    assert invitation(resolved_again(people)).state is State.WAITING


def resolved_again(people: Cast) -> int:
    from tests.surveys.test_budget import resolved_for

    session.rollback()
    return resolved_for(people.rosa, people)


def test_one_click_from_a_mail_program_unsubscribes(
    people: Cast, clock: Clock, client: Visitor
) -> None:
    path = link(asked(people, clock), "/unsubscribing")
    said = client.post(path, data=ONE_CLICK, csrf=False)
    assert said.status_code == 200  # RFC 8058: no redirect
    session.rollback()
    assert people.rosa.survey_preference is SurveyPreference.NONE


def test_it_still_works_when_the_question_is_long_closed(
    people: Cast, clock: Clock, client: Visitor
) -> None:
    path = link(asked(people, clock))
    clock.move(days=400)
    assert client.get(f"{path}/preferences").status_code == 200
    assert client.post(f"{path}/unsubscribing", data=ONE_CLICK, csrf=False).status_code == 200
    session.rollback()
    assert people.rosa.survey_preference is SurveyPreference.NONE


def test_a_post_that_is_not_one_click_changes_nothing(
    people: Cast, clock: Clock, client: Visitor
) -> None:
    path = link(asked(people, clock), "/unsubscribing")
    before = rows()
    assert client.post(path, csrf=False).status_code == 422
    assert rows() == before


def test_a_wish_that_there_is_not_is_refused(people: Cast, clock: Clock, client: Visitor) -> None:
    path = link(asked(people, clock), "/preferences")
    assert client.post(path, data={"wish": "weekly"}, csrf=False).status_code == 422


def test_a_wish_is_journaled_once(people: Cast, clock: Clock, client: Visitor) -> None:
    path = link(asked(people, clock), "/unsubscribing")
    for _ in range(2):
        client.post(path, data=ONE_CLICK, csrf=False)
    session.rollback()
    entry = session.query(JournalEntry).filter_by(event="SurveyPreferenceChanged").one()
    assert (entry.data["before"], entry.data["after"]) == ("all", "none")


def test_signed_in_customers_choose_on_their_own_page(people: Cast, client: Visitor) -> None:
    client.sign_in(people.rosas_account)
    assert "When may we ask you" in client.get("/my/surveys").text
    assert client.post("/my/surveys", data={"wish": "none"}).status_code == 303
    session.rollback()
    assert people.rosa.survey_preference is SurveyPreference.NONE
    assert people.sam.survey_preference is SurveyPreference.ALL


def test_their_own_page_needs_its_token(people: Cast, client: Visitor) -> None:
    client.sign_in(people.rosas_account)
    assert client.post("/my/surveys", data={"wish": "none"}, csrf=False).status_code == 400
