"""Addresses and fields that nobody types: every one gets a clear answer, none breaks a page."""

import base64
import json
from collections.abc import Callable

import pytest
from flask import Flask

from helpdesk.core.clock import now
from helpdesk.core.db import session, transaction
from helpdesk.customers.editing import CustomerForm
from helpdesk.customers.models import Import
from helpdesk.customers.versions import version_of
from tests.cast import Cast, cast
from tests.visitor import Visitor

DIGITS = "9" * 5000
BEFORE_TIME = base64.urlsafe_b64encode(
    json.dumps(["o", "0001-01-01T00:00:00+14:00", 1]).encode()
).decode()
PAGES = [
    "/desk/attachments/%00",
    "/desk/queue/open?tag=%00",
    "/desk/queue/open?tag=%ED%A0%80",
    f"/desk/queue/open?at={BEFORE_TIME}",
    "/desk/search?q=%00",
    "/desk/search?q=%FF%FE",
    "/desk/customers?q=%00",
    "/desk/customers/imports/1?outcome=%00",
    f"/desk/customers/imports/1?after={2**70}",
    f"/desk/customers/{2**63}",
    f"/desk/tickets/{2**63}",
    f"/desk/flags/{2**63}",
    "/desk/surveys?state=%00&reason=%00",
    f"/desk/surveys?ticket={2**70}",
    "/reports?tag=%00",
    "/reports/tickets?of=%00",
    f"/admin/work?at={BEFORE_TIME}",
    "/admin/organizations?q=%00",
    "/links/%00",
    "/r/%00",
    "/r/x/files/%00",
    "/surveys/%00",
    f"/surveys/{'x' * 600}",
]
FORMS = [
    ("/desk/assignments", {"ticket": DIGITS}),
    ("/desk/assignments", {"ticket": "1", "back": "/desk/queue/\r\nX-Evil: 1"}),
    ("/desk/tickets/1/tags", {"tags": "a\0b,\ud800c".encode("utf-8", "surrogatepass")}),
    ("/desk/tickets/1/assignment", {"assignee": DIGITS}),
    ("/desk/tickets/1/team", {"team": DIGITS}),
    ("/desk/tickets/1/replies", {"body": "a\0b", "seen": DIGITS, "form_key": "\0"}),
    ("/desk/tickets", {"email": "a\0b@x.example", "name": "\0", "subject": "\0", "body": "\0"}),
    ("/desk/customers/1/record", {"name": "A\0B\r\nC", "language": "e\0", "time_zone": "\0"}),
    (
        "/desk/customers/1/record",
        {"name": "A\0B\r\nC", "language": "en", "tier": "\0x", "survey_preference": "all"},
    ),
    ("/desk/customers/1/notes", {"body": "\0"}),
    ("/admin/teams", {"name": "\0"}),
    ("/admin/teams/1", {"name": "x\0", "member": DIGITS}),
    ("/account", {"name": "A\0B", "time_zone": "\0"}),
]


@pytest.fixture
def people(app: Flask) -> Cast:
    people = cast()
    with transaction():
        handed_in = Import(kind="customers", name="a.csv", path="a", by=people.ada)
        handed_in.created_at = now()
        session.add(handed_in)
    return people


@pytest.fixture
def ada(visit: Callable[[], Visitor], people: Cast) -> Visitor:
    return visit().sign_in(people.ada)


@pytest.mark.parametrize("address", PAGES)
def test_a_strange_address_breaks_no_page(ada: Visitor, address: str) -> None:
    assert ada.get(address).status_code < 500


@pytest.mark.parametrize(("address", "data"), FORMS)
def test_a_strange_field_breaks_no_page(ada: Visitor, address: str, data: dict[str, str]) -> None:
    assert ada.post(address, data=data).status_code < 500


def test_what_cannot_be_printed_does_not_enter_a_record(ada: Visitor, people: Cast) -> None:
    data = {"name": "Rosa\0\r\nLindt", "language": "en", "survey_preference": "all"}
    data["seen"] = version_of(people.rosa, CustomerForm.edited)
    rosa = people.ids["rosa"]
    assert ada.post(f"/desk/customers/{rosa}/record", data=data).status_code == 303
    assert people.rosa.name == "Rosa Lindt"


@pytest.mark.parametrize("address", ["/requests/1/files/%00", f"/requests/{2**63}"])
def test_customers_break_nothing_either(
    visit: Callable[[], Visitor], people: Cast, address: str
) -> None:
    answer = visit().sign_in(people.rosas_account).get(address)
    assert answer.status_code == 404
