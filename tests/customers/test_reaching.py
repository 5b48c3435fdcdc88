"""Phones and handles: several of a person, found by them, and carried wherever the record goes."""

import io
import json
from zipfile import ZipFile

import pytest
from sqlalchemy import select

from helpdesk.core.db import session, transaction
from helpdesk.core.errors import Conflict, Invalid
from helpdesk.customers import jobs, merging, reaching
from helpdesk.customers.contactpoints import ContactPoint, PointKind, key_of
from helpdesk.customers.duplicates import duplicates_of
from helpdesk.customers.history import corrections_of
from helpdesk.desk.search import customers_like
from helpdesk.privacy.collecting import archive_for
from tests.cast import Cast
from tests.customers.test_importing import hand_in, report
from tests.letters import events
from tests.visitor import Visitor
from tests.work import Work


def add(people: Cast, who: str, kind: str, value: str, label: str = "") -> int:
    with transaction():
        made = reaching.add_point(
            getattr(people, who), PointKind(kind), value, label, by=people.mika
        )
        return made.id


def held(people: Cast, who: str) -> list[str]:
    session.rollback()
    return [f"{one}{' *' if one.is_primary else ''}" for one in getattr(people, who).contact_points]


@pytest.mark.parametrize(
    ("kind", "written", "key"),
    [
        ("phone", "+47 (22) 33-44", "47223344"),
        ("phone", "0047 22 33 44", "47223344"),
        ("telegram", "@Rosa_L", "rosa_l"),
        ("signal", "+47 22 33", "472233"),
        ("signal", "rosa.42", "rosa.42"),
    ],
)
def test_they_are_known_however_they_are_written(kind: str, written: str, key: str) -> None:
    assert key_of(PointKind(kind), written) == key


def test_the_first_phone_is_the_one_to_call_until_another_one_is(people: Cast) -> None:
    add(people, "rosa", "telegram", "@rosa")
    add(people, "rosa", "phone", "+47 22 33 44 55", "work")
    mobile = add(people, "rosa", "phone", "+47 99 88 77 66", "mobile")
    assert people.rosa.phone == "+47 22 33 44 55"
    with transaction():
        reaching.prefer_point(people.rosa, reaching.point_of(people.rosa, mobile), by=people.mika)
    assert held(people, "rosa") == [
        "Telegram: @rosa", "Phone: +47 22 33 44 55 (work)", "Phone: +47 99 88 77 66 (mobile) *",
    ]  # fmt: skip
    assert people.rosa.phone == "+47 99 88 77 66"
    said = [(one.field, one.after) for one in corrections_of("customer", people.ids["rosa"])]
    assert ("handle", "Telegram: @rosa") in said
    assert [one.data["what"] for one in events("ContactPointsChanged")] == [
        "added", "added", "added", "preferred",
    ]  # fmt: skip


def test_the_same_one_twice_and_none_at_all_are_refused(people: Cast) -> None:
    add(people, "rosa", "phone", "+47 22 33 44 55")
    with pytest.raises(Conflict):
        add(people, "rosa", "phone", "0047 22334455")
    with pytest.raises(Invalid):
        add(people, "rosa", "phone", "none")


def test_they_are_kept_on_their_page(people: Cast, client: Visitor) -> None:
    path = f"/desk/customers/{people.rosa.id}/contact-points"
    client.sign_in(people.mika)
    form = {"kind": "phone", "value": "+47 22 33 44 55", "label": "work"}
    assert client.post(path, data=form).status_code == 303
    again = client.post(path, data=form)
    assert (again.status_code, "on the record already" in again.text) == (409, True)
    (number,) = session.scalars(select(ContactPoint.id)).all()
    client.post(f"{path}/{number}/label", data={"label": "home"})
    client.post(f"{path}/{number}/verification")
    page = client.get(f"/desk/customers/{people.rosa.id}").text
    assert "Phone: +47 22 33 44 55 (home)" in page
    assert "reached" in page
    other = f"/desk/customers/{people.sam.id}/contact-points/{number}"
    assert client.post(f"{other}/verification").status_code == 404
    client.post(f"{other}/removal")
    assert held(people, "rosa") == ["Phone: +47 22 33 44 55 (home) *"]
    client.post(f"{path}/{number}/removal")
    assert held(people, "rosa") == []


