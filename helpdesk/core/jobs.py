"""Jobs: wake-up calls for a worker.

A job is a function of plain values. What waits to be done is a row in the database; the RQ job
only says "look now", so Redis may forget everything at any time and the timetable's sweeps find
the rows again.
"""

import hashlib
import logging
import os
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import update_wrapper
from pathlib import Path
from typing import Generic, ParamSpec, TypedDict, Unpack

from flask import Flask, current_app
from redis import Redis
from redis.client import Pipeline
from redis.exceptions import RedisError
from rq import Queue
from rq.exceptions import DuplicateJobError
from rq.serializers import JSONSerializer

from helpdesk.core.db import after_commit, after_commit_with

log = logging.getLogger(__name__)
P = ParamSpec("P")

QUEUES = ("mail", "default", "slow")
"""By patience; a worker serves them in this order, as long as each gets its share of time."""

FAILURE_TTL = 7 * 24 * 3600
RESULT_TTL = 60
JOB_TIMEOUT = 600
CALLS_AT_ONCE = 100
MANY_CALLS = 25
_PAUSE_AFTER_FAILURE = 2.0
"""Seconds during which Redis is not tried again, so that no page waits for it twice."""


class Options(TypedDict, total=False):
    """How a call is kept by RQ. One with an id waits once."""

    job_id: str
    ttl: int | None
    result_ttl: int
    failure_ttl: int


class Job(Generic[P]):
    """A function that a worker can be asked to run; calling it runs it here and now."""

    def __init__(self, function: Callable[P, None], queue: str) -> None:
        self.function = function
        self.queue = queue
        self.path = f"{function.__module__}.{function.__name__}"
        self.for_many: Job[[list[int]]] | None = None
        """Does the same for many numbers; it is called where one transaction asks for that."""
        update_wrapper(self, function)

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> None:
        self.function(*args, **kwargs)

    def enqueue(self, *args: P.args, **kwargs: P.kwargs) -> None:
        """Wake a worker once the current transaction is kept. Redis away: a sweep will do it."""
        after_commit_with((self, args, kwargs), _wake_all)

    def enqueue_once(self) -> None:
        """Like `enqueue`, for a job that looks for itself what is due: while one waits already,
        another would find nothing left."""
        after_commit(self._wake_unless_waiting)

    def _wake_unless_waiting(self) -> None:
        def put() -> bool:
            with suppress(DuplicateJobError):
                job_id = f"{self.path}-soon".replace(".", "-")
                self._put((), {}, job_id=job_id, result_ttl=0, failure_ttl=RESULT_TTL)
            return True

        current_app.extensions["helpdesk.redis"].attempt(put)

    def wake(self, *args: P.args, **kwargs: P.kwargs) -> bool:
        """Put the call into its queue now; False when Redis cannot be reached."""
        redis = current_app.extensions["helpdesk.redis"]
        return bool(redis.attempt(lambda: self._put(args, kwargs)))

    def wake_once(self, slot: str, ttl: int | None = None) -> None:
        """Put the call into its queue unless the same slot is there already.

        It is forgotten when no worker took it within `ttl` seconds, so that none pile up.
        Raises RedisError when Redis cannot be reached.
        """
        with suppress(DuplicateJobError):
            self._put((), {}, job_id=f"{self.path}-{slot}".replace(".", "-"), ttl=ttl)

    def _put(
        self, args: tuple[object, ...], kwargs: dict[str, object], **options: Unpack[Options]
    ) -> bool:
        with connection().pipeline() as together:  # one round trip; RQ alone takes two
            self.put(together, args, kwargs, **options)
            together.execute()
        return True

    def put(
        self,
        together: Pipeline,
        args: tuple[object, ...],
        kwargs: dict[str, object],
        **options: Unpack[Options],
    ) -> None:
        """Write a call of it into a pipeline."""
        lasting: Options = {"result_ttl": RESULT_TTL, "failure_ttl": FAILURE_TTL}
        queue(self.queue).enqueue_call(
            self.path,
            args=args,
            kwargs=kwargs,
            unique="job_id" in options,
            timeout=JOB_TIMEOUT,
            pipeline=together,
            **(lasting | options),
        )


