"""Trying two ways to ask: who gets which is drawn by a seeded hash, the results are read with their
ranges, and it ends by a rule that was stated before it began."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import case, func, select

from helpdesk.accounts.models import Account
from helpdesk.core.clock import now
from helpdesk.core.db import session
from helpdesk.core.errors import Conflict, Invalid, NotFound
from helpdesk.core.ids import by_id
from helpdesk.core.journal import record
from helpdesk.core.security import new_token
from helpdesk.core.text import one_line
from helpdesk.surveys.events import ExperimentStarted, ExperimentStopped
from helpdesk.surveys.models import (
    ASKED,
    Channel,
    Experiment,
    Invitation,
    Response,
    Split,
    Survey,
)
from helpdesk.surveys.questions import survey_titled
from helpdesk.surveys.trials import ArmCount, Reading, read


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
            Invitation.state.in_(ASKED),
        )
        .group_by(Invitation.arm)
    )
    found = {arm: number for arm, number in session.execute(statement)}  # noqa: C416 - rows, not pairs
    return {arm.name: found.get(arm.name, 0) for arm in arms_of(experiment)}


RULE = "each way was asked as often as was stated before it began"


def start(
    name: str, title: str, split: Split, values: Sequence[str], stop_after: int, *, by: Account
) -> Experiment:
    """Begin to compare ways to ask one question.

    Raises Invalid for ways that cannot be asked, Conflict while another one about it runs.
    """
    name = one_line(name, 80)
    if survey_titled(title) is None:
        raise Invalid("There is no such question.")
    if running_about(title) is not None:
        raise Conflict("Another experiment about this question still runs.")
    arms = [{"name": letter, "value": value} for letter, value in zip("AB", values, strict=True)]
    for arm in arms:
        _check(title, split, arm["value"])
    if arms[0]["value"] == arms[1]["value"]:
        raise Invalid("The two ways are the same.")
    experiment = Experiment(
        name=name,
        title=title,
        split=split,
        seed=new_token()[:16],
        arms=arms,
        stop_after=stop_after,
        started_at=now(),
    )
    session.add(experiment)
    session.flush()
    record(ExperimentStarted(experiment.id, name, stop_after), by=by)
    return experiment


def _check(title: str, split: Split, value: str) -> None:
    try:
        arm = _arm(split, "", value)
    except (ValueError, OverflowError) as error:
        raise Invalid(f"“{value}” is nothing that can be compared here.") from error
    if arm.delay is not None and not timedelta(0) <= arm.delay <= timedelta(days=30):
        raise Invalid("A delay has 0 to 720 hours.")
    if arm.survey_id is not None:
        version = by_id(Survey, arm.survey_id)
        if version is None or version.title != title:
            raise Invalid(f"{value} is no version of “{title}”. Its page names their numbers.")


def stop(experiment: Experiment, because: str, *, by: Account | None = None) -> None:
    """End it. Twice is harmless."""
    if experiment.stopped_at is None:
        experiment.stopped_at, experiment.stopped_because = now(), because
        record(ExperimentStopped(experiment.id, because), by=by)


def stop_where_done(experiment: Experiment) -> bool:
    """End it by its rule: each way was asked `stop_after` times. Whether it is over."""
    if experiment.stopped_at is None:
        if any(number < experiment.stop_after for number in asked_of(experiment).values()):
            return False
        stop(experiment, RULE)
    return True


def all_experiments() -> Sequence[Experiment]:
    """Every experiment, the newest first."""
    return session.scalars(select(Experiment).order_by(Experiment.id.desc()).limit(100)).all()


def experiment_by_id(number: int) -> Experiment:
    """Raises NotFound."""
    found = by_id(Experiment, number)
    if found is None:
        raise NotFound("There is no such experiment.")
    return found


def reading_of(experiment: Experiment) -> Reading:
    """What it says by now; nothing but how many were asked before it is over."""
    answered, satisfied = func.count(Response.id), func.sum(case((Response.score >= 4, 1), else_=0))
    statement = (
        select(Invitation.arm, func.count(), answered, satisfied)
        .outerjoin(Response, Response.invitation_id == Invitation.id)
        .where(Invitation.experiment_id == experiment.id, Invitation.state.in_(ASKED))
        .group_by(Invitation.arm)
    )
    found = {row[0]: row[1:] for row in session.execute(statement)}
    arms = [
        ArmCount(arm.name, *(int(number or 0) for number in found.get(arm.name, (0, 0, 0))))
        for arm in arms_of(experiment)
    ]
    return read(arms, experiment.stop_after)
