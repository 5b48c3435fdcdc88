"""Limits count in Redis, and never disappear with it."""

import threading

import pytest
from flask import Flask

from helpdesk import create_app
from helpdesk.core import throttle
from helpdesk.core.errors import TooMany
from helpdesk.core.settings import settings
from tests.servers.valkey import Valkey

pytestmark = pytest.mark.databases("sqlite")


def tries(limit: str, times: int = 10, key: str = "rosa") -> int:
    """How many of so many tries are let through."""
    return sum(throttle.allow("test", key, limit) for _ in range(times))


def test_so_many_are_let_through_and_no_more(app: Flask) -> None:
    assert tries("6 per hour") == 6


def test_everybody_has_a_count_of_their_own(app: Flask) -> None:
    tries("6 per hour")
    assert tries("6 per hour", key="sam") == 6


def test_too_many_is_said_in_words(app: Flask) -> None:
    throttle.require("test", "rosa", "1 per hour")
    with pytest.raises(TooMany, match="wait a little"):
        throttle.require("test", "rosa", "1 per hour")


def test_a_success_forgets_the_tries_before(app: Flask) -> None:
    tries("6 per hour")
    throttle.forget("test", "rosa", "6 per hour")
    assert tries("6 per hour") == 6


def test_without_redis_half_as_many_are_let_through(app: Flask, redis_server: Valkey) -> None:
    throttle.forget("test", "mika", "6 per hour")
    redis_server.kill()
    assert tries("6 per hour", key="mika") == 3


def test_without_redis_one_try_is_always_let_through(app: Flask, redis_server: Valkey) -> None:
    redis_server.kill()
    assert tries("1 per hour", key="nora") == 1


def test_an_application_starts_no_thread_before_it_needs_one(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(thread: threading.Thread) -> None:
        raise AssertionError(f"{thread} may hold a lock while a process forks.")

    monkeypatch.setattr(threading.Thread, "start", refuse)
    create_app(settings())


@pytest.mark.parametrize("away", [False, True])
def test_several_limits_are_counted_together_and_the_tightest_counts(
    app: Flask, redis_server: Valkey, away: bool
) -> None:
    if away:
        redis_server.kill()
    limits = ("4 per hour", "40 per day")
    tried = [throttle.allow_all(*(("all", "rosa", limit) for limit in limits)) for _ in range(8)]
    assert sum(tried) == (2 if away else 4)
    assert tries("8 per hour") == (4 if away else 8)
