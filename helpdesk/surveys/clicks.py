"""Clicks on the scores in a mail. Mail scanners follow links too, so a click is not an answer: it
is noted in Redis, stored by a job, and never enters a score."""

import json
from datetime import datetime

from redis import Redis

from helpdesk.core.clock import now
from helpdesk.core.db import session
from helpdesk.core.jobs import attempt
from helpdesk.surveys.models import Invitation, ProvisionalClick

_KEY = "helpdesk:survey:clicks"
_MOST = 10_000
"""Notes kept while no job takes them; the oldest go first."""


def note(invitation: Invitation, score: int) -> None:
    """Remember that a link was opened, outside of the database; losing it costs nothing."""
    line = json.dumps([invitation.id, score, now().isoformat()])

    def push(redis: Redis) -> object:
        pipeline = redis.pipeline()
        pipeline.rpush(_KEY, line)
        pipeline.ltrim(_KEY, -_MOST, -1)
        return pipeline.execute()

    attempt(push)


def take(most: int) -> list[str]:
    """Take up to `most` notes out of Redis; none when it is away."""
    lines = attempt(lambda redis: redis.lpop(_KEY, most))
    return [line.decode() for line in lines] if isinstance(lines, list) else []


def store(lines: list[str]) -> None:
    """Write notes down; those of an invitation that is gone are dropped."""
    for line in lines:
        invitation_id, score, at = json.loads(line)
        if session.get(Invitation, invitation_id) is not None:
            clicked_at = datetime.fromisoformat(at)
            session.add(
                ProvisionalClick(invitation_id=invitation_id, score=score, clicked_at=clicked_at)
            )
