"""Two records of one person become one, and two again as they were."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

import pytest
import time_machine
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from helpdesk.accounts.models import Account
from helpdesk.churn.features import facts_of
from helpdesk.core.clock import now
from helpdesk.core.db import Model, session, transaction
from helpdesk.core.errors import Conflict, Forbidden, Invalid
from helpdesk.core.journal import JournalEntry
from helpdesk.customers import merging
from helpdesk.customers.actions import add_note, set_survey_preference
from helpdesk.customers.models import Address, Customer, Order, SurveyPreference
from helpdesk.customers.places import places
from helpdesk.customers.queries import customer_of
from helpdesk.tickets import conversation
from helpdesk.tickets.models import Message, Ticket
from helpdesk.tickets.queries import visible_among
from tests.cast import Cast
from tests.visitor import Visitor
from tests.work import Work


def order(customer: Customer, reference: str, day: int = 1) -> None:
    session.add(
        Order(
            customer_id=customer.id, reference=reference, ordered_at=now() - timedelta(days=day),
            amount=Decimal(10), currency="EUR", recorded_at=now(),
        )
    )  # fmt: skip


def join(people: Cast, kept: str = "rosa", gone: str = "sam") -> int:
    with transaction():
        first, second = getattr(people, kept), getattr(people, gone)
        return merging.merge(first, second, by=people.mika, confirmed=True).id


def part(people: Cast, gone: str = "sam") -> None:
    with transaction():
        merged = merging.last_merge(people.ids[gone])
        assert merged is not None
        merging.undo(merged, by=people.mika)


def belongings() -> dict[str, object]:
    """To whom every row belongs, and what the records say, but for what a merge is remembered by
    and what counts again by itself."""
    session.rollback()
    found: dict[str, object] = {}
    for name, place in places().items():
        rows = session.execute(select(place.id, place.whose)).all()
        found[name] = sorted((row[0], row[1]) for row in rows)
    own = [c for c in Customer.__table__.c if c.name != "name_lower"]
    found["customer"] = sorted(map(tuple, session.execute(select(*own)).all()))
    found["address"] = sorted(map(tuple, session.execute(select(Address.__table__)).all()))
    return found


def test_everything_moves_and_comes_back(people: Cast, work: Work) -> None:
    with transaction():
        ticket = conversation.file(people.sam, "Where is it?", "Lost.", by=people.sams_account)
        add_note(people.sam, "Calls often.", by=people.mika)
        order(people.sam, "S-1")
        people.sam.phone, people.sam.customer_since = "+49 30 77", date(2020, 1, 1)
        number = ticket.id
    before = belongings()
    join(people)
    assert session.get_one(Ticket, number).customer_id == people.rosa.id
    assert {a.email for a in people.rosa.addresses} == {"rosa@harbor.example", "sam@stone.example"}
    assert people.rosa.phone == "+49 30 77"
    assert people.rosa.customer_since == date(2020, 1, 1)
    assert people.rosa.email == "rosa@harbor.example"
    part(people)
    assert belongings() == before


DOINGS: dict[str, Callable[[Cast, int], object]] = {
    "file": lambda people, n: conversation.file(
        _one(people, n), f"Subject {n}", "Words.", by=_one(people, n).account
    ),
    "note": lambda people, n: add_note(_one(people, n), f"Note {n}", by=people.mika),
    "order": lambda people, n: order(_one(people, n), f"R-{n % 3}-{_taken()}", n),
    "same order": lambda people, n: _ordered_once(_one(people, n), f"R-{n % 2}"),
    "wish": lambda people, n: set_survey_preference(
        _one(people, n), list(SurveyPreference)[n % 3], pause=timedelta(days=n) if n % 2 else None
    ),
    "phone": lambda people, n: setattr(_one(people, n), "phone", f"+1 {n}"),
}


def _one(people: Cast, n: int) -> Customer:
    return (people.rosa, people.sam, people.carl)[n % 3]


def _taken() -> int:
    return len(session.scalars(select(Order.id)).all())


def _ordered_once(customer: Customer, reference: str) -> None:
    same = select(Order).where(Order.customer_id == customer.id, Order.reference == reference)
    if session.scalar(same) is None:
        order(customer, reference)
        session.flush()


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    doings=st.lists(st.tuples(st.sampled_from(sorted(DOINGS)), st.integers(0, 20)), max_size=8),
    pairs=st.permutations(["rosa", "sam", "carl"]),
)
def test_undoing_restores_exactly_whatever_there_was(
    people: Cast, doings: list[tuple[str, int]], pairs: list[str]
) -> None:
    for what, n in doings:
        with transaction():
            DOINGS[what](people, n)
    first, second, third = pairs
    alone = belongings()
    join(people, first, second)
    two = belongings()
    join(people, third, first)
    with transaction(), pytest.raises(Conflict):
        merged = merging.last_merge(people.ids[second])
        assert merged is not None
        merging.undo(merged, by=people.mika)
    part(people, first)
    assert belongings() == two
    part(people, second)
    assert belongings() == alone


def test_what_came_later_stays_with_whom_it_belongs_to(people: Cast, work: Work) -> None:
    with transaction():
        his = conversation.file(people.sam, "Where?", "Lost.", by=people.sams_account).id
    join(people)
    with transaction():
        hers = session.get_one(Ticket, people.ids["ticket"])
        conversation.write(session.get_one(Ticket, his), "Again.", people.rosa)
        conversation.write(hers, "Me too.", people.rosa, by=people.rosas_account)
        kept = customer_of(people.sams_account)
        assert kept is not None
        assert kept.id == people.rosa.id
        filed = conversation.file(kept, "One more", "Words.", by=people.sams_account).id
        own = conversation.file(people.rosa, "Hers", "Words.", by=people.rosas_account).id
    part(people)
    rows = session.execute(select(Message.ticket_id, Message.customer_id).order_by(Message.id))
    owners = {(row[0], row[1]) for row in rows if row[1] is not None}
    rosa, sam = people.ids["rosa"], people.ids["sam"]
    assert owners == {(hers.id, rosa), (his, sam), (filed, sam), (own, rosa)}
    tickets = {row[0]: row[1] for row in session.execute(select(Ticket.id, Ticket.customer_id))}
    assert tickets == {hers.id: rosa, his: sam, filed: sam, own: rosa}


def test_each_account_sees_only_its_own_until_they_are_one(people: Cast) -> None:
    with transaction():
        his = conversation.file(people.sam, "Where?", "Lost.", by=people.sams_account).id

    def sees(account: Account, number: int) -> bool:
        return number in visible_among(account, [number])

    hers = people.ids["ticket"]
    assert not sees(people.rosas_account, his)
    assert not sees(people.sams_account, hers)
    join(people)
    assert sees(people.rosas_account, his)
    assert sees(people.sams_account, hers)
    part(people)
    assert not sees(people.rosas_account, his)
    assert not sees(people.sams_account, hers)


def test_unverified_records_need_a_word_and_leave_a_trace(people: Cast) -> None:
    with transaction():
        people.sam.addresses[0].verified_at = None
    with transaction(), pytest.raises(Invalid, match="verified"):
        merging.merge(people.rosa, people.sam, by=people.mika)
    join(people)
    entry = session.scalars(
        select(JournalEntry).where(JournalEntry.event == "CustomersMerged")
    ).one()
    assert entry.actor_id == people.mika.id
    assert entry.data["unproven"] is True
    assert entry.data["opened"] is True


def test_only_the_staff_merges_and_nobody_twice(people: Cast) -> None:
    with transaction(), pytest.raises(Forbidden):
        merging.merge(people.rosa, people.sam, by=people.rosas_account)
    first = join(people)
    assert join(people) == first
    with transaction(), pytest.raises(Conflict):
        merging.merge(people.carl, people.sam, by=people.mika, confirmed=True)
    with transaction(), pytest.raises(Conflict):
        merging.merge(people.rosa, people.rosa, by=people.mika, confirmed=True)


def test_the_past_is_as_it_was_known_then(people: Cast, work: Work) -> None:
    rosa, sam = people.ids["rosa"], people.ids["sam"]
    with transaction():
        conversation.file(people.sam, "Where?", "Lost.", by=people.sams_account)
        order(people.sam, "S-1", 3)
    work()
    at, later = now() + timedelta(hours=1), now() + timedelta(days=2)
    before = facts_of([rosa, sam], at)
    with time_machine.travel(now() + timedelta(days=1), tick=False):
        join(people)
    together = facts_of([rosa, sam], later)
    assert sam not in together
    assert together[rosa].contacts_30d == 2
    assert together[rosa].open_problems == 2
    assert facts_of([rosa, sam], at) == before
    with time_machine.travel(now() + timedelta(days=3), tick=False):
        part(people)
    assert facts_of([rosa, sam], at) == before
    assert facts_of([rosa, sam], later) == together
    apart = facts_of([rosa, sam], now() + timedelta(days=4))
    assert apart[rosa].contacts_30d == apart[sam].contacts_30d == 1


def test_a_merged_request_is_found_by_the_new_name(
    people: Cast, client: Visitor, work: Work
) -> None:
    with transaction():
        his = conversation.file(people.sam, "Where is it", "Lost.", by=people.sams_account).id
    join(people)
    work()
    found = client.sign_in(people.mika).get("/desk/search?q=Rosa+where").text
    assert f"/desk/tickets/{his}" in found


def test_on_the_page_by_hand(people: Cast, client: Visitor, work: Work) -> None:
    client.sign_in(people.mika)
    rosa, sam = people.ids["rosa"], people.ids["sam"]
    path = f"/desk/customers/{rosa}/merging"
    page = client.get(f"{path}?other={sam}").text
    assert "will read the requests of both" in page
    assert client.post(path, data={"other": sam, "keep": sam}).status_code == 303
    assert people.rosa.merged_into_id == sam
    away = client.get(f"/desk/customers/{rosa}").text
    assert "Take the merge back" in away
    assert "Take it back" in client.get(f"/desk/customers/{sam}").text
    assert "Rosa" not in client.get("/desk/customers?q=Rosa").text.split("<tbody>")[-1]
    assert client.post(f"/desk/customers/{rosa}/separation").status_code == 303
    session.rollback()
    assert people.rosa.merged_into_id is None


def test_every_table_of_a_customers_has_a_number_or_stays() -> None:
    for name, place in places().items():
        assert "id" in place.table.c, name
        assert list(place.table.primary_key) == [place.id], name
    assert Model.metadata.tables["health_snapshot"].c.customer_id not in {
        place.whose for place in places().values()
    }
