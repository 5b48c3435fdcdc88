"""Macros, rules and bulk edits fill in fields of tickets."""

import json

import pytest
from sqlalchemy import select

from helpdesk.core.db import session, transaction
from helpdesk.core.fields import Wish
from helpdesk.privacy.tickets import Forgotten, forget_words
from helpdesk.rules.models import Outcome as Decision
from helpdesk.rules.models import RuleDecision
from helpdesk.tickets import actions, changes, filling
from helpdesk.tickets.bulk.models import BulkLine, Outcome
from helpdesk.tickets.changes import ChangesInvalid, Refused
from helpdesk.tickets.models import Priority, Status
from helpdesk.tickets.types import TicketField, TicketType, values_of
from tests.cast import Cast
from tests.rules.writing import rule
from tests.tickets.test_bulk_edits import done, outcomes, reason, some_tickets, ticket, undone
from tests.visitor import Visitor
from tests.work import Work


@pytest.fixture
def order(people: Cast) -> int:
    """A type with fields, of which the number is needed before a ticket is resolved."""
    with transaction():
        kind = filling.make_type("Order", by=people.ada)
        for wish in (
            Wish("order_number", "Order number", "text", is_required=True),
            Wish("amount", "Amount", "number"),
            Wish("size", "Size", "choice", "Small\nLarge"),
        ):
            filling.add_field(kind, wish, by=people.ada)
        return kind.id


def as_order(number: int, order: int) -> None:
    with transaction():
        filling.set_type(ticket(number), session.get_one(TicketType, order), by=None)


def held(number: int) -> dict[str, str]:
    session.rollback()
    keys = {field.id: field.key for field in session.scalars(select(TicketField))}
    return {keys[field]: text for field, text in values_of(number).items() if text}


def chosen(**given: str) -> changes.Changes:
    return changes.from_form({f"do-{do}": to for do, to in given.items()})


def test_lines_are_kept_as_they_were_meant(order: int) -> None:
    read = chosen(fields=" Order_Number:  A:\x00 1 \n\nfield.size:large\namount:")
    kept = [{"do": "fields", "to": "order_number: A: 1\nsize: large\namount:"}]
    assert changes.as_json(read) == kept
    assert changes.read(kept) == read
    words = "fill in Order number “A: 1”, fill in Size “large”, empty Amount"
    assert changes.described(read) == [words]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("order_numbr: 1", "Did you mean “order_number”?"),
        ("order_number", "a colon"),
        ("size: Huge", "one of: Small, Large"),
        ("amount: much", "is a number"),
        ("amount: 1\nAmount: 2", "each field once"),
        (":", "no field “”"),
        ("size: Small\n" + "\n" * 20_000, "20,000 are possible"),
        ("\n".join(f"f{'x' * n}: 1" for n in range(41)), "1 to 40 fields"),
    ],
)
def test_what_cannot_be_filled_in_is_refused(order: int, text: str, says: str) -> None:
    with pytest.raises(ChangesInvalid) as refusal:
        chosen(fields=text)
    assert says in refusal.value.errors["fields"]


def test_the_type_comes_first_and_what_is_needed_is_there_when_it_is_resolved(
    people: Cast, order: int
) -> None:
    todo = chosen(type=str(order), fields="order_number: A-1\nsize: large", status="resolve")
    foreseen = changes.foresee(todo, people.ticket, by=people.mika)
    assert [(one.would_change, one.refusal) for one in foreseen] == [(True, "")] * 3
    with transaction():
        changes.apply(todo, people.ticket, by=people.mika)
    assert held(people.ids["ticket"]) == {"order_number": "A-1", "size": "Large"}
    assert people.ticket.status is Status.RESOLVED
    with transaction():
        again = changes.apply(chosen(fields="size: LARGE"), people.ticket, by=people.mika)
    assert again.nothing_to_do == ("fill in Size “LARGE”",)


def test_a_ticket_of_another_type_is_told_which_it_should_have(people: Cast, order: int) -> None:
    todo = chosen(fields="order_number: A-1")
    says = "“Order number” is filled in on tickets of the type Order."
    assert [one.refusal for one in changes.foresee(todo, people.ticket, by=people.mika)] == [says]
    with pytest.raises(Refused) as refusal, transaction():
        changes.apply(todo, people.ticket, by=people.mika)
    assert refusal.value.reason == says


def test_resolving_alone_still_asks_for_what_is_missing(people: Cast, order: int) -> None:
    as_order(people.ids["ticket"], order)
    todo = chosen(fields="order_number:\nsize: Small", status="resolve")
    foreseen = changes.foresee(todo, people.ticket, by=people.mika)
    assert foreseen[-1].refusal == "Before it is resolved, fill in: Order number."


def test_a_rule_fills_in_and_is_stopped_by_another_type_alone(
    people: Cast, work: Work, order: int
) -> None:
    work()
    with transaction():
        rule("", {"fields": "size: Large"}, "priority")
        actions.set_priority(people.ticket, Priority.HIGH, by=people.mika)
    work()
    as_order(people.ids["ticket"], order)
    with transaction():
        actions.set_priority(people.ticket, Priority.LOW, by=people.mika)
    work()
    made = session.scalars(select(RuleDecision.outcome).order_by(RuleDecision.id)).all()
    assert made == [Decision.STOPPED, Decision.DONE]
    assert held(people.ids["ticket"]) == {"size": "Large"}


def test_many_are_filled_in_and_taken_back(people: Cast, order: int) -> None:
    one, two, three, four = some_tickets(people, 4)
    for number in (one, two, three):
        as_order(number, order)
    with transaction():
        size = session.query(TicketField).filter_by(key="size").one()
        filling.fill_in(ticket(two), {size.id: "Small"}, by=people.ben)
    bulk = done(people, [one, two, three, four], fields="size: Large\norder_number: A-1")
    filled = {"size": "Large", "order_number": "A-1"}
    assert [held(n) for n in (one, two, three, four)] == [filled, filled, filled, {}]
    assert outcomes(bulk)[four] is Outcome.REFUSED
    with transaction():
        filling.fill_in(ticket(three), {size.id: "Small"}, by=people.ben)
    undone(people, bulk)
    assert [held(n) for n in (one, two)] == [{}, {"size": "Small"}]
    assert held(three) == {"size": "Small", "order_number": "A-1"}
    assert reason(bulk, three) == "fields: Ben Lund changed it since"


def test_nothing_that_was_filled_in_outlives_the_words_of_a_ticket(
    people: Cast, order: int
) -> None:
    (one,) = some_tickets(people, 1)
    as_order(one, order)
    with transaction():
        number = session.query(TicketField).filter_by(key="order_number").one()
        filling.fill_in(ticket(one), {number.id: "Quagga"}, by=people.ben)
    bulk = done(people, [one], fields="order_number: A-1", priority="high")
    with transaction():
        forget_words([one], Forgotten())
    line = session.get_one(BulkLine, (bulk, one))
    assert "Quagga" not in json.dumps([line.before, line.after])
    undone(people, bulk)
    assert (held(one), ticket(one).priority) == ({}, Priority.NORMAL)


def test_the_forms_name_the_fields_there_are(client: Visitor, people: Cast, order: int) -> None:
    client.sign_in(people.nora)
    for page in ("/desk/macros/new", "/desk/rules/new"):
        text = client.get(page).text
        assert 'name="do-fields"' in text
        assert "order_number (Order number)" in text


def test_without_fields_nobody_is_asked_to_fill_in(client: Visitor, people: Cast) -> None:
    client.sign_in(people.nora)
    assert "do-fields" not in client.get("/desk/macros/new").text
