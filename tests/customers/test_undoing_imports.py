"""An import is tried first, read as one says, and can be taken back."""

import io
import json
from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from werkzeug.datastructures import FileStorage

from helpdesk.core.db import session, transaction
from helpdesk.core.errors import Conflict
from helpdesk.customers import actions, imports, papers, queries
from helpdesk.customers.history import corrections_of
from helpdesk.customers.imports.undoing import undo
from helpdesk.customers.models import (
    Customer,
    Import,
    ImportState,
    Order,
    Organization,
    SurveyPreference,
)
from helpdesk.customers.organizations import move_person
from helpdesk.privacy.deciding import place_hold
from tests.cast import Cast
from tests.customers.test_importing import CUSTOMERS, ORDERS, hand_in, report
from tests.visitor import Visitor
from tests.work import Work


def last() -> Import:
    session.rollback()
    found = session.query(Import).order_by(Import.id.desc()).first()
    assert found is not None
    return found


def take(client: Visitor, work: Work, kind: str, content: str) -> dict[int, tuple[str, str]]:
    assert hand_in(client, kind, content) == 303
    work()
    return report()


def take_back(client: Visitor, work: Work) -> dict[int, tuple[str, str]]:
    client.post(f"/desk/customers/imports/{last().id}/undoing")
    work()
    session.rollback()
    return report()


def try_out(client: Visitor, work: Work, kind: str, content: str) -> None:
    raw = content.encode()
    client.post(
        "/desk/customers/imports",
        data={"kind": kind, "trial": "y", "file": (io.BytesIO(raw), "a.csv")},
        content_type="multipart/form-data",
    )
    work()


def test_a_trial_says_what_would_happen_and_changes_nothing(
    people: Cast, client: Visitor, work: Work
) -> None:
    client.sign_in(people.nora)
    before = people.rosa.language
    try_out(client, work, "customers", CUSTOMERS)
    outcomes = {line: outcome for line, (outcome, _) in report().items()}
    assert outcomes == {2: "taken", 3: "changed", 4: "refused", 5: "refused", 6: "refused"}
    assert queries.customer_behind("ines@north.example") is None
    assert people.rosa.language == before
    assert "nothing has changed" in client.get(f"/desk/customers/imports/{last().id}").text


def test_after_a_trial_it_is_done_for_good(people: Cast, client: Visitor, work: Work) -> None:
    client.sign_in(people.nora)
    try_out(client, work, "customers", CUSTOMERS)
    path = f"/desk/customers/imports/{last().id}/repetition"
    assert client.post(path, data={"for_good": "yes"}).status_code == 303
    work()
    assert queries.customer_behind("ines@north.example") is not None
    assert len(report()) == 5
    assert client.post(path, data={"for_good": "yes"}).status_code == 409


def test_columns_can_be_read_as_what_they_are(people: Cast, client: Visitor, work: Work) -> None:
    client.sign_in(people.nora)
    content = "email,Fernsprecher,name\nrosa@harbor.example,+49 30 1,Somebody else\n"
    try_out(client, work, "customers", content)
    path = f"/desk/customers/imports/{last().id}/repetition"
    client.post(path, data={"column-Fernsprecher": "phone", "column-name": "", "for_good": "yes"})
    work()
    session.rollback()
    assert (people.rosa.phone, people.rosa.name) == ("+49 30 1", "Rosa Lindt")


def test_json_lines_are_read_like_tables(people: Cast, client: Visitor, work: Work) -> None:
    client.sign_in(people.nora)
    rows = [
        {"email": "rosa@harbor.example", "order": "A-1", "date": "2026-01-15", "total": 12.5},
        {"email": "rosa@harbor.example", "order": 7, "date": "2026-01-16", "total": "3", "x": None},
    ]
    content = "\n".join(json.dumps(row) for row in rows) + "\n[1]\n{broken\n"
    found = take(client, work, "orders", content)
    assert [outcome for outcome, _ in found.values()] == ["taken", "taken", "refused", "refused"]
    assert "no JSON object" in found[4][1]
    assert {order.reference for order in session.query(Order)} == {"A-1", "7"}


