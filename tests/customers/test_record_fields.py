"""Fields of customers and organizations: made by administrators, filled in, asked for."""

import pytest
from sqlalchemy import select

from helpdesk.core.db import session, transaction
from helpdesk.core.errors import Conflict, Invalid
from helpdesk.core.fields import Wish
from helpdesk.customers import fields, merging
from helpdesk.customers.fields import About, fill_in, filled_on
from helpdesk.customers.history import corrections_of
from helpdesk.customers.models import Customer
from helpdesk.desk.segments import FilterError, read_segment
from helpdesk.privacy.collecting import collect
from tests.cast import Cast
from tests.visitor import Visitor


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
