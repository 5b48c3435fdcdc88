"""Addresses that never change are worked out once, and mean the same ever after."""

from typing import Any

import pytest
from flask import Flask, url_for


def test_an_address_without_parts_stays_the_same(app: Flask) -> None:
    for _ in range(2):
        with app.test_request_context():
            assert url_for("desk.search") == "/desk/search"
            assert url_for("desk.search", q="late") == "/desk/search?q=late"
            assert url_for("desk.search", _anchor="found") == "/desk/search#found"


def test_a_remembered_address_is_no_address_for_mail(app: Flask) -> None:
    with app.test_request_context():
        url_for("desk.search")
    with app.app_context(), pytest.raises(RuntimeError):
        url_for("desk.search")


@pytest.mark.parametrize(
    ("endpoint", "values"),
    [
        ("desk.ticket", {"number": 42}),
        ("desk.ticket", {"number": 0}),
        ("desk.ticket", {"number": 42, "original": 1}),
        ("desk.queue", {"view": 7}),
        ("desk.queue", {"view": "open", "tag": "a b&c"}),
        ("desk.macros", {"at": 5}),
        ("desk.queue", {"view": "a b"}),
        ("desk.macros", {"at": True}),
    ],
)
def test_addresses_with_numbers_are_those_that_flask_gives(
    app: Flask, endpoint: str, values: dict[str, Any]
) -> None:
    with app.test_request_context():
        expected = Flask.url_for(app, endpoint, **values)
        assert [app.url_for(endpoint, **values) for _ in range(2)] == [expected] * 2
