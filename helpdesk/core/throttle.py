"""Limits on how often something may be tried.

Counted in Redis, because an answer of 4xx drops everything in the database. When Redis is away
each process counts in its own memory at half the rate, so no limit ever disappears.
"""

from functools import cached_property

from flask import Flask, current_app
from limits import RateLimitItem, parse
from limits.storage import MemoryStorage, RedisStorage
from limits.strategies import FixedWindowRateLimiter

from helpdesk.core.errors import TooMany
from helpdesk.core.jobs import attempt


class Throttle:
    """Counters in Redis with a fallback in memory."""

    def __init__(self, redis_url: str) -> None:
        url = redis_url.replace("unix://", "redis+unix://", 1)
        self._shared = FixedWindowRateLimiter(
            RedisStorage(
                url,
                wrap_exceptions=False,
                socket_timeout=0.2,
                socket_connect_timeout=0.2,
                key_prefix="helpdesk:limit",
            )
        )

    @cached_property
    def _own(self) -> FixedWindowRateLimiter:
        """Made when it is needed: it brings a thread, and a process that forks must have none."""
        return FixedWindowRateLimiter(MemoryStorage())

    def hit(self, limit: RateLimitItem, *key: str) -> bool:
        """Count one try; False when the limit is used up."""
        answer = attempt(lambda _redis: [self._shared.hit(limit, *key)])
        if isinstance(answer, list):
            return bool(answer[0])
        halved = type(limit)(max(limit.amount // 2, 1), limit.multiples, limit.namespace)
        return self._own.hit(halved, *key)

    def forget(self, limit: RateLimitItem, *key: str) -> None:
        """Start counting anew, after a success."""
        attempt(lambda _redis: self._shared.clear(limit, *key))
        self._own.clear(limit, *key)


def init_app(app: Flask, redis_url: str) -> None:
    """Give the application its counters."""
    app.extensions["helpdesk.throttle"] = Throttle(redis_url)


def _throttle() -> Throttle:
    throttle: Throttle = current_app.extensions["helpdesk.throttle"]
    return throttle


def allow(action: str, key: str, limit: str) -> bool:
    """Count a try of `action` by `key` (an address, an account) against `limit`, such as
    "5 per minute"; False when there were too many."""
    return _throttle().hit(parse(limit), action, key)


def require(action: str, key: str, limit: str) -> None:
    """Like `allow`, but raises TooMany."""
    if not allow(action, key, limit):
        raise TooMany("That was tried too often. Please wait a little and try again.")


def forget(action: str, key: str, limit: str) -> None:
    """Forget the tries of `action` by `key`, after one that succeeded."""
    _throttle().forget(parse(limit), action, key)
