"""Tickets are found by the words in them, from the moment these are kept."""

from contextlib import suppress

import pytest
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import ColumnElement, delete, func, insert, select

from helpdesk.accounts.models import Account
from helpdesk.core.clock import now
from helpdesk.core.db import session, transaction
from helpdesk.core.search import Query, postgresql
from helpdesk.core.search.postgresql import expression as postgresql_expression
from helpdesk.core.search.sqlite import expression as sqlite_expression
from helpdesk.customers.models import Address
from helpdesk.tickets import actions, conversation, indexing
from helpdesk.tickets.filters import FilterError, parse
from helpdesk.tickets.filters.conditions import query_of
from helpdesk.tickets.indexing import TicketToIndex
from helpdesk.tickets.jobs import index_waiting
from helpdesk.tickets.models import Priority, Ticket
from tests.cast import Cast
from tests.desk.conftest import statements


def found(text: str, viewer: Account | None = None) -> set[int]:
    return set(session.scalars(select(Ticket.id).where(*parse(text).where(viewer))))


STANDS = [
    "charged",
    "CHARGED october",
    "October card",
    '"charged twice"',
    '"was charged twice"',
    "rosa",
    "rosa@harbor.example",
    '"Rosa Lindt" harbor',
    "coffee -refund",
    "card OR nothing",
    "-nothing",
]
STANDS_NOT = [
    "charge",
    "charged november",
    '"twice charged"',
    '"october our"',  # the end of the subject and the start of a message
    "-charged",
    "card -october",
    "-(card charged)",
    '"rosa" NEAR "lindt"',
    "char*",
    "'charged' union select 1",
]


def test_a_ticket_is_found_by_what_stands_in_it(people: Cast) -> None:
    missed = {text for text in STANDS if found(text) != {people.ids["ticket"]}}
    wrong = {text for text in STANDS_NOT if found(text)}
    assert (missed, wrong) == (set(), set())


def test_every_verb_that_writes_is_followed(people: Cast) -> None:
    number = people.ids["ticket"]
    with transaction():
        ticket = people.ticket
        conversation.write(ticket, "The zeppelin came", people.rosa)
        conversation.reply(ticket, "A gramophone", by=people.mika, seen=ticket.version)
        conversation.add_note(ticket, "Ask the lighthouse", by=people.mika)
        actions.set_tags(ticket, ["late-fee"], by=people.mika)
    for text in ("zeppelin gramophone", "lighthouse", "late-fee", "late charged"):
        assert found(text) == {number}, text
    with transaction():
        actions.set_tags(people.ticket, [], by=people.mika)
        people.ticket.subject = "Overcharged"
    assert found("late") == found("october") == set()
    assert found("overcharged zeppelin") == {number}


def test_what_was_dropped_is_not_found(people: Cast) -> None:
    with transaction() as current:
        conversation.write(people.ticket, "The zeppelin came", people.rosa)
        session.flush()
        current.drop()
    assert found("zeppelin") == set()


def test_a_customers_new_name_and_address_are_found(people: Cast) -> None:
    with transaction():
        rosa = people.rosa
        rosa.name = "Rosalind Franklin"
        rosa.addresses.append(Address(email="rf@kings.example"))
        people.harbor.name = "Harbour Tea"
    for text in ("franklin", "rf@kings.example", '"harbour tea"'):
        assert found(text) == {people.ids["ticket"]}, text
    assert found("lindt") == set()


def test_a_ticket_that_goes_is_forgotten(people: Cast) -> None:
    with transaction():
        number = conversation.file(people.sam, "Zeppelin", "Please").id
    with transaction():
        ticket = session.get_one(Ticket, number)
        for row in (*ticket.messages, ticket):
            session.delete(row)
    with transaction():
        assert not indexing.tickets_index().among(query_of(parse("zeppelin").said, None), [number])


def test_very_many_tickets_are_left_to_the_job(people: Cast) -> None:
    rows = [
        {
            "subject": "Old",
            "customer_id": people.ids["sam"],
            "created_at": now(),
            "active_at": now(),
        }
        for _ in range(indexing.MOST_AT_ONCE + 1)
    ]
    with transaction():
        session.execute(insert(Ticket), rows)
    for name in ("Sam Zeppelin", "Sam Zeppelin the Second"):
        with transaction():
            people.sam.name = name
    assert found("zeppelin") == set()
    index_waiting()
    assert len(found("zeppelin second")) == len(rows)
    assert session.scalar(select(func.count(TicketToIndex.ticket_id))) == 0


