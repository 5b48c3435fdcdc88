"""Records that may be one person's are proposed, with the reason, until somebody says no."""

import re
from html import unescape

import pytest
from sqlalchemy import select

from helpdesk.core.db import session, transaction
from helpdesk.customers import duplicates, jobs, merging
from helpdesk.customers.contactpoints import phone_key
from helpdesk.customers.duplicates import duplicates_of, open_duplicates
from helpdesk.customers.likeness import NEAR, alike, distance
from helpdesk.customers.merges import Duplicate
from tests.cast import Cast, customer
from tests.visitor import Visitor


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("José Álvarez", "Jose Alvarez"),
        ("Müller, Jürgen", "Jurgen Muller"),
        ("Jürgen Müller", "Juergen Mueller"),
        ("Rosa Lindt", "Lindt Rosa"),
        ("R. Lindt", "Rosa Lindt"),
        ("Rosa M. Lindt", "Rosa Lindt"),
        ("Dr. Rosa Lindt", "rosa lindt"),
        ("Katarzyna Kowalska", "Katarzyna Kowaslka"),
        ("Søren Łukasz", "Soren Lukasz"),
        ("Jan van der Meer", "Jan Meer"),
        ("Sean O'Neill", "Sean ONeill"),
        ("Жанна Петрова", "Петрова Жанна"),
        ("Straße Franz", "Franz Strasse"),
    ],
)
def test_these_may_be_one_person(one: str, other: str) -> None:
    assert alike(one, other) >= NEAR
    assert alike(other, one) == alike(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Carl Lindt", "Rosa Lindt"),
        ("R. L.", "Rosa Lindt"),
        ("Rosa", "Rosa Lindt"),
        ("Anna Berg", "Hanna Burg"),
        ("Ian Ross", "Jan Voss"),
        ("J. Lindt", "Rosa Lindt"),
        ("", "Rosa Lindt"),
        ("", ""),
        ("!!!", "???"),
        ("Li Wu", "Wu Lee"),
    ],
)
def test_these_are_two(one: str, other: str) -> None:
    assert alike(one, other) < NEAR


def test_slips_of_the_pen_are_counted() -> None:
    assert distance("kowalska", "kowaslka") == 1
    assert distance("", "abc") == 3
    assert distance("kitten", "sitting") == 3


def test_phones_are_known_by_their_end() -> None:
    assert phone_key("+49 (0)30 123 45 678") == phone_key("030/12345678"[:1] + "3012345678")
    assert phone_key("12345") == ""


def proposed(name: str, people: Cast) -> list[str]:
    jobs.find_duplicates()
    session.rollback()
    return [reason for one in duplicates_of(people.ids[name]) for reason in one.reasons]


def test_they_are_proposed_with_the_reason(people: Cast) -> None:
    with transaction():
        session.add(customer("R. Lindt", "rlindt@harbor.example", people.harbor, False))
        people.rosa.phone = "+47 22 33 44 55"
        people.sam.phone = "0047 22334455"
    reasons = proposed("rosa", people)
    assert sorted(reasons) == [
        "nearly the same name and addresses at harbor.example",
        "the same phone",
    ]


def test_no_is_remembered(people: Cast, client: Visitor) -> None:
    with transaction():
        people.rosa.phone = people.sam.phone = "+47 22 33 44 55"
    assert proposed("rosa", people)
    found = open_duplicates().items[0]
    client.sign_in(people.mika)
    assert "the same phone" in client.get("/desk/customers/duplicates").text
    client.post(f"/desk/customers/duplicates/{found.id}/dismissal")
    assert not proposed("rosa", people)
    assert session.scalars(select(Duplicate.dismissed_by_id)).one() == people.mika.id


def test_what_no_longer_holds_is_forgotten(people: Cast) -> None:
    with transaction():
        people.rosa.phone = people.sam.phone = "+47 22 33 44 55"
    assert proposed("rosa", people)
    with transaction():
        people.sam.phone = None
    assert not proposed("rosa", people)


def test_a_switchboard_and_a_public_domain_say_nothing(people: Cast) -> None:
    with transaction():
        for n in range(8):
            one = customer(f"Person{'abcdefgh'[n]} Other", f"p{n}@gmail.com", None, False)
            one.phone = "+47 22 33 44 55"
            session.add(one)
        session.add(customer("Rosa Lindt", "rosa1@gmail.com", None, False))
        session.add(customer("Rosa Lindt", "rosa2@gmail.com", None, False))
    assert not proposed("rosa", people)
    assert session.scalars(select(Duplicate)).all() == []


def test_merged_ones_are_proposed_no_more(people: Cast) -> None:
    with transaction():
        people.rosa.phone = people.sam.phone = "+47 22 33 44 55"
    assert proposed("rosa", people)
    with transaction():
        merging.merge(people.rosa, people.sam, by=people.mika)
    assert not duplicates_of(people.ids["rosa"])
    assert not proposed("rosa", people)


def test_all_of_them_are_reached_page_by_page(
    people: Cast, client: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(duplicates, "SIZE", 2)
    with transaction():
        for n in range(4):
            one = customer(f"Person{'abcd'[n]} Other", f"p{n}@north.example", None, False)
            one.phone = people.rosa.phone = "+47 22 33 44 55"
            session.add(one)
    jobs.find_duplicates()
    session.rollback()
    client.sign_in(people.mika)
    path, seen = "/desk/customers/duplicates", list[str]()
    while path:
        page = client.get(path).text
        seen += re.findall(r"/duplicates/(\d+)/dismissal", page)
        older = re.search(r'href="([^"]+)" rel="next"', page)
        path = unescape(older[1]) if older else ""
    every = session.scalars(select(Duplicate.id)).all()
    assert len(every) == 10
    assert sorted(map(int, seen)) == sorted(every)
