"""Signatures are good for one purpose and one time; tokens are stored as their hash."""

import pytest
from flask import Flask

from helpdesk.core.security import hash_token, new_token, sign, unsign
from tests.conftest import Clock

pytestmark = pytest.mark.databases("sqlite")


def test_what_was_signed_comes_back(app: Flask) -> None:
    assert unsign("survey", sign("survey", [7, "rosa"])) == [7, "rosa"]


def test_a_signature_is_good_for_its_purpose_alone(app: Flask) -> None:
    assert unsign("unsubscribe", sign("survey", 7)) is None


@pytest.mark.parametrize("token", ["", "x", "a.b.c", "x" * 5000, "Ä", "\x00"])
def test_nonsense_is_nothing(app: Flask, token: str) -> None:
    assert unsign("survey", token) is None


def test_a_changed_signature_is_nothing(app: Flask) -> None:
    token = sign("survey", 7)
    assert unsign("survey", token[:-2] + ("aa" if not token.endswith("aa") else "bb")) is None


def test_an_old_signature_is_nothing(app: Flask, clock: Clock) -> None:
    token = sign("survey", 7)
    clock.move(minutes=5)
    assert unsign("survey", token, max_age=600) == 7
    clock.move(minutes=6)
    assert unsign("survey", token, max_age=600) is None


def test_tokens_are_long_and_never_the_same() -> None:
    tokens = {new_token() for _ in range(1000)}
    assert len(tokens) == 1000
    assert min(map(len, tokens)) >= 43


def test_what_is_stored_does_not_open_anything() -> None:
    token = new_token()
    assert hash_token(token) == hash_token(token) != token
