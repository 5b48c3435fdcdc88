"""Organizations: who joins by which domain, what was agreed, and who looks after them."""

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import select

from helpdesk.core.db import session, transaction
from helpdesk.core.errors import Conflict, Invalid
from helpdesk.core.journal import JournalEntry
from helpdesk.customers import organizations, queries
from helpdesk.customers.actions import find_or_add
from helpdesk.customers.history import Value, corrections_of
from helpdesk.customers.models import Customer, Organization
from helpdesk.desk.segments import read_segment
from tests.cast import Cast
from tests.customers.test_editing import field
from tests.customers.test_importing import hand_in, report
from tests.visitor import Visitor
from tests.work import Work


def domain(people: Cast, name: str, *, of: Organization | None = None, sure: bool = False) -> None:
    with transaction():
        made = organizations.add_domain(of or people.harbor, name, by=people.nora)
        if sure:
            organizations.verify_domain(of or people.harbor, made.id, by=people.nora)


def other(people: Cast) -> Organization:
    with transaction():
        return organizations.add_organization("Northwind", by=people.nora)


def joins(email: str) -> str | None:
    with transaction():
        joined = find_or_add("Somebody", email).organization
        return joined.name if joined else None


def test_new_people_join_by_any_of_the_domains(people: Cast) -> None:
    domain(people, "https://www.Harbor-Cafe.example/contact")
    assert joins("x@harbor-cafe.example") == "Harbor Coffee"
    assert joins("x@harbor.example") == "Harbor Coffee"
    assert joins("x@elsewhere.example") is None


def test_nobody_joins_where_two_claim_a_domain_until_it_is_known_whose_it_is(people: Cast) -> None:
    domain(people, "harbor.example", of=other(people))
    assert joins("one@harbor.example") is None
    with transaction():
        organizations.verify_domain(people.harbor, people.harbor.domains[0].id, by=people.nora)
    assert joins("two@harbor.example") == "Harbor Coffee"


@pytest.mark.parametrize("text", ["gmail.com", "harbor", "a b.example", "", "x@y@z"])
def test_what_is_nobodys_own_domain_is_refused(people: Cast, text: str) -> None:
    with pytest.raises(Invalid):
        domain(people, text)


def test_a_domain_twice_is_refused(people: Cast) -> None:
    with pytest.raises(Conflict):
        domain(people, "HARBOR.example")


def test_the_contract_is_kept_with_what_it_said_before(people: Cast, client: Visitor) -> None:
    path = f"/desk/organizations/{people.harbor.id}"
    client.sign_in(people.mika)
    form = {
        "name": "Harbor Coffee", "owner_id": str(people.ben.id), "contract_value": "9000",
        "contract_amount": "10000", "contract_currency": "usd", "contract_since": "2026-01-01",
        "renews_on": "2027-01-01",
    }  # fmt: skip
    for value in ("9000", "9500"):
        seen = field(client.get(f"{path}/record").text, "seen")
        filled = form | {"contract_value": value, "seen": seen}
        assert client.post(f"{path}/record", data=filled).status_code == 303
    page = client.get(path).text
    assert "10,000.00\N{NO-BREAK SPACE}USD" in page
    assert "9,500\N{NO-BREAK SPACE}EUR" in page
    assert "Ben Lund" in client.get(f"/desk/customers/{people.rosa.id}").text
    session.rollback()
    said = corrections_of("organization", people.ids["harbor"], ("contract_value",))
    assert [(one.before, one.after) for one in said] == [("9000.00", "9500.00"), (None, "9000.00")]
    harbor = people.harbor
    assert (harbor.contract_value, harbor.contract_since) == (Decimal(9500), date(2026, 1, 1))


@pytest.mark.parametrize(
    "wrong",
    [
        {"contract_since": "2027-01-01", "renews_on": "2026-01-01"},
        {"contract_amount": "5", "contract_value": "5"},
        {"contract_amount": "5", "contract_currency": "USD"},
        {"contract_value": "-1"},
        {"owner_id": "99999"},
        {"name": ""},
    ],
)
def test_what_cannot_be_is_said_and_not_kept(
    people: Cast, client: Visitor, wrong: dict[str, str]
) -> None:
    path = f"/desk/organizations/{people.harbor.id}/record"
    page = client.sign_in(people.mika).get(path).text
    form = {"name": "Harbor", "owner_id": "0", "seen": field(page, "seen")} | wrong
    assert client.post(path, data=form).status_code == 422
    session.rollback()
    assert people.harbor.name == "Harbor Coffee"


def test_what_a_colleague_changed_meanwhile_is_not_overwritten(
    people: Cast, client: Visitor
) -> None:
    path = f"/desk/organizations/{people.harbor.id}/record"
    with transaction():
        organizations.edit_organization(
            people.harbor, {"contract_value": Decimal(900)}, by=people.nora
        )
    page = client.sign_in(people.mika).get(path).text
    form = {"name": "Harbor Inc", "owner_id": "0", "contract_value": "900"}
    with transaction():
        changes: dict[str, Value] = {"owner_id": people.nora.id, "renews_on": date(2027, 1, 31)}
        organizations.edit_organization(people.harbor, changes, by=people.nora)
    answer = client.post(path, data=form | {"seen": field(page, "seen")})
    assert answer.status_code == 409
    assert "Looked after by is now <bdi>Nora Weiss</bdi>." in answer.text
    assert "Renews on is now <bdi>2027-01-31</bdi>." in answer.text
    assert field(answer.text, "name") == "Harbor Inc", "what was typed is kept"
    assert field(answer.text, "renews_on") == "2027-01-31", "what was not touched follows"
    again = form | {
        "seen": field(answer.text, "seen"),
        "owner_id": str(people.nora.id),
        "renews_on": "2027-01-31",
    }
    assert client.post(path, data=again).status_code == 303
    session.rollback()
    harbor = people.harbor
    assert (harbor.name, harbor.owner_id, harbor.renews_on) == (
        "Harbor Inc", people.nora.id, date(2027, 1, 31),
    )  # fmt: skip


