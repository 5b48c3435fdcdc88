"""Trying two ways to ask: who gets which is drawn by a seeded hash, the results are read with their
ranges, and it ends by a rule that was stated before it began."""

import hashlib
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import func, select

from helpdesk.core.db import session
from helpdesk.surveys.models import Channel, Experiment, Invitation, Split, State, Survey


@dataclass(frozen=True)
class Arm:
    """One of the ways: its name, and what differs."""

    name: str
    delay: timedelta | None = None
    survey_id: int | None = None
    channel: Channel = Channel.MAIL


def running_about(title: str) -> Experiment | None:
    """The experiment about a question that has not ended."""
    statement = select(Experiment).where(Experiment.title == title, Experiment.stopped_at.is_(None))
    return session.scalar(statement.order_by(Experiment.id).limit(1))


def arms_of(experiment: Experiment) -> tuple[Arm, ...]:
    """Its ways to ask, in their order."""
    return tuple(_arm(experiment.split, arm["name"], arm["value"]) for arm in experiment.arms)


def _arm(split: Split, name: str, value: object) -> Arm:
    if split is Split.DELAY:
        return Arm(name, delay=timedelta(hours=float(str(value))))
    if split is Split.CHANNEL:
        return Arm(name, channel=Channel(str(value)))
    return Arm(name, survey_id=int(str(value)))


def arm_of(experiment: Experiment, customer_id: int) -> Arm:
    """The way that a customer is asked for as long as the experiment runs."""
    arms = arms_of(experiment)
    return arms[draw(experiment.seed, customer_id, len(arms))]


def draw(seed: str, customer_id: int, arms: int) -> int:
    """Which of so many arms a customer belongs to: SHA-256 of seed and id, so that it can be
    repeated by anybody who knows the seed, and owes nothing to who they are."""
    digest = hashlib.sha256(f"{seed}:{customer_id}".encode()).digest()
    return int.from_bytes(digest[:8], "big") % arms


def version_of(arm: Arm) -> Survey | None:
    """The wording or scale of an arm."""
    return session.get(Survey, arm.survey_id) if arm.survey_id else None


def asked_of(experiment: Experiment) -> dict[str, int]:
    """How many were asked in each arm."""
    statement = (
        select(Invitation.arm, func.count())
        .where(
            Invitation.experiment_id == experiment.id,
            Invitation.state.in_((State.SENT, State.ANSWERED, State.EXPIRED)),
        )
        .group_by(Invitation.arm)
    )
    found = {arm: number for arm, number in session.execute(statement)}  # noqa: C416 - rows, not pairs
    return {arm.name: found.get(arm.name, 0) for arm in arms_of(experiment)}
