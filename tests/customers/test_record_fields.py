"""Fields of customers and organizations: made by administrators, filled in, asked for."""

import io

import pytest
from sqlalchemy import event, select

from helpdesk.core.db import db, session, transaction
from helpdesk.core.errors import Conflict, Invalid
from helpdesk.core.fields import Wish
from helpdesk.customers import fields, merging, queries
from helpdesk.customers.fields import About, CustomerFieldValue, fill_in, filled_on
from helpdesk.customers.history import corrections_of
from helpdesk.customers.models import Customer
from helpdesk.desk.segments import FilterError, read_segment
from helpdesk.privacy.collecting import collect
from tests.cast import Cast
from tests.customers.test_importing import hand_in, report
from tests.visitor import Visitor
from tests.work import Work


def make(people: Cast, key: str, kind: str = "number", about: About = About.CUSTOMER) -> int:
    with transaction():
        wish = Wish(key, key.capitalize(), kind, "Round\nSquare")
        return fields.add_field(about, wish, by=people.ada).id


def fill(people: Cast, who: str, field_id: int, text: str) -> None:
    with transaction():
        fill_in(getattr(people, who), {field_id: text}, by=people.mika)


def held(people: Cast, who: str) -> dict[str, str]:
    session.rollback()
    return {one.field.key: one.text for one in filled_on(getattr(people, who))}


def found(people: Cast, text: str) -> list[str]:
    where = read_segment(text).where(people.mika)
    return sorted(session.scalars(select(Customer.name).where(*where)))


def test_they_are_made_and_filled_in_on_pages(people: Cast, client: Visitor) -> None:
    client.sign_in(people.ada)
    form = {"about": "customer", "label": "Shape", "key": "shape", "kind": "choice"}
    few = client.post("/admin/record-fields", data=form | {"choices": "Round"})
    assert few.status_code == 422
    form["choices"] = "Round\nSquare"
    assert client.post("/admin/record-fields", data=form).status_code == 303
    assert client.post("/admin/record-fields", data=form).status_code == 409
    (field,) = fields.record_fields()
    path = f"/desk/customers/{people.rosa.id}/fields"
    client.sign_in(people.mika)
    assert client.post(path, data={f"field-{field.id}": "oval"}).status_code == 422
    assert client.post(path, data={f"field-{field.id}": "square"}).status_code == 303
    page = client.get(f"/desk/customers/{people.rosa.id}").text
    assert page.count("Square") == 2, "among the facts, and in the history"
    said = corrections_of("customer", people.ids["rosa"])
    assert [(one.field, one.after) for one in said] == [("field.shape", "Square")]


def test_a_retired_one_keeps_what_is_filled_in(people: Cast) -> None:
    seats = make(people, "seats")
    fill(people, "rosa", seats, "40,0")
    with transaction():
        fields.retire_field(fields.field_by_id(seats), back=False, by=people.ada)
    fill(people, "rosa", seats, "9")
    assert (held(people, "rosa"), held(people, "sam")) == ({"seats": "40"}, {})


def test_segments_ask_for_them(people: Cast) -> None:
    seats, shape = make(people, "seats"), make(people, "shape", "choice", About.ORGANIZATION)
    fill(people, "rosa", seats, "40")
    fill(people, "sam", seats, "9")
    fill(people, "harbor", shape, "round")
    assert found(people, "field.seats>9") == ["Rosa Lindt"]
    assert found(people, "field.seats:none") == ["Carl Lindt"]
    assert found(people, "-field.seats:40 field.shape:ROUND") == ["Carl Lindt"]
    assert found(people, "field.shape:none") == ["Sam Stone"]
    with pytest.raises(FilterError):
        read_segment("field.sets:4")


def test_a_merge_brings_what_the_other_one_lacks_and_can_be_undone(people: Cast) -> None:
    seats, size = make(people, "seats"), make(people, "size")
    fill(people, "rosa", seats, "1")
    fill(people, "sam", seats, "2")
    fill(people, "sam", size, "3")
    with transaction():
        merging.merge(people.rosa, people.sam, by=people.mika)
    assert held(people, "rosa") == {"seats": "1", "size": "3"}
    with transaction():
        merged = merging.last_merge(people.ids["sam"])
        assert merged is not None
        merging.undo(merged, by=people.mika)
    assert held(people, "sam") == {"seats": "2", "size": "3"}
    assert held(people, "rosa") == {"seats": "1", "size": ""}
    data, _ = collect(people.sam, people.nora)
    assert data["more"] == {"Seats": "2", "Size": "3"}


