"""Limits on how often something may be tried.

Counted in Redis, because an answer of 4xx drops everything in the database. When Redis is away
each process counts in its own memory at half the rate, so no limit ever disappears.
"""

from collections.abc import Sequence
from functools import cached_property, lru_cache

from flask import Flask, current_app
from limits import RateLimitItem, parse
from limits.storage import MemoryStorage, RedisStorage
from limits.strategies import FixedWindowRateLimiter

from helpdesk.core.errors import TooMany
from helpdesk.core.jobs import attempt

Try = tuple[str, str, str]
"""What is tried, by whom (an address, an account), and the limit, such as "5 per minute"."""

_COUNT = b"""
local counts = {}
for i, key in ipairs(KEYS) do
    counts[i] = redis.call("incr", key)
    if counts[i] == 1 then redis.call("expire", key, ARGV[i]) end
end
return counts
"""
"""Counts in fixed windows as `limits` does, but under several keys in one round trip."""


class Throttle:
    """Counters in Redis with a fallback in memory."""

    def __init__(self, redis_url: str) -> None:
        self._shared = RedisStorage(
            redis_url.replace("unix://", "redis+unix://", 1),
            wrap_exceptions=False,
            socket_timeout=0.2,
            socket_connect_timeout=0.2,
            key_prefix="helpdesk:limit",
        )
        self._count = self._shared.get_connection().register_script(_COUNT)

    @cached_property
    def _own(self) -> FixedWindowRateLimiter:
        """Made when it is needed: it brings a thread, and a process that forks must have none."""
        return FixedWindowRateLimiter(MemoryStorage())

    def hit(self, tries: Sequence[Try]) -> bool:
        """Count all of these tries; False when one of their limits is used up."""
        limits = [_parsed(limit) for _, _, limit in tries]
        keys = [
            self._shared.prefixed_key(limit.key_for(action, key))
            for limit, (action, key, _) in zip(limits, tries, strict=True)
        ]
        expiries = [limit.get_expiry() for limit in limits]
        counts = attempt(lambda _redis: self._count(keys, expiries))
        if isinstance(counts, list):
            return all(n <= limit.amount for n, limit in zip(counts, limits, strict=True))
        own = [
            self._own.hit(_halved(limit), action, key)
            for limit, (action, key, _) in zip(limits, tries, strict=True)
        ]
        return all(own)

    def forget(self, limit: RateLimitItem, *key: str) -> None:
        """Start counting anew, after a success."""
        attempt(lambda _redis: self._shared.clear(limit.key_for(*key)))
        self._own.clear(limit, *key)


@lru_cache
def _parsed(limit: str) -> RateLimitItem:
    return parse(limit)


def _halved(limit: RateLimitItem) -> RateLimitItem:
    return type(limit)(max(limit.amount // 2, 1), limit.multiples, limit.namespace)


def init_app(app: Flask, redis_url: str) -> None:
    """Give the application its counters."""
    app.extensions["helpdesk.throttle"] = Throttle(redis_url)


def _throttle() -> Throttle:
    throttle: Throttle = current_app.extensions["helpdesk.throttle"]
    return throttle


def allow(action: str, key: str, limit: str) -> bool:
    """Count a try of `action` by `key` (an address, an account) against `limit`, such as
    "5 per minute"; False when there were too many."""
    return allow_all((action, key, limit))


def allow_all(*tries: Try) -> bool:
    """Count several tries at one go; False when there were too many of one of them."""
    return _throttle().hit(tries)


def require(action: str, key: str, limit: str) -> None:
    """Like `allow`, but raises TooMany."""
    if not allow(action, key, limit):
        raise TooMany("That was tried too often. Please wait a little and try again.")


def forget(action: str, key: str, limit: str) -> None:
    """Forget the tries of `action` by `key`, after one that succeeded."""
    _throttle().forget(_parsed(limit), action, key)