Call = tuple[Job[...], tuple[object, ...], dict[str, object]]
"""A job and what it is called with."""


def _wake_all(calls: Sequence[Call]) -> None:
    """Put what one transaction asked for into the queues, many calls in one round trip."""
    redis, calls = current_app.extensions["helpdesk.redis"], _fewer(calls)
    for start in range(0, len(calls), CALLS_AT_ONCE):
        some = calls[start : start + CALLS_AT_ONCE]
        if not redis.attempt(lambda some=some: _put_all(some)):
            return  # sweeps find the rest


def _fewer(calls: Sequence[Call]) -> Sequence[Call]:
    """The same with calls for many numbers instead of many calls."""
    if len(calls) <= MANY_CALLS:
        return calls
    rest: list[Call] = []
    numbers: dict[Job[[list[int]]], list[object]] = {}
    for call in calls:
        if call[0].for_many is not None and len(call[1]) == 1:
            numbers.setdefault(call[0].for_many, []).append(call[1][0])
        else:
            rest.append(call)
    for called, ids in numbers.items():
        rest += [
            (called, (ids[start : start + MANY_CALLS],), {})
            for start in range(0, len(ids), MANY_CALLS)
        ]
    return rest


def _put_all(calls: Sequence[Call]) -> bool:
    with connection().pipeline() as together:
        for called, args, kwargs in calls:
            called.put(together, args, kwargs)
        together.execute()
    return True


def job(queue: str = "default") -> Callable[[Callable[P, None]], Job[P]]:
    """Mark a function as a job of one of the QUEUES."""
    if queue not in QUEUES:
        raise ValueError(f"There is no queue {queue!r}; choose one of {QUEUES}.")

    def decorate(function: Callable[P, None]) -> Job[P]:
        return Job(function, queue)

    return decorate


class Connection:
    """Redis with a short patience: after a failure it is left alone for a moment."""

    def __init__(self, url: str) -> None:
        self.redis: Redis = Redis.from_url(url, socket_timeout=0.2, socket_connect_timeout=0.2)
        self._away_until = 0.0

    def attempt(self, call: Callable[[], object]) -> object | None:
        """What `call` returns, or None when Redis cannot be reached."""
        if time.monotonic() < self._away_until:
            return None
        try:
            return call()
        except RedisError as error:
            self._away_until = time.monotonic() + _PAUSE_AFTER_FAILURE
            log.warning("Redis cannot be reached (%s); sweeps will catch up.", error)
            return None


def connection() -> Redis:
    """The application's Redis, with short time-outs."""
    redis: Redis = current_app.extensions["helpdesk.redis"].redis
    return redis


def attempt(call: Callable[[Redis], object]) -> object | None:
    """What `call` returns given Redis, or None when Redis cannot be reached."""
    outer: Connection = current_app.extensions["helpdesk.redis"]
    return outer.attempt(lambda: call(outer.redis))


def queue(name: str) -> Queue:
    """The RQ queue of that name. JSON, because whoever can write to Redis must not run code."""
    return Queue(name, connection=connection(), serializer=JSONSerializer)


def anything_waits_besides(name: str) -> bool:
    """Whether jobs wait in another queue than this; not known and so not, while Redis is away."""
    others = [queue(each) for each in QUEUES if each != name]
    return bool(attempt(lambda _redis: any(other.count for other in others)))


def embedded_url(instance_path: Path) -> str:
    """Where our own Valkey listens; a socket's path must stay below 108 bytes."""
    path = str(instance_path / "valkey.sock")
    if len(path.encode()) > 100:
        short = hashlib.sha256(path.encode()).hexdigest()[:16]
        folder = Path(tempfile.gettempdir()) / f"helpdesk-{os.getuid()}-{short}"  # ours alone
        path = str(folder / "valkey.sock")
    return f"unix://{path}"


def init_app(app: Flask, redis_url: str) -> None:
    """Give the application its Redis; nothing is connected yet."""
    app.extensions["helpdesk.redis"] = Connection(redis_url)
