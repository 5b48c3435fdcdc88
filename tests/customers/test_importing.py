"""A table is taken over line by line, and the report says what became of each."""

import io
from dataclasses import replace

import pytest
from flask import Flask

from helpdesk.core.db import session
from helpdesk.customers import queries
from helpdesk.customers.imports.lines import order_line
from helpdesk.customers.models import Customer, Import, ImportState, Order
from tests.cast import Cast
from tests.visitor import Visitor
from tests.work import Work

CUSTOMERS = (
    "E-Mail;Name;Company;Domain;Language;Contract value;Renewal\r\n"
    "ines@north.example;Inês Duarte;Northwind;north.example;pt-PT;1.200,50;2027-01-31\r\n"
    "rosa@harbor.example;Rosa Lindt;Harbor Coffee;;de;;\r\n"
    "not an address;Nobody;;;;;\r\n"
    "late@north.example;Lee;Northwind;;;;4/5/26\r\n"
    "wide@north.example;Too;many;values;in;this;line;really\r\n"
)
ORDERS = (
    "email,order id,date,total,currency,product\n"
    'rosa@harbor.example,A-1,2026-01-15,"1,234.50",eur,Payroll\n'
    "rosa@harbor.example,A-2,2026-02-15T10:00:00+01:00,49,EUR,\n"
    "who@nowhere.example,A-3,2026-02-15,49,EUR,\n"
    "rosa@harbor.example,A-4,soon,49,EUR,\n"
    "rosa@harbor.example,A-5,2026-02-15,many,EUR,\n"
)


def hand_in(visitor: Visitor, kind: str, content: str | bytes, name: str = "table.csv") -> int:
    raw = content.encode() if isinstance(content, str) else content
    answer = visitor.post(
        "/desk/customers/imports",
        data={"kind": kind, "file": (io.BytesIO(raw), name)},
        content_type="multipart/form-data",
    )
    return answer.status_code


def report() -> dict[int, tuple[str, str]]:
    last = session.query(Import).order_by(Import.id.desc()).first()
    assert last is not None
    return {line.line: (line.outcome, line.message) for line in queries.lines_of(last.id)}


def test_customers_are_taken_changed_and_refused_line_by_line(
    people: Cast, client: Visitor, work: Work
) -> None:
    assert hand_in(client.sign_in(people.nora), "customers", CUSTOMERS) == 303
    work()
    outcomes = {line: outcome for line, (outcome, _) in report().items()}
    assert outcomes == {2: "taken", 3: "changed", 4: "refused", 5: "refused", 6: "refused"}
    ines = queries.customer_behind("ines@north.example")
    assert ines is not None
    assert (ines.name, ines.language) == ("Inês Duarte", "pt")
    assert ines.organization is not None
    assert str(ines.organization.contract_value) == "1200.50"
    assert people.rosa.language == "de"


def test_a_refused_line_says_what_is_wrong_with_it(
    people: Cast, client: Visitor, work: Work
) -> None:
    hand_in(client.sign_in(people.nora), "customers", CUSTOMERS)
    work()
    assert "is not an e-mail address" in report()[4][1]
    assert "is not a date" in report()[5][1]
    assert "8 values" in report()[6][1]


def test_a_refused_line_leaves_nothing_behind(people: Cast, client: Visitor, work: Work) -> None:
    hand_in(client.sign_in(people.nora), "customers", CUSTOMERS)
    work()
    assert queries.customer_behind("late@north.example") is None


@pytest.mark.parametrize(("kind", "content"), [("customers", CUSTOMERS), ("orders", ORDERS)])
def test_the_same_file_twice_changes_nothing_the_second_time(
    people: Cast, client: Visitor, work: Work, kind: str, content: str
) -> None:
    for _ in range(2):
        hand_in(client.sign_in(people.nora), kind, content)
        work()
    assert {outcome for outcome, _ in report().values()} == {"unchanged", "refused"}


def test_orders_hang_on_their_customer(people: Cast, client: Visitor, work: Work) -> None:
    hand_in(client.sign_in(people.nora), "orders", ORDERS)
    work()
    orders = {
        order.reference: order
        for order in session.query(Order).filter_by(customer_id=people.ids["rosa"])
    }
    assert set(orders) == {"A-1", "A-2"}
    assert str(orders["A-1"].amount) == "1234.50"
    assert orders["A-2"].ordered_at.hour == 9
    assert report()[4][0] == "refused"


