"""A flag rises with its reasons, clears when they are gone, and is worked by people."""

from datetime import date, timedelta

import pytest

from helpdesk.churn import actions, queries
from helpdesk.churn.facts import Facts
from helpdesk.churn.models import ChurnFlag, FlagState, HealthSnapshot
from helpdesk.churn.points import assess
from helpdesk.core.clock import now
from helpdesk.core.db import session, transaction
from helpdesk.core.errors import Conflict
from helpdesk.core.journal import JournalEntry
from helpdesk.customers.actions import mark_lost
from helpdesk.customers.models import Customer
from helpdesk.tickets.actions import reopen, resolve
from helpdesk.tickets.models import Message
from tests.cast import Cast
from tests.conftest import Clock
from tests.work import Work


def threaten(people: Cast) -> None:
    """Rosa's message speaks of cancelling (25) and complains (15), her ticket was reopened twice
    (10), and the contract renews soon (10, of which the family's cap leaves 5): 55."""
    with transaction():
        message = session.query(Message).filter_by(ticket_id=people.ids["ticket"]).one()
        message.signals, message.polarity = ["cancellation", "escalation"], -0.8
        message.sentiment_label, message.scored_at = "negative", now()
        people.harbor.renews_on = now().date() + timedelta(days=30)
        for _ in range(2):
            resolve(people.ticket, by=people.mika)
            reopen(people.ticket, by=people.mika)


def calm(people: Cast) -> None:
    with transaction():
        message = session.query(Message).filter_by(ticket_id=people.ids["ticket"]).one()
        message.signals = []


def review(people: Cast) -> None:
    with transaction():
        actions.review([people.ids["rosa"]])


def flag_of(people: Cast) -> ChurnFlag:
    flag = queries.open_flag(people.ids["rosa"])
    assert flag is not None
    return flag


def events(kind: str) -> list[JournalEntry]:
    return session.query(JournalEntry).filter_by(event=kind).all()


def test_a_threat_before_renewal_raises_a_flag_with_its_reasons(people: Cast) -> None:
    threaten(people)
    review(people)
    flag = flag_of(people)
    keys = {point["key"] for point in flag.points}
    assert {"cancellation", "escalation", "renewal"} <= keys
    assert flag.points[0]["ticket_ids"] == [people.ids["ticket"]]
    assert people.rosa.flagged_at is not None
    assert people.rosa.health == 100 - flag.risk
    assert len(events("ChurnFlagRaised")) == 1


def test_reviewing_twice_raises_one_flag_and_keeps_one_snapshot_a_day(people: Cast) -> None:
    threaten(people)
    review(people)
    review(people)
    assert session.query(ChurnFlag).count() == 1
    assert session.query(HealthSnapshot).filter_by(customer_id=people.ids["rosa"]).count() == 1


def test_the_flag_clears_when_the_reasons_are_gone(people: Cast) -> None:
    threaten(people)
    review(people)
    calm(people)
    review(people)
    assert queries.open_flag(people.ids["rosa"]) is None
    assert people.rosa.flagged_at is None
    assert events("ChurnFlagCleared")[0].data["risk"] < 40


def test_a_flag_that_somebody_works_on_does_not_clear_by_itself(people: Cast) -> None:
    threaten(people)
    review(people)
    with transaction():
        actions.work(flag_of(people), by=people.mika)
    calm(people)
    review(people)
    assert flag_of(people).state is FlagState.WORKING


def test_who_acknowledges_looks_after_it(people: Cast) -> None:
    threaten(people)
    review(people)
    with transaction():
        actions.acknowledge(flag_of(people), by=people.mika)
        actions.acknowledge(flag_of(people), by=people.ben)
    assert flag_of(people).owner_id == people.mika.id
    assert len(events("ChurnFlagMoved")) == 1


@pytest.mark.parametrize("outcome", [FlagState.SAVED, FlagState.FALSE_ALARM])
def test_the_same_reasons_raise_no_second_flag_once_dealt_with(
    people: Cast, outcome: FlagState
) -> None:
    threaten(people)
    review(people)
    with transaction():
        actions.close(flag_of(people), outcome, "Called them.", by=people.mika)
    review(people)
    assert queries.open_flag(people.ids["rosa"]) is None
    assert people.rosa.flagged_at is None


def test_a_closed_flag_stays_closed(people: Cast) -> None:
    threaten(people)
    review(people)
    flag_id = flag_of(people).id
    with transaction():
        actions.close(queries.flag_by_id(flag_id), FlagState.SAVED, "", by=people.mika)
    with pytest.raises(Conflict), transaction():
        actions.close(queries.flag_by_id(flag_id), FlagState.LOST, "", by=people.mika)


def test_lost_ends_the_record_and_later_reviews(people: Cast) -> None:
    threaten(people)
    review(people)
    with transaction():
        actions.close(flag_of(people), FlagState.LOST, "Went to a competitor.", by=people.mika)
    assert people.rosa.lost_on == now().date()
    health = people.rosa.health
    review(people)
    assert people.rosa.health == health


def test_a_customer_recorded_as_lost_closes_the_flag(people: Cast, work: Work) -> None:
    threaten(people)
    review(people)
    with transaction():
        mark_lost(people.rosa, date(2026, 3, 1), by=people.mika)
    work()
    assert queries.flags_of(people.ids["rosa"])[0].state is FlagState.LOST


def test_everybody_is_reviewed_once_a_day(clock: Clock, people: Cast, work: Work) -> None:
    work.tick()
    work.tick()
    assert session.query(HealthSnapshot).count() == session.query(Customer).count()
    clock.move(days=1)
    session.rollback()
    work.tick()
    assert session.query(HealthSnapshot).count() == 2 * session.query(Customer).count()


def test_nothing_known_is_not_a_risk() -> None:
    from helpdesk.churn.points import assess

    assert assess(Facts()).risk == 0


def test_what_a_restricted_team_works_on_moves_no_health_that_others_see(people: Cast) -> None:
    """The health of a customer, her tone, her last rating and her flag are for everybody."""
    threaten(people)
    with transaction():
        people.billing.restricted = True
    review(people)
    assert queries.open_flag(people.ids["rosa"]) is None
    assert people.rosa.sentiment_n == 0
    snapshot = session.query(HealthSnapshot).filter_by(customer_id=people.ids["rosa"]).one()
    assert {point["key"] for point in snapshot.points} <= {"renewal", "new_customer"}
    assert all(not point["ticket_ids"] for point in snapshot.points)


def test_figures_in_reasons_have_a_minus_and_words_keep_their_hyphens() -> None:
    found = assess(Facts(sentiment=-0.42, sentiment_n=3, sentiment_change=-0.3))
    reasons = " ".join(point.reason for point in found.points)
    assert "−0.42" in reasons
    assert "-" not in reasons
