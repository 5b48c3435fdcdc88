"""Correcting a record, also when two do it at the same time."""

import re
from typing import Any

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from helpdesk.core.db import session, transaction
from helpdesk.core.errors import Forbidden
from helpdesk.customers import actions
from helpdesk.customers.models import Customer, CustomerNote, SurveyPreference
from tests.cast import Cast
from tests.letters import events
from tests.visitor import Visitor

FILLED: dict[str, Any] = {"name": "Rosa Lindt", "language": "en", "survey_preference": "all"}


@pytest.fixture
def mika(people: Cast, client: Visitor) -> Visitor:
    return client.sign_in(people.mika)


def path(people: Cast) -> str:
    return f"/desk/customers/{people.rosa.id}/record"


def field(page: str, name: str) -> str:
    """What stands in a field of the page."""
    tag = re.search(rf'<input[^>]*name="{name}"[^>]*>', page)
    assert tag is not None
    value = re.search(r'value="([^"]*)"', tag.group())
    return value.group(1) if value else ""


def save(client: Visitor, people: Cast, seen: str | None = None, **form: str) -> TestResponse:
    seen = field(client.get(path(people)).text, "seen") if seen is None else seen
    return client.post(path(people), data=FILLED | form | {"seen": seen})


def rosa(people: Cast) -> Customer:
    session.rollback()
    return people.rosa


def test_a_record_is_corrected(mika: Visitor, people: Cast) -> None:
    assert save(mika, people, name="Rosa Lind", time_zone="Europe/Berlin").status_code == 303
    assert (rosa(people).name, rosa(people).time_zone) == ("Rosa Lind", "Europe/Berlin")


def test_what_a_colleague_changed_meanwhile_is_not_overwritten(mika: Visitor, people: Cast) -> None:
    seen = field(mika.get(path(people)).text, "seen")
    with transaction():
        actions.edit(people.rosa, {"phone": "+47 1"}, by=people.ben)
    answer = save(mika, people, seen, tier="Gold")
    assert answer.status_code == 409
    assert "Phone is now <bdi>+47 1</bdi>." in answer.text
    assert field(answer.text, "tier") == "Gold", "the text is kept"
    assert field(answer.text, "phone") == "+47 1", "what was not touched follows the colleague"
    assert rosa(people).tier is None
    again = save(mika, people, field(answer.text, "seen"), tier="Gold", phone="+47 1")
    assert again.status_code == 303
    assert (rosa(people).tier, rosa(people).phone) == ("Gold", "+47 1")


def test_what_both_changed_keeps_what_was_typed_and_says_what_is_there(
    mika: Visitor, people: Cast
) -> None:
    seen = field(mika.get(path(people)).text, "seen")
    with transaction():
        actions.edit(people.rosa, {"tier": "Silver"}, by=people.ben)
    answer = save(mika, people, seen, tier="Gold")
    assert answer.status_code == 409
    assert field(answer.text, "tier") == "Gold"
    assert "Tier is now <bdi>Silver</bdi>." in answer.text


@pytest.mark.parametrize("seen", ["", "forged", ".......", "x" * 3000])
def test_a_form_without_a_version_is_asked_once_more(
    mika: Visitor, people: Cast, seen: str
) -> None:
    assert save(mika, people, seen, tier="Gold").status_code == 409
    assert rosa(people).tier is None


def test_scores_that_come_meanwhile_stop_nobody(mika: Visitor, people: Cast) -> None:
    seen = field(mika.get(path(people)).text, "seen")
    with transaction():
        people.rosa.health, people.rosa.sentiment_n = 40, 3
    assert save(mika, people, seen, tier="Gold").status_code == 303


@pytest.mark.parametrize("zone", ["Mars/Base", "../../etc/passwd", "x" * 65])
def test_a_wrong_time_zone_is_said_beside_its_field(mika: Visitor, people: Cast, zone: str) -> None:
    answer = save(mika, people, tier="Gold", time_zone=zone)
    assert answer.status_code == 422
    assert 'id="time_zone-error"' in answer.text
    assert field(answer.text, "tier") == "Gold"


@pytest.mark.parametrize(
    ("theirs", "wanted"), [("none", "all"), ("none", "problems"), ("problems", "all")]
)
def test_the_staff_cannot_turn_surveys_on_again(
    mika: Visitor, people: Cast, theirs: str, wanted: str
) -> None:
    with transaction():
        wish = SurveyPreference(theirs)
        actions.set_survey_preference(people.rosa, wish, by=people.rosas_account)
    assert save(mika, people, survey_preference=wanted).status_code == 422
    assert rosa(people).survey_preference is SurveyPreference(theirs)
    with transaction(), pytest.raises(Forbidden):
        actions.ask_less(people.rosa, SurveyPreference(wanted), by=people.mika)


def test_the_staff_can_ask_them_less(mika: Visitor, people: Cast) -> None:
    assert save(mika, people, survey_preference="none").status_code == 303
    assert rosa(people).survey_preference is SurveyPreference.NONE
    assert [entry.actor_id for entry in events("SurveyPreferenceChanged")] == [people.mika.id]


def test_other_facts_can_be_corrected_of_somebody_who_wants_no_surveys(
    mika: Visitor, people: Cast
) -> None:
    with transaction():
        actions.set_survey_preference(people.rosa, SurveyPreference.NONE)
    assert save(mika, people, survey_preference="none", tier="Gold").status_code == 303
    assert rosa(people).tier == "Gold"


def notes() -> list[str]:
    session.rollback()
    return list(session.scalars(select(CustomerNote.body).order_by(CustomerNote.id)))


def test_pressing_twice_makes_one_note(mika: Visitor, people: Cast) -> None:
    key = field(mika.get(f"/desk/customers/{people.rosa.id}").text, "form_key")
    for body in ("Call before ten.", "Call before ten.", "And never on Fridays."):
        note = {"body": body, "form_key": key}
        assert mika.post(f"/desk/customers/{people.rosa.id}/notes", data=note).status_code == 303
    assert notes() == ["Call before ten.", "And never on Fridays."]
    assert len(events("CustomerNoteAdded")) == 2


def test_a_refused_note_keeps_its_key(mika: Visitor, people: Cast) -> None:
    answer = mika.post(
        f"/desk/customers/{people.rosa.id}/notes", data={"body": " ", "form_key": "a key"}
    )
    assert answer.status_code == 422
    assert field(answer.text, "form_key") == "a key"
