"""Flaws of records are found, and named with what to do about them."""

from datetime import date, timedelta

from helpdesk.core.clock import now
from helpdesk.core.db import transaction
from helpdesk.customers.quality import audit
from tests.cast import Cast
from tests.visitor import Visitor


def titles() -> dict[str, list[str]]:
    return {found.title: [record.name for record in found.records] for found in audit()}


def test_records_without_a_flaw_are_left_alone(people: Cast) -> None:
    assert audit() == []


def test_each_flaw_is_named(people: Cast) -> None:
    with transaction():
        people.sam.addresses[0].bounced_at = now()
        people.rosa.customer_since = date(2026, 5, 1)
        people.rosa.lost_on = date(2026, 4, 1)
        people.harbor.renews_on = now().date() - timedelta(days=3)
        carl = people.carl
        carl.addresses.clear()
    assert titles() == {
        "Every address bounces": ["Sam Stone"],
        "No address": ["Carl Lindt"],
        "Left before they came": ["Rosa Lindt"],
        "Renewal date has passed": ["Harbor Coffee"],
    }


def test_two_who_may_be_one_are_shown_with_the_reason(people: Cast, client: Visitor) -> None:
    with transaction():
        people.carl.name = "ROSA Lindt"
        people.sam.phone = people.carl.phone = "+49 30 1234567"
    found = titles()
    assert found["Perhaps the same person: one phone number"] == ["ROSA Lindt"]
    assert found["Perhaps the same person: one name in one organization"] == ["Rosa Lindt"]
    page = client.sign_in(people.mika).get("/desk/customers/quality").text
    assert "+49 30 1234567" in page