@pytest.mark.parametrize("text", ["+47 22", "0047 2233", "22 33 44 55", "@ROSA_l", "rosa_"])
def test_a_person_is_found_by_them(people: Cast, text: str) -> None:
    add(people, "sam", "phone", "+47 22 33 44 55")
    add(people, "sam", "telegram", "@Rosa_L")
    if text == "22 33 44 55":
        text = "(0) 47 22 33 44 55"
    assert [row.name for row in customers_like(text)] == ["Sam Stone"]


def test_one_handle_of_two_records_is_proposed(people: Cast) -> None:
    add(people, "rosa", "telegram", "@rosa_l")
    add(people, "sam", "telegram", "Rosa_L")
    add(people, "carl", "x", "rosa_l")
    jobs.find_duplicates()
    session.rollback()
    (found,) = duplicates_of(people.ids["rosa"])
    assert (found.second_id, found.reasons) == (people.ids["sam"], ["the same handle"])


def test_a_merge_brings_them_and_taking_it_back_restores_them(people: Cast) -> None:
    add(people, "rosa", "phone", "+47 22 33 44 55")
    add(people, "sam", "phone", "+47 99 88 77 66", "mobile")
    add(people, "sam", "phone", "0047 22334455")
    before = held(people, "rosa"), held(people, "sam")
    with transaction():
        merging.merge(people.rosa, people.sam, by=people.mika)
    assert held(people, "rosa") == [
        "Phone: +47 22 33 44 55 *", "Phone: +47 99 88 77 66 (mobile)",
    ]  # fmt: skip
    with transaction():
        merged = merging.last_merge(people.ids["sam"])
        assert merged is not None
        merging.undo(merged, by=people.mika)
    assert (held(people, "rosa"), held(people, "sam")) == before


TABLE = (
    "email,name,phone,mobile,handles\n"
    "rosa@harbor.example,,+47 22 33 44 55,+47 99 88 77 66,telegram:@rosa; x:rosal\n"
    "new@north.example,Nina,030 1234567;030 1234567,,\n"
    "sam@stone.example,,,,pigeon:coo\n"
)


def test_tables_add_them_once_and_can_be_undone(people: Cast, client: Visitor, work: Work) -> None:
    add(people, "rosa", "phone", "0047 22334455", "desk")
    client.sign_in(people.nora)
    for outcomes in (["changed", "taken", "refused"], ["unchanged", "unchanged", "refused"]):
        assert hand_in(client, "customers", TABLE) == 303
        work()
        assert [outcome for outcome, _ in report().values()] == outcomes
    assert held(people, "rosa") == [
        "Phone: 0047 22334455 (desk) *", "Phone: +47 99 88 77 66 (mobile)",
        "Telegram: @rosa", "X: rosal",
    ]  # fmt: skip
    assert "telegram:@rosa" in report()[4][1], "how to write it"
    client.post("/desk/customers/imports/1/undoing")
    work()
    assert held(people, "rosa") == ["Phone: 0047 22334455 (desk) *"]
    assert session.scalars(select(ContactPoint.customer_id)).all() == [people.ids["rosa"]]


def test_they_are_handed_out(people: Cast) -> None:
    add(people, "rosa", "telegram", "@rosa_l")
    with transaction():
        made = archive_for(people.rosa, by=people.nora)
    with made, ZipFile(io.BytesIO(made.read())) as archive:
        data = json.loads(archive.read("data.json"))
        assert "telegram: @rosa_l" in archive.read("read-me.html").decode()
    assert [one["value"] for one in data["phones_and_handles"]] == ["@rosa_l"]
