"""Only our own pages can send forms here, on our own host."""

import pytest
from flask import Flask

from tests.cast import Cast
from tests.visitor import Visitor

OWN = {"Origin": "http://localhost", "Sec-Fetch-Site": "same-origin"}


def send(client: Visitor, headers: dict[str, str]) -> int:
    return client.post("/sign-out", headers=headers).status_code


@pytest.mark.parametrize(
    "headers",
    [{}, OWN, {"Origin": "null", "Sec-Fetch-Site": "same-origin"}, {"Sec-Fetch-Site": "none"}],
)
def test_our_own_pages_can_send(people: Cast, client: Visitor, headers: dict[str, str]) -> None:
    client.sign_in(people.mika)
    assert send(client, headers) == 303


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "null", "Sec-Fetch-Site": "cross-site"},
        {"Origin": "http://localhost", "Sec-Fetch-Site": "cross-site"},
        {"Origin": "http://localhost.evil.example"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
def test_another_sites_page_cannot_whatever_token_it_has(
    people: Cast, client: Visitor, headers: dict[str, str]
) -> None:
    client.sign_in(people.mika)
    assert send(client, headers) == 403


@pytest.mark.parametrize("host", ["evil.example", "localhost:81", "localhost.evil.example"])
def test_no_other_host_is_answered(app: Flask, client: Visitor, host: str) -> None:
    assert client.get("/sign-in", headers={"Host": host}).status_code == 400


def test_a_form_without_its_token_changes_nothing(people: Cast, client: Visitor) -> None:
    client.sign_in(people.mika)
    assert client.post("/sign-out", csrf=False).status_code == 400