def test_organizations_come_with_their_contract(people: Cast, client: Visitor, work: Work) -> None:
    client.sign_in(people.nora)
    content = (
        "name,domain,contract value,renewal\n"
        "Northwind,https://www.north.example/,1200,2027-01-31\n"
        "Harbor Coffee,,800,2027-02-28\nThief,harbor.example,,\n"
    )
    found = take(client, work, "organizations", content)
    assert [outcome for outcome, _ in found.values()] == ["taken", "changed", "refused"]
    north = session.query(Organization).filter_by(name="Northwind").one()
    assert (north.domain, north.renews_on) == ("north.example", date(2027, 1, 31))
    assert people.harbor.contract_value == 800
    again = take(client, work, "organizations", content)
    assert [outcome for outcome, _ in again.values()] == ["unchanged", "unchanged", "refused"]


def test_outcomes_say_who_left_and_who_came_back(people: Cast, client: Visitor, work: Work) -> None:
    client.sign_in(people.nora)
    content = (
        "email,left on,outcome\nrosa@harbor.example,2026-01-31,left\n"
        "who@x.example,2026-01-31,left\nsam@stone.example,,maybe\ncarl@harbor.example,2999-01-01,\n"
    )
    found = take(client, work, "outcomes", content)
    assert [outcome for outcome, _ in found.values()] == ["changed"] + ["refused"] * 3
    assert people.rosa.lost_on == date(2026, 1, 31)
    take(client, work, "outcomes", "email,outcome\nrosa@harbor.example,stayed\n")
    session.rollback()
    assert people.rosa.lost_on is None


def test_what_was_imported_can_be_taken_back(people: Cast, client: Visitor, work: Work) -> None:
    client.sign_in(people.nora)
    before = (session.query(Customer).count(), session.query(Organization).count())
    language = people.rosa.language
    take(client, work, "customers", CUSTOMERS)
    assert people.rosa.language == "de"
    found = take_back(client, work)
    assert found[2] == ("undone", "Taken back.")
    assert found[3][0] == "undone"
    assert (session.query(Customer).count(), session.query(Organization).count()) == before
    assert people.rosa.language == language
    assert last().state is ImportState.UNDONE


def test_what_somebody_built_on_is_kept_and_named(
    people: Cast, client: Visitor, work: Work
) -> None:
    client.sign_in(people.nora)
    take(client, work, "customers", CUSTOMERS)
    with transaction():
        ines = queries.customer_behind("ines@north.example")
        assert ines is not None
        session.add(
            Order(
                customer_id=ines.id,
                reference="1",
                ordered_at=datetime(2026, 1, 1, tzinfo=UTC),
                amount=1,
                currency="EUR",
                recorded_at=datetime(2026, 1, 1, tzinfo=UTC),
            )
        )
        people.rosa.language = "fr"
    found = take_back(client, work)
    assert found[2][0] == "kept"
    assert "Inês Duarte has orders by now" in found[2][1]
    assert found[3] == ("kept", "Kept: language was changed again.")
    assert people.rosa.language == "fr"


def test_orders_are_taken_back_too(people: Cast, client: Visitor, work: Work) -> None:
    client.sign_in(people.nora)
    take(client, work, "orders", ORDERS)
    changed = ORDERS.replace('"1,234.50"', "99")
    take(client, work, "orders", changed)
    take_back(client, work)
    assert str(session.query(Order).filter_by(reference="A-1").one().amount) == "1234.50"


def test_a_trial_cannot_be_undone(people: Cast, client: Visitor, work: Work) -> None:
    client.sign_in(people.nora)
    try_out(client, work, "customers", CUSTOMERS)
    with pytest.raises(Conflict), transaction():
        undo(last())


