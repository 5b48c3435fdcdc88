"""Customers by what is true of them now."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select

from helpdesk.core.clock import now
from helpdesk.core.db import session, transaction
from helpdesk.core.journal import JournalEntry
from helpdesk.customers import merging
from helpdesk.customers.models import Customer, Order
from helpdesk.desk.models import Segment
from helpdesk.desk.segments import FilterError, read_segment
from helpdesk.desk.segments.fields import FIELDS
from tests.cast import Cast
from tests.visitor import Visitor


def named(text: str, people: Cast, viewer: str = "mika") -> set[str]:
    where = read_segment(text).where(getattr(people, viewer))
    names = session.scalars(select(Customer.name).where(*where))
    return {name.partition(" ")[0] for name in names}


def fill(people: Cast) -> None:
    with transaction():
        rosa, carl, sam = people.rosa, people.carl, people.sam
        rosa.tier, rosa.health, rosa.flagged_at, rosa.language = "Gold", 30, now(), "de"
        rosa.last_score, rosa.sentiment, rosa.customer_since = 1, -0.6, date(2019, 5, 1)
        carl.tier, carl.health, carl.lost_on = "silver", 80, date(2026, 1, 1)
        sam.sentiment, sam.addresses[0].bounced_at = 0.1, now()
        people.harbor.contract_value, people.harbor.renews_on = Decimal(9000), date(2026, 12, 24)
        session.add(
            Order(
                customer_id=sam.id, reference="S", ordered_at=now(), amount=Decimal(500),
                currency="EUR", recorded_at=now(),
            )
        )  # fmt: skip
        people.ticket.messages[0].created_at = now() - timedelta(days=40)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("", {"Rosa", "Carl", "Sam"}),
        ("tier:gold", {"Rosa"}),
        ("tier:none", {"Sam"}),
        ("-tier:gold", {"Carl", "Sam"}),
        ("health<40", {"Rosa"}),
        ("health:none", {"Sam"}),
        ("flag:churn", {"Rosa"}),
        ("-flag:churn health>50", {"Carl"}),
        ("value>100", {"Sam"}),
        ("value<100", {"Rosa", "Carl"}),
        ("value:0,500", {"Rosa", "Carl", "Sam"}),
        ("contract>=9000", {"Rosa", "Carl"}),
        ("contract:none", {"Sam"}),
        ("renews:2026-12", {"Rosa", "Carl"}),
        ("contacted<30d", {"Rosa"}),
        ("contacted>60d", {"Rosa"}),
        ("contacted:none", {"Carl", "Sam"}),
        ("organization:harbor", {"Rosa", "Carl"}),
        ("organization:none", {"Sam"}),
        ("language:de", {"Rosa"}),
        ("score<=2", {"Rosa"}),
        ("sentiment:negative", {"Rosa"}),
        ("sentiment:neutral,none", {"Carl", "Sam"}),
        ("since<2020-01-01", {"Rosa"}),
        ("left:none", {"Rosa", "Sam"}),
        ("address:bounced", {"Sam"}),
        ("address:verified", {"Rosa", "Carl", "Sam"}),
        ("surveys:all", {"Rosa", "Carl", "Sam"}),
        ("Harbor", {"Rosa", "Carl"}),
        ("(tier:gold OR value>100) -Sam", {"Rosa"}),
    ],
)
def test_each_field_says_what_it_says(people: Cast, text: str, names: set[str]) -> None:
    fill(people)
    assert named(text, people) == names
    again = str(read_segment(text))
    assert read_segment(again) == read_segment(text)


@pytest.mark.parametrize(
    "text",
    ["health<abc", "health:101", "teir:gold", "value>1e99", "tier>gold", "contacted<never",
     "flag:maybe", "(tier:gold", "assignee:me", "value>NaN"],
)  # fmt: skip
def test_nonsense_is_explained(text: str) -> None:
    with pytest.raises(FilterError):
        read_segment(text)


def test_every_example_can_be_asked(people: Cast) -> None:
    for field in FIELDS:
        named(field.example, people)


def test_restricted_requests_do_not_show_through(people: Cast) -> None:
    assert named("contacted>1d", people, "ben") == {"Rosa"}
    with transaction():
        people.billing.restricted = True
    assert named("contacted>1d", people, "ben") == set()
    assert named("contacted>1d", people, "mika") == {"Rosa"}


def test_merged_records_are_in_none(people: Cast) -> None:
    with transaction():
        merging.merge(people.rosa, people.sam, by=people.mika)
    assert named("", people) == {"Rosa", "Carl"}


def test_it_is_kept_by_name_and_counted(people: Cast, client: Visitor) -> None:
    fill(people)
    client.sign_in(people.mika)
    sent = {"name": "Gold in danger", "q": "health<40 tier:gold"}
    assert client.post("/desk/segments", data=sent).status_code == 303
    assert client.post("/desk/segments", data=sent).status_code == 409
    page = client.get("/desk/segments?q=tier:gold").text
    assert "Gold in danger" in page
    assert "Rosa Lindt" in page
    assert "Sam Stone" not in page
    number = session.scalars(select(Segment.id)).one()
    counted = client.get(f"/desk/segments/{number}/count", headers={"HX-Request": "true"}).text
    assert counted.strip() == '<span class="pill">1</span>'
    client.sign_in(people.ben)
    assert client.post(f"/desk/segments/{number}/deletion").status_code == 403
    client.sign_in(people.mika)
    assert client.post(f"/desk/segments/{number}/deletion").status_code == 303
    assert client.get("/desk/segments?q=nonsense:1").status_code == 422


def test_managers_take_it_away_and_nothing_runs(people: Cast, client: Visitor) -> None:
    with transaction():
        people.rosa.name = "=cmd|' /C calc'!A0"
    assert client.sign_in(people.mika).post("/desk/segments.csv").status_code == 403
    table = client.sign_in(people.nora).post("/desk/segments.csv", data={"q": "Harbor"}).text
    assert "\"'=cmd|" in table
    assert "Carl Lindt" in table
    assert "Sam Stone" not in table
    taken = session.scalars(select(JournalEntry).where(JournalEntry.event == "CustomersTakenAway"))
    assert taken.one().data["customers"] == 2
