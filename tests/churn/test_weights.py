"""Points are set by people, who see first whom it would concern, and can go back."""

import pytest

from helpdesk.churn import actions, weights
from helpdesk.churn.models import HealthSnapshot
from helpdesk.churn.rules import CAPS, DEFAULT, RULES, Weights
from helpdesk.core.db import session, transaction
from helpdesk.core.errors import Invalid, NotFound
from helpdesk.core.journal import JournalEntry
from tests.cast import Cast
from tests.churn.test_flags import review, threaten
from tests.conftest import Clock
from tests.visitor import Visitor

LENIENT = Weights({"cancellation": 0, "escalation": 0})


def adopt(people: Cast, wanted: Weights) -> int:
    with transaction():
        return weights.adopt(wanted, weights.BY_HAND, "Too many flags", by=people.nora).id


def test_until_somebody_sets_them_the_starting_table_holds(people: Cast) -> None:
    assert weights.current() == DEFAULT


def test_adopted_points_count_from_the_next_review(people: Cast) -> None:
    threaten(people)
    review(people)
    before = people.rosa.health
    adopt(people, LENIENT)
    review(people)
    assert before is not None
    assert people.rosa.health is not None
    assert people.rosa.health > before
    assert people.rosa.flagged_at is None


def test_a_preview_names_who_would_change_and_changes_nothing(people: Cast) -> None:
    threaten(people)
    review(people)
    found = weights.preview(LENIENT)
    (mover,) = found.movers
    assert (mover.name, mover.raised) == ("Rosa Lindt", False)
    assert (found.flags_now, found.flags_then) == (1, 0)
    assert weights.current() == DEFAULT


def test_a_preview_waits_for_no_review_of_the_day(clock: Clock, people: Cast) -> None:
    threaten(people)
    review(people)
    clock.move(days=1)
    with transaction():
        actions.review([people.ids["sam"]])
    found = weights.preview(LENIENT)
    assert (found.looked_at, [mover.name for mover in found.movers]) == (2, ["Rosa Lindt"])


def test_a_preview_sees_whom_a_rule_concerns_that_counts_nothing_now(people: Cast) -> None:
    adopt(people, LENIENT)
    threaten(people)
    review(people)
    (mover,) = weights.preview(DEFAULT).movers
    assert (mover.name, mover.raised) == ("Rosa Lindt", True)


def test_going_back_brings_the_earlier_points_and_keeps_the_record(people: Cast) -> None:
    first = adopt(people, Weights({"silence": 3}))
    adopt(people, Weights({"silence": 30}))
    with transaction():
        weights.return_to(first, by=people.nora)
    assert weights.current().points["silence"] == 3
    with transaction():
        weights.return_to(0, by=people.nora)
    assert weights.current().points["silence"] == 10
    entries = session.query(JournalEntry).filter_by(event="WeightsAdopted")
    assert [entry.data["basis"] for entry in entries] == ["by hand", "by hand", "return", "return"]
    with pytest.raises(NotFound), transaction():
        weights.return_to(10**6, by=people.nora)


@pytest.mark.parametrize(
    "wanted",
    [Weights({"silence": 101}), Weights({"unheard of": 1}), Weights(caps={"feedback": -1})],
)
def test_points_that_make_no_sense_are_refused(people: Cast, wanted: Weights) -> None:
    with pytest.raises(Invalid), transaction():
        weights.adopt(wanted, weights.BY_HAND, "", by=people.nora)
    with pytest.raises(Invalid):
        weights.preview(wanted)


def fields(**changes: int) -> dict[str, str]:
    points = {f"points-{key}": str(value) for key, value in _points().items()}
    caps = {f"cap-{key}": str(value) for key, value in CAPS.items()}
    return points | caps | {f"points-{key}": str(value) for key, value in changes.items()}


def _points() -> dict[str, int]:
    return {rule.key: rule.points for rule in RULES}


def test_the_page_shows_the_preview_first_and_saves_after(people: Cast, client: Visitor) -> None:
    threaten(people)
    with transaction():
        actions.review([people.ids["rosa"]])
    client.sign_in(people.nora)
    page = client.get("/desk/churn/weights", query_string=fields(cancellation=0, escalation=0)).text
    assert "What would change" in page
    assert weights.latest() is None
    client.post("/desk/churn/weights", data=fields(cancellation=0, escalation=0))
    session.rollback()
    assert weights.current().points["cancellation"] == 0
    assert (
        client.post("/desk/churn/weights", data=fields() | {"cap-tickets": "x"}).status_code == 422
    )


def test_a_reason_without_points_is_not_shown_as_one(people: Cast, client: Visitor) -> None:
    adopt(people, LENIENT)
    threaten(people)
    review(people)
    snapshot = session.query(HealthSnapshot).filter_by(customer_id=people.ids["rosa"]).one()
    assert {point["key"] for point in snapshot.points} >= {"cancellation", "escalation"}
    page = client.sign_in(people.mika).get(f"/desk/customers/{people.ids['rosa']}").text
    assert "Spoke of cancelling" not in page