def test_a_key_is_given_once(people: Cast) -> None:
    make(people, "seats")
    with pytest.raises(Conflict):
        make(people, "seats", about=About.ORGANIZATION)
    with pytest.raises(Invalid):
        make(people, "Seats 2")


TABLE = (
    "email,name,Seats,field.shape,size\n"
    "rosa@harbor.example,,9,SQUARE,\nnew@north.example,Nina,40,round,3\n"
    "new@north.example,Nina,41,,\nodd@north.example,Odd,many,,\n"
)


def hand_in_twice(client: Visitor, work: Work, kind: str, table: str) -> list[list[str]]:
    outcomes = []
    for _ in range(2):
        assert hand_in(client, kind, table) == 303
        work()
        outcomes.append([outcome for outcome, _ in report().values()])
    return outcomes


def test_tables_fill_them_in_once_and_can_be_undone(
    people: Cast, client: Visitor, work: Work
) -> None:
    seats = make(people, "seats")
    make(people, "shape", "choice")
    fill(people, "rosa", seats, "40")
    client.sign_in(people.nora)
    assert hand_in_twice(client, work, "customers", TABLE) == [
        ["changed", "taken", "changed", "refused"],
        ["unchanged", "changed", "changed", "refused"],  # two lines differ about one person
    ]
    assert "“Seats” is a number" in report()[5][1]
    assert held(people, "rosa") == {"seats": "9", "shape": "Square"}
    nina = queries.customer_behind("new@north.example")
    assert nina is not None
    assert {one.field.key: one.text for one in filled_on(nina)} == {"seats": "41", "shape": "Round"}
    fill(people, "rosa", seats, "12")
    for number in (2, 1):
        client.post(f"/desk/customers/imports/{number}/undoing")
        work()
    assert held(people, "rosa") == {"seats": "12", "shape": ""}, "what changed since is kept"
    assert queries.customer_behind("new@north.example") is None
    assert set(session.scalars(select(CustomerFieldValue.customer_id))) == {people.ids["rosa"]}


def test_tables_of_organizations_fill_theirs_in(people: Cast, client: Visitor, work: Work) -> None:
    make(people, "plan", "text", About.ORGANIZATION)
    client.sign_in(people.nora)
    table = "organization,plan\nHarbor Coffee,Large\nNorthwind,Small\n"
    assert hand_in_twice(client, work, "organizations", table) == [
        ["changed", "taken"], ["unchanged", "unchanged"],
    ]  # fmt: skip
    assert held(people, "harbor") == {"plan": "Large"}
    north = queries.organization_called("Northwind")
    assert north is not None
    assert [one.text for one in filled_on(north)] == ["Small"]
    assert "field.plan" in client.get("/desk/customers/imports").text
    client.post("/desk/customers/imports/1/undoing")
    work()
    assert held(people, "harbor") == {"plan": ""}


def test_a_trial_fills_nothing_in_and_a_column_can_be_chosen(
    people: Cast, client: Visitor, work: Work
) -> None:
    make(people, "seats")
    client.sign_in(people.nora)
    raw = b"email,Stuehle\nrosa@harbor.example,9\n"
    form = {"kind": "customers", "trial": "y", "file": (io.BytesIO(raw), "a.csv")}
    client.post("/desk/customers/imports", data=form, content_type="multipart/form-data")
    work()
    path = "/desk/customers/imports/1/repetition"
    client.post(path, data={"column-Stuehle": "field.seats"})
    work()
    assert [outcome for outcome, _ in report().values()] == ["changed"]
    assert held(people, "rosa") == {"seats": ""}, "it was tried once more"
    client.post(path, data={"column-Stuehle": "field.seats", "for_good": "yes"})
    work()
    assert held(people, "rosa") == {"seats": "9"}


def test_owners_are_looked_up_once_for_all_lines(people: Cast, client: Visitor, work: Work) -> None:
    client.sign_in(people.nora)
    table = "organization,owner\n" + "".join(
        f"Firm {n},{'who@x.example' if n == 7 else people.mika.email}\n" for n in range(30)
    )
    asked: list[str] = []

    def listen(_c: object, _cur: object, statement: str, *_more: object) -> None:
        if "FROM account" in statement and "WHERE account.email" in statement:
            asked.append(statement)

    hand_in(client, "organizations", table)
    event.listen(db.engine, "before_cursor_execute", listen)
    try:
        work()
    finally:
        event.remove(db.engine, "before_cursor_execute", listen)
    assert len(asked) == 1
    assert "is nobody of us" in report()[9][1]
    assert queries.outcomes_of(1) == {"taken": 29, "refused": 1}
