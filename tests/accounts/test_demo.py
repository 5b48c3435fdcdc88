"""In a demo one press makes one somebody; anywhere else it does not."""

from collections.abc import Callable

import pytest
from flask import Flask

from helpdesk.accounts.demo import PEOPLE
from helpdesk.accounts.models import Role
from helpdesk.core.db import session, transaction
from tests.cast import Cast, account
from tests.visitor import Visitor


@pytest.fixture
def demo(people: Cast, make_app: Callable[..., Flask]) -> Visitor:
    with transaction():
        people.mika.email = "mika.kallio@acorn-payroll.example"
        people.nora.email = "nora.weiss@acorn-payroll.example"
        session.flush()
        for role, email in PEOPLE.items():
            session.add(account(role, Role(role), email))
    visitor = make_app(demo=True).test_client()
    assert isinstance(visitor, Visitor)
    return visitor


@pytest.mark.parametrize(
    ("role", "home"), [("customer", "/requests"), ("agent", "/desk"), ("manager", "/desk")]
)
def test_one_press_makes_one_somebody(demo: Visitor, role: str, home: str) -> None:
    assert 'name="role"' in demo.get("/sign-in").text
    demo.post("/demo/session", data={"role": role})
    assert demo.get("/").location == home


@pytest.mark.parametrize("role", ["admin", "", "rosa"])
def test_nobody_else_is_offered(demo: Visitor, role: str) -> None:
    assert demo.post("/demo/session", data={"role": role}).status_code == 404


def test_outside_a_demo_the_door_is_shut(demo: Visitor, client: Visitor) -> None:
    assert client.post("/demo/session", data={"role": "manager"}).status_code == 404
    assert client.get("/account").status_code == 303
    assert "demo" not in client.get("/sign-in").text
