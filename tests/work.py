"""Running what is queued, here and now."""

from contextvars import Context

from flask import Flask
from redis import Redis
from redis.client import Pipeline
from rq import Queue, SimpleWorker
from rq.job import Job
from rq.registry import FailedJobRegistry
from rq.serializers import JSONSerializer
from sqlalchemy import select

from helpdesk.core import jobs
from helpdesk.core.db import session, transaction
from helpdesk.core.journal import JournalEntry
from helpdesk.schedule import TIMETABLE


class QuietWorker(SimpleWorker):
    """A real worker that leaves this process's signals alone, starts no thread, and does not say
    every moment that it is alive: nobody listens, and the tests have it work thousands of times."""

    def subscribe(self) -> None:
        """Takes no commands from outside."""

    def unsubscribe(self) -> None:
        """Took none."""

    def heartbeat(self, timeout: int | None = None, pipeline: Pipeline | None = None) -> None:
        """Is not waited for."""

    def check_for_suspension(self, burst: bool) -> None:
        """Nobody suspends it."""

    def run_maintenance_tasks(self) -> None:
        """Nothing is left behind by others."""

    def procline(self, message: str) -> None:
        """Its process is that of the tests."""

    def _install_signal_handlers(self) -> None:
        """pytest has its own."""


class Work:
    """`work()` runs what waits in the queues, and what that puts there; `work.tick()` first does
    every line of the timetable. Whatever fails, fails the test, unless `failing=True`."""

    def __init__(self, app: Flask, redis: Redis) -> None:
        self.app = app
        self.redis = redis

    def __call__(self, *, failing: bool = False) -> None:
        Context().run(self._work, failing)
        session.rollback()  # the test sees what the work changed

    def _work(self, failing: bool) -> None:
        with self.app.app_context():
            queues = [
                Queue(name, connection=self.redis, serializer=JSONSerializer)
                for name in jobs.QUEUES
            ]
            while any(queue.count for queue in queues):
                QuietWorker(queues, connection=self.redis, serializer=JSONSerializer).work(
                    burst=True, logging_level="CRITICAL"
                )
            if not failing:
                self._complain(queues)

    def tick(self, *, failing: bool = False) -> None:
        """Do what every line of the timetable asks for, then work."""
        for line in TIMETABLE:
            Context().run(self._do, line.job)
        self(failing=failing)

    def _do(self, job: jobs.Job[[]]) -> None:
        """Here and now: putting it into a queue first takes longer than most of them take."""
        with self.app.app_context():
            job()

    def _complain(self, queues: list[Queue]) -> None:
        for queue in queues:
            for number in FailedJobRegistry(queue=queue).get_job_ids():
                job = Job.fetch(number, connection=self.redis, serializer=JSONSerializer)
                result = job.latest_result()
                raise AssertionError(f"{job.func_name} failed: {result and result.exc_string}")
        with transaction(write=False):
            error = session.scalar(
                select(JournalEntry.error).where(JournalEntry.error.is_not(None)).limit(1)
            )
        assert error is None, f"A reaction failed: {error}"
