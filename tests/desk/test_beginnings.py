"""Customers are found by how their name, address or organization begins."""

import pytest

from helpdesk.core.clock import now
from helpdesk.core.db import session, transaction
from helpdesk.customers.models import Address, Customer
from tests.cast import Cast
from tests.visitor import Visitor

NAMES = ["Zoë Ångström", "zo", "Zp", "100% Zora", "Zo\U0001f642"]


@pytest.fixture
def others(people: Cast) -> None:
    with transaction():
        session.add_all(
            Customer(
                name=name,
                created_at=now(),
                addresses=[Address(email=f"o'neil+{n}@zo.example")],
            )
            for n, name in enumerate(NAMES)
        )


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("zo", {"Zoë Ångström", "zo", "Zo\U0001f642"}),
        ("Zoë Å", {"Zoë Ångström"}),
        ("100%", {"100% Zora"}),
        ("z_", set()),
        ("O'Neil+2", {"Zp"}),
        ("o'neil+3@ZO.example", {"100% Zora"}),
        ("@zo", set()),
    ],
)
@pytest.mark.usefixtures("others")
def test_the_beginning_is_taken_as_it_was_typed(
    mika: Visitor, words: str, expected: set[str]
) -> None:
    text = mika.get("/desk/customers", query_string={"q": words}).text
    assert {name for name in NAMES if f">{name}<" in text} == expected
