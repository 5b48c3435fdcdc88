"""Clicks on the scores in a mail. Mail scanners follow links too, so a click is not an answer: it
is noted in Redis, stored by a job, and never enters a score. Whoever opens the link that no person
can see is a machine, and shows what its gateway does."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import request
from redis import Redis
from sqlalchemy import case, func, select

from helpdesk.core.clock import now
from helpdesk.core.db import ask, session
from helpdesk.core.jobs import attempt
from helpdesk.core.text import one_line
from helpdesk.surveys.models import HIDDEN, Invitation, ProvisionalClick, State

_KEY = "helpdesk:survey:clicks"
_MOST = 10_000
"""Notes kept while no job takes them; the oldest go first."""
LONGEST_NAME = 120


def note(invitation: Invitation, score: int) -> None:
    """Remember that a link was opened, outside of the database; losing it costs nothing."""
    program = one_line(request.headers.get("User-Agent", ""), LONGEST_NAME)
    line = json.dumps([invitation.id, score, now().isoformat(), program])

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
        invitation_id, score, at, *rest = json.loads(line)
        if session.get(Invitation, invitation_id) is not None:
            session.add(
                ProvisionalClick(
                    invitation_id=invitation_id,
                    score=score,
                    clicked_at=datetime.fromisoformat(at),
                    program=rest[0] if rest else "",
                )
            )


@dataclass(frozen=True)
class Gateway:
    """What came back from the readers of one mail domain."""

    domain: str
    asked: int
    answered: int
    clicked: int
    """Invitations of which a score was opened."""
    by_machine: int
    """Invitations of which the hidden link was opened, or several scores within seconds."""


def gateways(since: datetime, most: int = 50) -> Sequence[Gateway]:
    """Mail domains by what their programs press, those with machines first."""
    hidden = case((ProvisionalClick.score == HIDDEN, 1), else_=0)
    seen = (
        select(
            ProvisionalClick.invitation_id,
            func.max(hidden).label("hidden"),
            func.count(func.distinct(ProvisionalClick.score)).label("scores"),
        )
        .where(ProvisionalClick.clicked_at >= since)
        .group_by(ProvisionalClick.invitation_id)
        .subquery()
    )
    machine = case((seen.c.hidden + case((seen.c.scores > 2, 1), else_=0) > 0, 1), else_=0)
    statement = (
        select(Invitation.email, Invitation.state, seen.c.scores, machine.label("machine"))
        .outerjoin(seen, seen.c.invitation_id == Invitation.id)
        .where(Invitation.sent_at >= since, Invitation.email.is_not(None))
    )
    found: dict[str, list[int]] = {}
    for email, state, scores, by_machine in ask(statement):
        line = found.setdefault(email.rpartition("@")[2], [0, 0, 0, 0])
        line[0] += 1
        line[1] += state == State.ANSWERED
        line[2] += bool(scores)
        line[3] += bool(scores and by_machine)
    lines = [Gateway(domain, *numbers) for domain, numbers in found.items()]
    lines.sort(key=lambda gateway: (-gateway.by_machine, -gateway.clicked, gateway.domain))
    return lines[:most]