def test_people_are_put_in_and_taken_out(people: Cast, client: Visitor) -> None:
    path = f"/desk/organizations/{people.harbor.id}/people"
    client.sign_in(people.mika)
    assert client.post(path, data={"address": "sam@stone.example"}).status_code == 303
    assert client.post(path, data={"address": "who@nowhere.example"}).status_code == 422
    session.rollback()
    assert people.sam.organization_id == people.ids["harbor"]
    client.post(f"{path}/{people.ids['rosa']}/removal")
    session.rollback()
    assert [one.name for one in queries.people_of(people.ids["harbor"])] == [
        "Carl Lindt", "Sam Stone",
    ]  # fmt: skip


def test_they_are_found_by_name_and_domain(people: Cast, client: Visitor) -> None:
    other(people)
    client.sign_in(people.mika)
    assert "Northwind" in client.get("/desk/organizations").text
    for words in ("harb", "harbor.ex"):
        page = client.get(f"/desk/organizations?q={words}").text
        assert ("Harbor Coffee" in page, "Northwind" in page) == (True, False)
    assert client.post("/desk/organizations", data={"name": "NORTHWIND"}).status_code == 409


def test_segments_ask_who_looks_after_them(people: Cast) -> None:
    with transaction():
        organizations.edit_organization(
            people.harbor, {"owner_id": people.ids["ben"]}, by=people.nora
        )

    def found(text: str) -> list[str]:
        where = read_segment(text).where(people.mika)
        return sorted(session.scalars(select(Customer.name).where(*where)))

    assert found("owner:ben") == ["Carl Lindt", "Rosa Lindt"]
    assert found("owner:none") == ["Sam Stone"]


TABLE = (
    "name,domains,website,value,agreed,contract currency,contract start,renewal,account manager\n"
    "Harbor Coffee,harbor.example;cafe.example,,9000,10000,usd,2026-01-01,2027-01-01,"
    "ben@acorn-payroll.example\n"
    "Northwind,https://north.example,,,,,,,rosa@harbor.example\n"
)


def test_tables_bring_domains_contract_and_owner_and_can_be_undone(
    people: Cast, client: Visitor, work: Work
) -> None:
    client.sign_in(people.nora)
    for outcome in ("changed", "unchanged"):
        hand_in(client, "organizations", TABLE)
        work()
        found = report()
        assert [said for said, _ in found.values()] == [outcome, "refused"]
        assert "nobody of us" in found[3][1]
    session.rollback()
    harbor = people.harbor
    assert [one.domain for one in harbor.domains] == ["harbor.example", "cafe.example"]
    assert (harbor.owner_id, harbor.contract_amount) == (people.ids["ben"], Decimal(10000))
    client.post("/desk/customers/imports/1/undoing")
    work()
    session.rollback()
    harbor = people.harbor
    assert [one.domain for one in harbor.domains] == ["harbor.example"]
    kept = harbor.owner_id, harbor.contract_amount, harbor.contract_since, harbor.contract_currency
    assert kept == (None, None, None, None)


def test_what_a_table_did_to_organizations_is_journaled(
    people: Cast, client: Visitor, work: Work
) -> None:
    table = (
        "name,domain,value\nHarbor Coffee,cafe.example,9000\nnorthwind,north.example,5\n"
        "NORTHWIND,,7\n"
    )
    hand_in(client.sign_in(people.nora), "organizations", table)
    work()
    assert [said for said, _ in report().values()] == ["changed", "taken", "changed"]
    north = session.query(Organization).filter_by(name="northwind").one()
    told = [
        (entry.event, entry.subject_id, entry.actor_name)
        for entry in session.query(JournalEntry).filter_by(subject_kind="organization")
    ]
    nora, harbor = people.nora.name, people.ids["harbor"]
    assert told == [
        ("OrganizationChanged", harbor, nora),
        ("OrganizationDomainChanged", harbor, nora),
        ("OrganizationAdded", north.id, nora),
        ("OrganizationChanged", north.id, nora),
    ]


@pytest.mark.parametrize(
    ("terms", "why"),
    [
        ("2027-01-01,2026-01-01,,,", "cannot renew before it starts"),
        (",,-5,,", "less than nothing"),
        (",,,5,USD", "what that is worth in EUR"),
    ],
)
def test_a_contract_that_cannot_be_is_refused_in_a_table_too(
    people: Cast, client: Visitor, work: Work, terms: str, why: str
) -> None:
    table = f"name,contract start,renewal,value,agreed,contract currency\nNorthwind,{terms}\n"
    hand_in(client.sign_in(people.nora), "organizations", table)
    work()
    assert report()[2][0] == "refused"
    assert why in report()[2][1]
    assert session.query(Organization).filter_by(name="Northwind").count() == 0