def test_many_batches_with_faults_are_all_accounted_for(
    people: Cast, client: Visitor, work: Work
) -> None:
    body = "".join(
        f"c{n}@many.example,Customer {n}\n" if n % 10 else f"broken {n},x\n" for n in range(700)
    )
    hand_in(client.sign_in(people.nora), "customers", "email,name\n" + body)
    work()
    last = session.query(Import).one()
    assert last.state is ImportState.DONE
    assert queries.outcomes_of(last.id) == {"taken": 630, "refused": 70}


@pytest.mark.parametrize(
    "content",
    ["", "just a line of text\n", "name,phone\nRosa,1\n", b"\x00\x01\x02\xff", "\ufeff"],
)
def test_what_is_no_table_is_refused_with_a_reason(
    people: Cast, client: Visitor, content: str | bytes
) -> None:
    assert hand_in(client.sign_in(people.nora), "customers", content) == 422
    assert session.query(Import).count() == 0


def test_windows_files_keep_their_umlauts(people: Cast, client: Visitor, work: Work) -> None:
    raw = "email;name\njoerg@north.example;Jörg Müller\n".encode("cp1252")
    hand_in(client.sign_in(people.nora), "customers", raw)
    work()
    found = queries.customer_behind("joerg@north.example")
    assert found is not None
    assert found.name == "Jörg Müller"


def test_a_crash_in_the_middle_goes_on_where_it_stopped(
    people: Cast, client: Visitor, work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    from helpdesk.core.db import transaction
    from helpdesk.customers import imports

    monkeypatch.setattr(imports, "BATCH", 2)
    hand_in(client.sign_in(people.nora), "orders", ORDERS)
    number = session.query(Import).one().id
    with transaction():
        imports.run_batch(number)
    assert session.query(Order).count() == 2
    work()
    assert len(report()) == 5
    assert session.query(Order).count() == 2


def test_agents_cannot_import(people: Cast, client: Visitor) -> None:
    assert hand_in(client.sign_in(people.mika), "customers", CUSTOMERS) == 403
    assert session.query(Customer).count() == 3


def test_the_report_page_shows_each_line(people: Cast, client: Visitor, work: Work) -> None:
    hand_in(client.sign_in(people.nora), "orders", ORDERS, "orders & more.csv")
    work()
    last = session.query(Import).one()
    page = client.get(f"/desk/customers/imports/{last.id}?outcome=refused").text
    assert "No customer has the address who@nowhere.example" in page
    assert "orders &amp; more.csv" in page


def test_a_line_that_no_database_keeps_stops_no_other(
    people: Cast, client: Visitor, work: Work
) -> None:
    table = (
        "email,reference,date,amount\n"
        "rosa@harbor.example,A,2026-01-02,9999999999.999\n"
        "rosa@harbor.example,B,0001-01-01T00:00:00+14:00,1\n"
        "rosa@harbor.example,C,2026-01-02,5\n"
    )
    hand_in(client.sign_in(people.nora), "orders", table)
    work()
    assert [outcome for outcome, _ in report().values()] == ["refused", "refused", "taken"]


def test_a_name_that_does_not_fit_is_refused_and_not_cut(
    people: Cast, client: Visitor, work: Work
) -> None:
    hand_in(client.sign_in(people.nora), "customers", f"email,name\nx@y.example,{'N' * 121}\n")
    work()
    assert report()[2] == ("refused", "The name is longer than 120 characters.")


def test_two_columns_of_one_field_agree_or_the_line_is_refused(
    people: Cast, client: Visitor, work: Work
) -> None:
    table = (
        "email,name,full name,phone,telephone\n"
        "a@y.example,Ann,Ann,+47 1,+47 2\n"
        "b@y.example,Bea,,+47 1,\n"
        "c@y.example,Cy,Cyrus,,\n"
    )
    hand_in(client.sign_in(people.nora), "customers", table)
    work()
    assert [outcome for outcome, _ in report().values()] == ["taken", "taken", "refused"]
    assert report()[4][1] == "Two columns are read as name: “Cy” and “Cyrus”."
    ann = queries.customer_behind("a@y.example")
    assert ann is not None
    assert [point.value for point in ann.contact_points] == ["+47 1", "+47 2"]


def test_orders_are_in_the_currency_of_the_company_unless_they_say_otherwise(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours = replace(app.extensions["helpdesk.config"], currency="CHF")
    monkeypatch.setitem(app.extensions, "helpdesk.config", ours)
    values = {"email": "x@y.example", "reference": "A", "ordered_at": "2026-01-02", "amount": "5"}
    assert order_line(values).facts["currency"] == "CHF"
    assert order_line(values | {"currency": "usd"}).facts["currency"] == "USD"
