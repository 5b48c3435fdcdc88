"""The clock wakes each line of the timetable once in its slot of time."""

from collections.abc import Callable

import pytest
from flask import Flask
from redis import Redis

from helpdesk.cli.running.ticking import Clock as Ticker
from helpdesk.core.jobs import job, queue
from helpdesk.schedule import TIMETABLE, Line
from tests.conftest import Clock
from tests.servers.valkey import Valkey

pytestmark = pytest.mark.databases("sqlite")


@job(queue="slow")
def look() -> None:
    """Does nothing; the tests count how often it is put into its queue."""


@pytest.fixture
def waiting(app: Flask) -> Callable[[], int]:
    return lambda: queue("slow").count


TABLE = (Line("look", 60, look),)


def test_a_line_is_woken_once_in_its_slot(waiting: Callable[[], int], clock: Clock) -> None:
    ticker = Ticker(TABLE)
    ticker.tick()
    clock.move(seconds=59)
    ticker.tick()
    assert waiting() == 1
    clock.move(seconds=1)
    ticker.tick()
    assert waiting() == 2


def test_two_clocks_give_one_run(waiting: Callable[[], int], clock: Clock) -> None:
    Ticker(TABLE).tick()
    Ticker(TABLE).tick()
    assert waiting() == 1


def test_without_redis_it_says_so_once_and_goes_on_when_redis_is_back(
    waiting: Callable[[], int],
    clock: Clock,
    redis_server: Valkey,
    caplog: pytest.LogCaptureFixture,
) -> None:
    ticker = Ticker(TABLE)
    redis_server.kill()
    ticker.tick()
    ticker.tick()
    assert caplog.text.count("waits for Redis") == 1
    redis_server.start()
    ticker.tick()
    assert waiting() == 1
    assert "Redis is back" in caplog.text


def test_a_wake_up_nobody_takes_is_forgotten_after_its_time(
    app: Flask, clock: Clock, redis_server: Valkey
) -> None:
    Ticker(TABLE).tick()
    redis: Redis = redis_server.redis
    (key,) = redis.keys("rq:job:*look*")
    assert 0 < int(redis.ttl(key)) <= 60


def test_names_in_the_timetable_are_unique_and_intervals_sensible() -> None:
    assert len({line.name for line in TIMETABLE}) == len(TIMETABLE)
    assert all(1 <= line.every <= 86_400 for line in TIMETABLE)
