"""The worker that runs our jobs: one forked process for each, so that none can harm the next."""

import contextlib
import logging
import time
from functools import cached_property

from flask import Flask
from redis import Redis
from redis.client import Pipeline
from redis.exceptions import RedisError
from rq import Queue, Worker
from rq.job import Job
from rq.serializers import JSONSerializer

from config import Config
from helpdesk import sentiment
from helpdesk.cli.running import titles, valkey
from helpdesk.cli.running.lifeline import die_with
from helpdesk.core import jobs
from helpdesk.core.db import db
from helpdesk.core.health import MISSED_AFTER, show_up
from helpdesk.core.turns import Shares

log = logging.getLogger(__name__)


class HelpdeskWorker(Worker):
    """An RQ worker that shares no database connection with the process that runs a job."""

    max_connection_wait_time = 5.0  # seconds between two tries while Redis is away

    def execute_job(self, job: Job, queue: Queue) -> None:
        """Run it, and write down how much of our time its queue had.

        Raises:
            SystemExit: Redis went away meanwhile. Nobody knows then how the job ended, so we end
                too and take its process along; the outbox gives the job to the next worker.
        """
        began = time.monotonic()
        try:
            super().execute_job(job, queue)
        except RedisError as error:
            log.warning("Redis went away while a job ran (%s); starting again.", error)
            raise SystemExit(1) from None
        self._shares.give(queue.name, time.monotonic() - began)
        order = self._shares.order()
        self._ordered_queues.sort(key=lambda each: order.index(each.name))

    @cached_property
    def _shares(self) -> Shares:
        return Shares(self.queue_names())

    def heartbeat(self, timeout: int | None = None, pipeline: Pipeline | None = None) -> None:
        """Said between jobs, and in between during a long one."""
        super().heartbeat(timeout, pipeline)
        show_up("worker", self.connection)

    def procline(self, message: str) -> None:
        """Say what it is at where processes are listed."""
        titles.call(f"worker: {message}")

    def teardown(self) -> None:
        """Say goodbye where Redis still listens; it forgets us by itself otherwise."""
        with contextlib.suppress(RedisError):
            super().teardown()  # type: ignore[no-untyped-call]  # RQ says no types here

    def main_work_horse(self, job: Job, queue: Queue) -> None:
        """What the forked process does; it does not return."""
        die_with(self.pid or 0)
        db.engine.dispose(close=False)  # the connections are the parent's
        super().main_work_horse(job, queue)


def make_worker(config: Config, worker: type[Worker] = HelpdeskWorker) -> Worker:
    """A worker on all our queues, with a connection that may wait for work."""
    redis = Redis.from_url(valkey.address(config))
    queues = [Queue(name, connection=redis, serializer=JSONSerializer) for name in jobs.QUEUES]
    return worker(
        queues,
        connection=redis,
        serializer=JSONSerializer,
        log_job_description=False,
        worker_ttl=MISSED_AFTER,  # an idle worker shows itself a quarter of a minute before that
    )


def work(app: Flask, config: Config) -> None:
    """Run jobs until told to stop; wait for Redis when it is away at the start."""
    sentiment.load()
    wait_for_redis(config)
    with app.app_context():
        level = "DEBUG" if config.log_level == "debug" else "WARNING"
        make_worker(config).work(logging_level=level)


def wait_for_redis(config: Config) -> None:
    """Return when Redis answers; say once that it does not."""
    redis: Redis = Redis.from_url(
        valkey.address(config), socket_connect_timeout=1, socket_timeout=1
    )
    said = False
    while True:
        try:
            redis.ping()
        except RedisError as error:
            if not said:
                log.warning("Waiting for Redis: %s", error)
                said = True
            time.sleep(0.5)
        else:
            redis.close()
            return