def test_agents_neither_repeat_nor_undo(people: Cast, client: Visitor, work: Work) -> None:
    take(client.sign_in(people.nora), work, "orders", ORDERS)
    client.sign_in(people.mika)
    for verb in ("undoing", "repetition"):
        assert client.post(f"/desk/customers/imports/{last().id}/{verb}").status_code == 403


def test_two_lines_about_one_newcomer_make_one_record(
    people: Cast, client: Visitor, work: Work
) -> None:
    content = "email,name,tier\nnew@x.example,New,\nnew@x.example,,gold\n"
    found = take(client.sign_in(people.nora), work, "customers", content)
    assert [outcome for outcome, _ in found.values()] == ["taken", "changed"]
    newcomer = queries.customer_behind("new@x.example")
    assert newcomer is not None
    assert newcomer.tier == "gold"
    assert imports.KINDS.keys() == {"customers", "organizations", "orders", "outcomes"}


NEWCOMER = (
    "email,name,company,tier,newsletter,phone\n"
    "ines@north.example,Ines,Northwind,silver,yes,+351 1\n"
    "ines@north.example,,,gold,,+351 2\n"
)


def edited(people: Cast, ines: Customer) -> None:
    actions.edit(ines, {"tier": "bronze"}, by=people.mika)


def held(people: Cast, ines: Customer) -> None:
    place_hold(ines, "A lawsuit", by=people.nora)


def proven(people: Cast, ines: Customer) -> None:
    actions.verify_address(ines.addresses[0])


def unsubscribed(people: Cast, ines: Customer) -> None:
    actions.set_survey_preference(ines, SurveyPreference.NONE, source="survey")


def with_a_file(people: Cast, ines: Customer) -> None:
    upload = FileStorage(io.BytesIO(b"signed"), "contract.txt", content_type="text/plain")
    papers.add_file(ines, upload, by=people.mika)


@pytest.mark.parametrize(
    ("build", "words"),
    [
        (edited, "Ines was changed since: tier"),
        (held, "Ines has a hold by now"),
        (proven, "Ines proved an address by now"),
        (unsubscribed, "Ines was changed since: survey preference"),
        (with_a_file, "Ines has files by now"),
    ],
)
def test_whatever_came_to_a_newcomer_since_is_kept_with_them(
    people: Cast, client: Visitor, work: Work, build: Callable[[Cast, Customer], None], words: str
) -> None:
    take(client.sign_in(people.nora), work, "customers", NEWCOMER)
    with transaction():
        ines = queries.customer_behind("ines@north.example")
        assert ines is not None
        build(people, ines)
    found = take_back(client, work)
    assert words in found[2][1]
    kept = queries.customer_behind("ines@north.example")
    assert kept is not None
    assert kept.organization is not None, "with where they belong"


def test_a_newcomer_whom_nobody_touched_goes_with_everything(
    people: Cast, client: Visitor, work: Work
) -> None:
    take(client.sign_in(people.nora), work, "customers", NEWCOMER)
    ines = queries.customer_behind("ines@north.example")
    assert ines is not None
    number = ines.id
    take(client, work, "customers", "email,tier\nines@north.example,platinum\n")
    later = last().id
    for import_id in (later, later - 1):
        client.post(f"/desk/customers/imports/{import_id}/undoing")
        work()
        session.rollback()
        assert set(queries.outcomes_of(import_id)) == {"undone"}
    assert queries.customer_behind("ines@north.example") is None
    assert corrections_of("customer", number) == []  # the number may be given out again


def test_an_organization_that_people_joined_since_stays(
    people: Cast, client: Visitor, work: Work
) -> None:
    take(client.sign_in(people.nora), work, "organizations", "name\nNorthwind\n")
    north = session.query(Organization).filter_by(name="Northwind").one()
    with transaction():
        move_person(people.sam, session.merge(north), by=people.mika)
    assert take_back(client, work)[2] == ("kept", "Kept: Northwind has people by now.")
    assert people.sam.organization is not None