def test_everything_is_read_anew(people: Cast) -> None:
    with transaction():
        session.execute(delete(TicketToIndex))
        indexing.tickets_index().drop([people.ids["ticket"]])
        indexing.leave_to_job(select(Ticket.id))
    assert found("charged") == set()
    index_waiting()
    assert found("charged") == {people.ids["ticket"]}


def test_notes_are_for_the_staff_alone(people: Cast) -> None:
    with transaction():
        conversation.add_note(people.ticket, "A difficult zeppelin", by=people.mika)
    assert found("zeppelin", people.mika) == {people.ids["ticket"]}
    assert found("zeppelin", people.rosas_account) == set()
    assert found("charged -zeppelin", people.rosas_account) == {people.ids["ticket"]}
    assert found("card", people.rosas_account) == {people.ids["ticket"]}


MEANT = [
    ("Crème brûlée", "creme BRULEE"),
    ("STRASSE", "straße"),
    ("Ошибка входа", "ошибка"),
    ("请求退款帮助", "退款"),
    ("서울 환불", "환불"),
    ("ﬁnal №5", "final"),
    ("snake_case_name", "case"),
    ("a" * 200, "a" * 40 + "b"),
]


def test_letters_are_taken_as_people_mean_them(people: Cast) -> None:
    with transaction():
        numbers = [conversation.file(people.sam, subject, "…").id for subject, _ in MEANT]
    wanted = {text: {number} for number, (_, text) in zip(numbers, MEANT, strict=True)}
    assert {text: found(text) for text in wanted} == wanted


def test_long_tickets_are_read_as_far_as_databases_go(people: Cast) -> None:
    with transaction():
        for n in range(60):
            words = " ".join(f"w{n}x{i}" for i in range(2_500))
            conversation.write(people.ticket, words, people.rosa)
    assert found("w50x5 charged") == {people.ids["ticket"]}


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=40) | st.text("NEAR*^\"'():-{}&|!<>~ abäб漢\\", max_size=30))
def test_whatever_is_looked_for_means_only_its_words(text: str) -> None:
    try:
        said = parse(text).said
    except FilterError:
        return
    if said:
        query = query_of(said, None, typing=True)
        parts = [part for word in query.words for part in word.parts]
        assert all(part.isalnum() for part in parts)
        for asked in (sqlite_expression(query), postgresql_expression(query)):
            assert not set(asked) - set("\"'&|<->:*() AND") - set("".join(parts))


def test_the_databases_take_whatever_is_looked_for(app: Flask) -> None:
    for text in (
        "NEAR(a b)",
        "a NEAR/2 b",
        "^a",
        "a*",
        '"a" *',
        "{title}:a",
        "a:b" * 3,
        "\x00a",
        "'",
    ):
        with suppress(FilterError):
            assert found(text) == set()


def test_the_newest_are_found_whatever_the_steps_are(
    people: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgresql, "BLOCK", 2)
    monkeypatch.setattr(postgresql, "_STEPS", (1, 3))
    with transaction():
        words = ["common old"] * 3 + ["common"] * 9 + ["common late"] * 4 + ["common"] * 4
        ids = {n: conversation.file(people.sam, word, "Hello").id for n, word in enumerate(words)}
        actions.set_priority(session.get_one(Ticket, ids[14]), Priority.URGENT, by=people.mika)
    for most in (100, 20_000):  # with few of them no step is left out
        monkeypatch.setattr(postgresql, "MOST_LOOKED_AT", most)
        for word in ("common", "old", "late"):
            of_word = [ids[n] for n in reversed(ids) if word in words[n]]
            query = query_of(parse(word).words, people.mika)
            for limit in (1, 2, 3, 7, 30):
                assert newest(query, limit) == of_word[:limit]
                assert newest(query, limit, of_word[1]) == of_word[2:][:limit]
            urgent = [n for n in of_word if n == ids[14]]
            assert newest(query, 5, None, Ticket.priority == Priority.URGENT) == urgent


def newest(
    query: Query, limit: int, below: int | None = None, *conditions: ColumnElement[bool]
) -> list[int]:
    return indexing.tickets_index().newest(query, Ticket.id, conditions, limit, below)


@pytest.mark.databases("postgresql")
def test_what_is_rare_is_asked_for_once(people: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgresql, "BLOCK", 1)
    query = query_of(parse("october").words, people.mika)
    with statements() as asked:
        assert newest(query, 10, below=10_000) == [people.ids["ticket"]]
    assert len(asked) == 1
