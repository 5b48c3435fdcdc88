"""What is known at a moment is what was recorded by then; nothing of later leaks back."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from random import Random

import pytest

from helpdesk.churn.facts import Facts
from helpdesk.churn.features import facts_of
from helpdesk.core.clock import at as told_at
from helpdesk.core.clock import now
from helpdesk.core.db import session, transaction
from helpdesk.core.journal import record
from helpdesk.customers import actions as customer_actions
from helpdesk.customers.history import change
from helpdesk.customers.models import Order
from helpdesk.surveys.models import Invitation, Kind, Response, ResponseRevision, State, Survey
from helpdesk.tickets import actions, conversation
from helpdesk.tickets.events import MessageScored, SlaBreached
from helpdesk.tickets.models import Message, Ticket
from tests.cast import Cast
from tests.conftest import Clock

START = datetime(2026, 3, 2, 9, tzinfo=UTC)
CUT = START + timedelta(days=60)


def on(days: float) -> datetime:
    return START + timedelta(days=days)


def score(message: Message, polarity: float, signals: list[str]) -> None:
    message.polarity, message.signals, message.scored_at = polarity, signals, now()
    record(
        MessageScored(
            message.ticket_id, message.customer_id or 0, message.id, "negative", polarity, signals
        )
    )


def write(people: Cast, moment: datetime, polarity: float = -0.5) -> Message:
    with told_at(moment):
        message = conversation.file(people.rosa, "Again", "It fails.", by=None).messages[0]
        session.flush()
        score(message, polarity, ["escalation"])
    return message


def rate(people: Cast, moment: datetime, score: int, kind: Kind = Kind.CSAT) -> Response:
    survey = session.query(Survey).filter_by(kind=kind).first() or Survey(
        title=kind,
        kind=kind,
        question="?",
        comment_label="",
        low_label="",
        high_label="",
        lowest=0,
        highest=10,
        created_at=moment,
    )
    invitation = Invitation(
        survey=survey,
        kind=kind,
        customer_id=people.ids["rosa"],
        state=State.ANSWERED,
        created_at=moment,
        send_at=moment,
    )
    response = Response(
        invitation=invitation,
        kind=kind,
        score=score,
        created_at=moment,
        updated_at=moment,
        customer_id=people.ids["rosa"],
    )
    session.add(response)
    session.flush()
    return response


def order(people: Cast, moment: datetime, recorded: datetime, amount: int = 100) -> Order:
    found = Order(
        customer_id=people.ids["rosa"],
        reference=f"{moment.isoformat()} {session.query(Order).count()}",
        ordered_at=moment,
        amount=Decimal(amount),
        currency="EUR",
        recorded_at=recorded,
    )
    session.add(found)
    session.flush()
    return found


@pytest.fixture
def rosa(clock: Clock, people: Cast) -> Cast:
    """Rosa with two months of history; the clock stands a hundred days later."""
    with transaction():
        rosa = people.rosa
        rosa.created_at = on(-400)
        rosa.customer_since = date(2025, 1, 1)
        people.harbor.created_at = on(-400)
        people.harbor.renews_on = CUT.date() + timedelta(days=40)
        for day in (5, 12, 20, 33, 41, 55):
            write(people, on(day), -0.1 - day / 100)
        rate(people, on(30), 4)
        rate(people, on(50), 2)
        rate(people, on(20), 9, Kind.NPS)
        order(people, on(10), on(10))
        order(people, on(40), on(41))
        ticket = session.query(Ticket).order_by(Ticket.id.desc()).first()
        assert ticket is not None
        with told_at(on(56)):
            actions.resolve(ticket, by=people.mika)
        with told_at(on(57)):
            actions.reopen(ticket, by=None)
        with told_at(on(58)):
            actions.resolve(ticket, by=people.mika)
    clock.set(on(160))
    session.rollback()
    return people


def known(people: Cast, at: datetime = CUT) -> Facts:
    return facts_of([people.ids["rosa"]], at)[people.ids["rosa"]]


def later_message(people: Cast) -> None:
    write(people, on(61))


def later_rating(people: Cast) -> None:
    rate(people, on(61), 1)
    rate(people, on(61), 0, Kind.NPS)


def later_order(people: Cast) -> None:
    order(people, on(70), on(70))


def reopening(people: Cast) -> None:
    for ticket in session.query(Ticket).filter_by(customer_id=people.ids["rosa"]):
        with told_at(on(70)):
            actions.resolve(ticket, by=people.mika)
            actions.reopen(ticket, by=None)


def resolving(people: Cast) -> None:
    for ticket in session.query(Ticket).filter_by(customer_id=people.ids["rosa"]):
        with told_at(on(62)):
            actions.resolve(ticket, by=people.mika)
        with told_at(on(67)):
            actions.close(ticket)


def scoring_anew(people: Cast) -> None:
    for message in session.query(Message).filter_by(customer_id=people.ids["rosa"]):
        with told_at(on(80)):
            score(message, 0.9, ["cancellation"])


def changing_the_answer(people: Cast) -> None:
    for response in session.query(Response):
        for score, moment in ((1, on(61)), (5, on(65))):
            session.add(
                ResponseRevision(
                    response_id=response.id,
                    score=response.score,
                    comment="",
                    written_at=response.updated_at,
                    replaced_at=moment,
                )
            )
            response.score, response.updated_at = score, moment


def correcting_the_record(people: Cast) -> None:
    with told_at(on(75)):
        customer_actions.edit(people.rosa, {"customer_since": date(2026, 4, 1)}, by=people.mika)
        change(people.harbor, {"renews_on": None, "contract_value": Decimal(5)}, by=None)
        change(people.rosa, {"organization_id": None}, by=None)
    with told_at(on(76)):
        change(people.harbor, {"renews_on": date(2030, 1, 1)}, by=None)


def correcting_orders(people: Cast) -> None:
    with told_at(on(75)):
        for found in session.query(Order):
            change(found, {"ordered_at": on(59), "amount": Decimal(9999)}, by=None)


def recording_late(people: Cast) -> None:
    order(people, on(59), on(61))
    message = write(people, on(59))
    message.recorded_at = message.ticket.recorded_at = on(62)
    rate(people, on(59), 1).recorded_at = on(63)


def leaving(people: Cast) -> None:
    with told_at(on(90)):
        customer_actions.mark_lost(people.rosa, on(88).date(), by=people.nora)


LATER: list[Callable[[Cast], None]] = [
    later_message,
    later_rating,
    later_order,
    reopening,
    resolving,
    scoring_anew,
    changing_the_answer,
    correcting_the_record,
    correcting_orders,
    recording_late,
    leaving,
]


def test_the_history_tells_what_it_should(rosa: Cast) -> None:
    facts = known(rosa)
    assert (facts.last_csat, facts.last_nps, facts.contacts_30d) == (2, 9, 3)
    assert facts.reopened_90d == 1
    assert facts.open_problems == 6  # the one of the cast, and all but the one that was resolved
    assert facts.days_to_renewal == 40
    assert facts.tenure_days == (CUT.date() - date(2025, 1, 1)).days
    assert facts.sentiment_n == 6
    assert facts.worth_a_year == 200


@pytest.mark.parametrize("happening", LATER)
def test_nothing_that_is_recorded_later_changes_what_was_known(
    rosa: Cast, happening: Callable[[Cast], None]
) -> None:
    before = known(rosa)
    with transaction():
        happening(rosa)
    assert known(rosa) == before


def test_nor_does_all_of_it_together_in_any_order(rosa: Cast) -> None:
    before, random = known(rosa), Random(4)
    for happening in random.sample(LATER, len(LATER)):
        with transaction():
            happening(rosa)
        assert known(rosa) == before, happening.__name__


def test_a_promise_broken_on_a_ticket_that_nobody_touched_counts_whatever_comes_later(
    rosa: Cast,
) -> None:
    with transaction():
        with told_at(on(-60)):
            ticket = conversation.file(rosa.rosa, "Long ago", "It waits.", by=None)
        with told_at(on(50)):
            record(SlaBreached(ticket.id, 1, "resolution", on(-60), on(50)))
        number = ticket.id
    before = known(rosa)
    assert before.evidence["sla_missed"] == (number,)
    with transaction(), told_at(on(100)):
        actions.resolve(session.get_one(Ticket, number), by=rosa.mika)
    assert known(rosa) == before


def test_what_was_recorded_late_counts_from_then_on(rosa: Cast) -> None:
    with transaction():
        recording_late(rosa)
    early, late = known(rosa), known(rosa, on(64))
    assert early.last_csat == 2
    assert late.last_csat == 1
    assert late.worth_a_year == 300
    assert late.contacts_30d == 3  # of days 41, 55 and the late 59


def test_what_was_corrected_counts_from_then_on(rosa: Cast) -> None:
    with transaction():
        correcting_the_record(rosa)
        correcting_orders(rosa)
        scoring_anew(rosa)
    before, after = known(rosa, on(74)), known(rosa, on(90))
    assert before.days_to_renewal == 26
    assert after.days_to_renewal is None
    assert after.tenure_days == (on(90).date() - date(2026, 4, 1)).days
    assert before.cancellations_90d == 0
    assert after.cancellations_90d == 6


def test_between_two_corrections_the_one_in_between_holds(rosa: Cast) -> None:
    with transaction():
        changing_the_answer(rosa)
    scores = [known(rosa, on(day)).last_csat for day in (60, 63, 66)]
    assert scores == [2, 1, 5]


def test_who_was_not_on_record_is_not_known(rosa: Cast) -> None:
    with transaction():
        rosa.rosa.created_at = on(61)
    assert facts_of([rosa.ids["rosa"]], CUT) == {}


def test_today_is_read_on_the_same_path(rosa: Cast) -> None:
    today = known(rosa, now())
    with transaction():
        write(rosa, now())
    assert known(rosa, now()).contacts_30d == (today.contacts_30d or 0) + 1
